// Reads and evaluates people in a worker and keeps the results; the page asks only for what it shows. People who hold the same are
// evaluated once.
import { open } from "privet";
import type { Policy, Subject } from "privet";
import { SheetError, decodeText, readSheets } from "privet/sheets";
import type { Sheet } from "privet/sheets";
import { studio } from "privet/studio";
import type { PolicyDescription, Population } from "privet/studio";
import type { Facts } from "../../state/types.js";
import { speak, text } from "../../text/index.js";
import { keyOf, nameOf, people, suggest } from "./mapping.js";
import type { Meaning, PersonRow } from "./mapping.js";
import { LISTED, TITLES } from "./protocol.js";
import type {
  Checked,
  Effect,
  Exported,
  Group,
  Named,
  Problem,
  ReadAs,
  Resolved,
  Setting,
  TablePreview,
  WhoCan,
  WorkerRequest,
  WorkerResponse,
} from "./protocol.js";
import { sampleTable } from "./sample.js";
import { BOM, readJson, tableOf, writeCsv } from "./table.js";
import type { Found, Line, Reading, Table } from "./table.js";

interface Opened {
  readonly policy: Policy;
  readonly described: PolicyDescription;
  table: Table;
}

/** The rows by what they hold. */
interface Read {
  readonly meanings: readonly Meaning[];
  /** Distinct contents of rows. */
  readonly distinct: readonly PersonRow[];
  /** For each row, the index of its content. */
  readonly contentOf: Uint32Array;
  /** For each content, its rows. */
  readonly rowsOf: readonly (readonly number[])[];
  readonly name: (line: Line) => string;
}

interface Known extends Read {
  readonly population: Population;
  /** Error message by content; these rows are in no result and no count. */
  readonly errors: ReadonlyMap<number, string>;
}

let opened: Opened | undefined;
let known: Known | undefined;

const messages = () => ({
  ...text.imports.cellErrors,
  notList: text.imports.notList,
  noRows: text.imports.noRows,
  jsonRow: text.imports.jsonRow,
});
const send = (response: WorkerResponse) => postMessage(response);

addEventListener("message", ({ data: { id, request } }: MessageEvent<{ id: number; request: WorkerRequest }>) => {
  handle(id, request).then(
    (result) => send({ id, result }),
    (error: unknown) => send({ id, error: String((error as Error).message) }),
  );
});

async function handle(id: number, request: WorkerRequest): Promise<unknown> {
  switch (request.type) {
    case "read":
      await speak(request.language);
      return read(request.file, request.pack, request.reading);
    case "check":
      return check(request.meanings);
    case "replace":
      return replace(request.column, request.value, request.by);
    case "resolve":
      return resolve(id, request.meanings, request.setting);
    case "effect":
      return effect(request.setting);
    case "who":
      return who(request.operation);
    case "members":
      return members(request.access);
    case "person":
      return person(request.row);
    case "export":
      return new Blob([BOM, exported(request.what, request.groups)], { type: "text/csv" });
  }
}

async function read(file: Blob | { sample: number }, pack: Uint8Array, reading: Reading): Promise<TablePreview> {
  const tools = await studio();
  const policy = open(pack);
  const described = tools.describe(policy);
  let table: Table;
  let isJson = false;
  let as: ReadAs | undefined;
  if (file instanceof Blob) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    isJson = isJsonText(bytes);
    if (isJson) table = readJson(decodeText(bytes), messages());
    else {
      const sheets = await sheetsOf(bytes, reading);
      const found = tableOf(sheets, messages(), reading);
      table = found;
      as = readAs(sheets, found);
    }
  } else table = sampleTable(file.sample, described);
  opened = { policy, described, table };
  known = undefined;
  const values = table.header.map((_, column) => table.lines.slice(0, 3).map(({ cells }) => cells[column] ?? ""));
  const meanings: Meaning[] = isJson ? ["name", ""] : suggest(table, described);
  return { header: table.header, meanings, values, rows: table.lines.length, isJson, ...(as && { as }) };
}

/** Whether a file begins as a list or an object of JSON does; the names of columns do not. */
function isJsonText(bytes: Uint8Array): boolean {
  try {
    return /^\s*[[{]/.test(decodeText(bytes.subarray(0, 4096)));
  } catch {
    return false;
  }
}

async function sheetsOf(bytes: Uint8Array, { encoding, separator }: Reading): Promise<readonly Sheet[]> {
  try {
    return await readSheets(bytes, {
      ...(encoding !== undefined && { encoding }),
      ...(separator !== undefined && { separator }),
    });
  } catch (thrown) {
    if (thrown instanceof SheetError) throw new Error(text.imports.notRead(thrown.code, thrown.message));
    throw thrown;
  }
}

function readAs(sheets: readonly Sheet[], { sheet, titles }: Found): ReadAs {
  const { encoding, separator, rows = [] } = sheets[sheet] ?? {};
  const filled = (cells: readonly string[]) => cells.map((cell) => cell.trim()).filter((cell) => cell !== "");
  return {
    ...(encoding !== undefined && { encoding }),
    ...(separator !== undefined && { separator }),
    sheets: sheets.flatMap(({ name }) => name ?? []),
    sheet,
    titles,
    rows: rows
      .filter(({ at }, index) => index < TITLES || at === titles)
      .map(({ at, cells }) => ({ at, words: filled(cells).slice(0, 4).join(" · ") })),
  };
}

/** Groups the rows by what they hold, and reads each content once. */
function grouped(meanings: readonly Meaning[]): Read & Opened {
  if (!opened) throw new Error(text.imports.noRows);
  const { table, described } = opened;
  const [key, parse] = [keyOf(meanings), people(table, meanings, described)];
  const indexes = new Map<string, number>();
  const contentOf = new Uint32Array(table.lines.length);
  const rowsOf: number[][] = [];
  const distinct: PersonRow[] = [];
  for (const [row, line] of table.lines.entries()) {
    const content = key(line);
    let index = indexes.get(content);
    if (index === undefined) {
      index = distinct.length;
      indexes.set(content, index);
      distinct.push(parse(line));
      rowsOf.push([]);
    }
    contentOf[row] = index;
    rowsOf[index]?.push(row);
  }
  return { ...opened, meanings, distinct, contentOf, rowsOf, name: nameOf(meanings) };
}

function problem(it: PersonRow, line: Line, { table, name }: Read & Opened, message: string): Problem {
  const column = "error" in it ? it.column : undefined;
  return {
    at: line.at,
    name: name(line),
    column: column === undefined ? "" : (table.header[column] ?? ""),
    columnIndex: column ?? -1,
    message,
    value: ("error" in it && it.value) || "",
    meant: ("error" in it && it.meant) || "",
  };
}

function check(meanings: readonly Meaning[]): Checked {
  const all = grouped(meanings);
  const { table, distinct, rowsOf, described } = all;
  const failed = new Uint32Array(table.header.length);
  const problems: Problem[] = [];
  let problemCount = 0;
  for (const [index, it] of distinct.entries()) {
    if (!("error" in it)) continue;
    const rows = rowsOf[index] ?? [];
    problemCount += rows.length;
    if (it.column !== undefined) failed[it.column] = (failed[it.column] ?? 0) + rows.length;
    for (const row of rows.slice(0, LISTED)) problems.push(problem(it, table.lines[row] as Line, all, it.error));
  }
  const columns = table.header.map((_, column) => {
    let filled = 0;
    const values = new Set<string>();
    for (const { cells } of table.lines) {
      const cell = cells[column] ?? "";
      if (cell === "") continue;
      filled++;
      if (values.size < 50) values.add(cell);
    }
    return { filled, failed: failed[column] ?? 0, distinct: values.size };
  });
  const settings: { [id: string]: unknown } = {};
  for (const [column, meaning] of meanings.entries()) {
    const fact = meaning.startsWith("fact:") ? described.facts.find(({ id }) => id === meaning.slice(5)) : undefined;
    if (fact?.default === undefined) continue;
    const cells = new Set(table.lines.map(({ cells }) => cells[column] ?? "").filter((cell) => cell !== ""));
    const [only] = cells;
    if (cells.size !== 1 || only === undefined) continue;
    const word = only.trim().toLowerCase();
    if (fact.kind === "switch") settings[fact.id] = ["yes", "y", "true", "1", "on", "x", "ja", "j"].includes(word);
  }
  return {
    people: table.lines.length - problemCount,
    groups: distinct.filter((it) => "subject" in it).length,
    problemCount,
    problems: problems.sort((a, b) => a.at - b.at).slice(0, LISTED),
    columns,
    settings: settings as Facts,
  };
}

/** Replaces a value in a column of the table that was read; the file stays as it is. */
function replace(column: number, value: string, by: string): void {
  if (!opened) return;
  const lines = opened.table.lines.map((line) =>
    (line.cells[column] ?? "").trim() === value
      ? { ...line, cells: line.cells.map((cell, index) => (index === column ? by : cell)) }
      : line,
  );
  opened = { ...opened, table: { ...opened.table, lines } };
}

/** What a person holds with the installation, and with roles that were changed in the workspace. */
function placed(subject: Subject, { facts, roles }: Setting): Subject {
  const redefined = (subject.roles ?? []).map((role) => {
    const found = roles.find(({ id }) => id === role);
    return found ? { name: found.name, grants: found.grants } : role;
  });
  return { ...subject, roles: redefined, facts: { ...facts, ...subject.facts } } as Subject;
}

async function evaluate(
  all: Read & Opened,
  setting: Setting,
  onProgress?: (done: number, all: number) => void,
): Promise<Known & Opened> {
  // A row that cannot be read is replaced by a subject that is refused, so that positions stay the same
  const subjects = all.distinct.map((it) =>
    "subject" in it ? placed(it.subject, setting) : ({ roles: 0 } as unknown as Subject),
  );
  const population = await (await studio()).populationAsync(all.policy, subjects, onProgress ? { onProgress } : {});
  const errors = new Map(
    population.errors.map(({ row, error }): [number, string] => [row, text.imports.cellErrors.unknown(error.message)]),
  );
  all.distinct.forEach((it, index) => {
    if ("error" in it) errors.set(index, it.error);
  });
  return { ...all, population, errors };
}

async function resolve(id: number, meanings: readonly Meaning[], setting: Setting): Promise<Resolved> {
  const start = performance.now();
  const all = grouped(meanings);
  const total = all.table.lines.length;
  const onProgress = (done: number, size: number) =>
    send({ id, done: Math.round((total * done) / Math.max(1, size)), all: total });
  const now = await evaluate(all, setting, onProgress);
  known = now;
  const { population, errors, rowsOf, distinct, policy } = now;
  const groups = access(policy, now);
  const weight = (contents: readonly number[]) =>
    contents.reduce((sum, content) => sum + (errors.has(content) ? 0 : (rowsOf[content]?.length ?? 0)), 0);
  const counts = new Uint32Array(policy.operations.length);
  for (const { allowed, people } of groups)
    for (let at = 0; at < counts.length; at++) if (allowed[at]) counts[at] = (counts[at] ?? 0) + people;
  const problems = [...errors].flatMap(([content, message]) =>
    (rowsOf[content] ?? [])
      .slice(0, LISTED)
      .map((row) => problem(distinct[content] as PersonRow, all.table.lines[row] as Line, all, message)),
  );
  const problemCount = [...errors.keys()].reduce((sum, content) => sum + (rowsOf[content]?.length ?? 0), 0);
  const holders: { [role: string]: number } = {};
  for (const [content, it] of distinct.entries())
    if ("subject" in it)
      for (const role of it.subject.roles ?? [])
        if (typeof role === "string") holders[role] = (holders[role] ?? 0) + (rowsOf[content]?.length ?? 0);
  return {
    size: total - problemCount,
    ms: performance.now() - start,
    groups: groups.slice(0, LISTED),
    groupCount: groups.length,
    counts,
    dormant: population
      .dormant()
      .map(({ privilege, people }) => ({ privilege: String(privilege), people: weight(people) }))
      .sort((a, b) => b.people - a.people),
    problemCount,
    problems: problems.sort((a, b) => a.at - b.at).slice(0, LISTED),
    holders,
  };
}

/** The access of each content as a text. */
function accessOf({ population, distinct }: Known): string[] {
  const { columns, stride, words } = population.matrix();
  return distinct.map((_, row) => {
    let key = "";
    for (let column = 0, bits = 0; column < columns; column++) {
      bits = (bits << 1) | (((words[column * stride + (row >>> 5)] ?? 0) >>> (row & 31)) & 1);
      if (column % 15 === 14 || column === columns - 1) {
        key += bits.toString(36).padStart(3, "0");
        bits = 0;
      }
    }
    return key;
  });
}

/** Groups people with identical access, largest group first. */
function access(policy: Policy, all: Known): Group[] {
  const { get } = all.population.matrix();
  const groups = new Map<string, { contents: number[]; people: number }>();
  for (const [content, key] of accessOf(all).entries()) {
    if (all.errors.has(content)) continue;
    const group = groups.get(key) ?? { contents: [], people: 0 };
    group.contents.push(content);
    group.people += all.rowsOf[content]?.length ?? 0;
    groups.set(key, group);
  }
  const { lines } = opened?.table ?? { lines: [] };
  return [...groups]
    .sort(([, a], [, b]) => b.people - a.people)
    .map(([key, { contents, people }]) => {
      const content = contents[0] ?? 0;
      const row = all.rowsOf[content]?.[0] ?? 0;
      return {
        people,
        row,
        name: lines[row] ? all.name(lines[row]) : "",
        access: key,
        allowed: Uint8Array.from(policy.operations, (_, column) => Number(get(content, column))),
      };
    });
}

async function effect(setting: Setting): Promise<Effect> {
  const now = resolved();
  const next = await evaluate(now, setting);
  const [was, is] = [now.population.matrix(), next.population.matrix()];
  let gain = 0;
  let lose = 0;
  for (const content of now.distinct.keys()) {
    if (now.errors.has(content) || next.errors.has(content)) continue;
    const people = now.rowsOf[content]?.length ?? 0;
    let more = false;
    let less = false;
    for (let column = 0; column < was.columns; column++) {
      const [before, after] = [was.get(content, column), is.get(content, column)];
      more ||= after && !before;
      less ||= before && !after;
    }
    if (more) gain += people;
    if (less) lose += people;
  }
  return { gain, lose };
}

function resolved(): Known & Opened {
  if (!known || !opened) throw new Error(text.imports.noRows);
  return { ...known, ...opened };
}

const rowsOf = ({ errors, rowsOf }: Known, contents: readonly number[]): number[] =>
  contents.flatMap((content) => (errors.has(content) ? [] : [...(rowsOf[content] ?? [])])).sort((a, b) => a - b);

const named = ({ table, name }: Known & Opened, rows: readonly number[]): Named[] =>
  rows.slice(0, LISTED).flatMap((row) => {
    const line = table.lines[row];
    return line ? [{ row, at: line.at, name: name(line) }] : [];
  });

function who(operation: string): WhoCan {
  const all = resolved();
  const { population } = all;
  const rows = rowsOf(all, population.whoCan(operation));
  const givers = population.givers(operation).map((giver) => ({
    by: giver.by as string,
    ...("role" in giver && { role: String(giver.role) }),
    people: rowsOf(all, giver.people).length,
  }));
  return {
    operation,
    count: rows.length,
    undecided: rowsOf(all, population.undecided(operation)).length,
    first: named(all, rows),
    givers,
  };
}

function members(access: string): Named[] {
  const all = resolved();
  const keys = accessOf(all);
  return named(
    all,
    rowsOf(
      all,
      keys.flatMap((key, content) => (key === access ? [content] : [])),
    ),
  );
}

function person(row: number): { name: string; subject: Subject } {
  const all = resolved();
  const found = all.distinct[all.contentOf[row] ?? -1];
  const line = all.table.lines[row];
  if (!found || !line || !("subject" in found)) throw new Error(text.imports.noRows);
  return { name: all.name(line), subject: found.subject };
}

/** The original rows as CSV, with the group and the decisions, or with what is wrong. */
function exported(what: Exported, names: { readonly [access: string]: string }): string {
  const all = resolved();
  const { population, errors, table, policy, described, contentOf } = all;
  const cells = (row: number) => [...(table.lines[row]?.cells ?? [])];
  const rows = [...table.lines.keys()];
  const error = (row: number) => errors.get(contentOf[row] ?? -1);
  if (what === "errors")
    return writeCsv([
      [text.imports.row(0).replace(/\s*0$/, ""), ...table.header, text.imports.problem],
      ...rows
        .filter((row) => error(row) !== undefined)
        .map((row) => [table.lines[row]?.at ?? 0, ...cells(row), error(row) ?? ""]),
    ]);
  const keys = accessOf(all);
  const order = new Map(access(policy, all).map(({ access }, index) => [access, index + 1]));
  const group = (row: number) => {
    const key = keys[contentOf[row] ?? -1] ?? "";
    return error(row) === undefined ? (names[key] ?? `${text.imports.group} ${order.get(key)}`) : "";
  };
  if (typeof what === "object")
    return writeCsv([
      [...table.header, text.imports.group],
      ...rowsOf(all, population.whoCan(what.who)).map((row) => [...cells(row), group(row)]),
    ]);
  const { get } = population.matrix();
  const operations = described.operations.filter(({ restricts }) => !restricts);
  const columns = operations.map(({ id }) => policy.handle(id) as number);
  return writeCsv(
    (function* () {
      yield [...table.header, text.imports.group, text.imports.problem, ...operations.map(({ label }) => label)];
      for (const row of rows) {
        const problem = error(row);
        yield [
          ...cells(row),
          group(row),
          problem ?? "",
          ...columns.map((column) => (problem === undefined ? Number(get(contentOf[row] ?? 0, column)) : "")),
        ];
      }
    })(),
  );
}
