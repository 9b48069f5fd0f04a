// Reads and evaluates people in a worker and keeps the results; the page requests only what it displays.
import { open } from "privet";
import type { Policy, Subject } from "privet";
import { decodeText, readSheets, SheetError } from "privet/sheets";
import { studio } from "privet/studio";
import type { PolicyDescription, Population } from "privet/studio";
import { text } from "../../text.js";
import { people, suggest } from "./mapping.js";
import type { Meaning, PersonRow } from "./mapping.js";
import { LISTED } from "./protocol.js";
import type { WorkerResponse, WorkerRequest, Group, WhoCan, TablePreview, Resolved } from "./protocol.js";
import { sample } from "./sample.js";
import { readJson, tableOf, writeCsv } from "./table.js";
import type { Table } from "./table.js";

interface Opened {
  readonly policy: Policy;
  readonly described: PolicyDescription;
  readonly table: Table;
  readonly isJson: boolean;
}
interface Known {
  readonly population: Population;
  readonly read: readonly PersonRow[];
  /** Error message by row; these rows are excluded from all results. */
  readonly errors: ReadonlyMap<number, string>;
}

let opened: Opened | undefined;
let known: Known | undefined;

const messages = {
  ...text.organisation.cellErrors,
  notList: text.organisation.notList,
  noRows: text.organisation.noRows,
  jsonRow: text.organisation.jsonRow,
};
const send = (response: WorkerResponse) => postMessage(response);

addEventListener("message", ({ data: { id, request } }: MessageEvent<{ id: number; request: WorkerRequest }>) => {
  handle(id, request).then(
    (result) => send({ id, result }),
    (error: unknown) => send({ id, error: String((error as Error).message) }),
  );
});

async function handle(id: number, request: WorkerRequest) {
  switch (request.type) {
    case "read":
      return read(request.file, request.pack);
    case "resolve":
      return resolve(id, request.meanings);
    case "who":
      return who(request.operation);
    case "person":
      return person(request.row);
    case "export":
      return new Blob([exported(request.what)], { type: "text/csv" });
  }
}

async function read(file: File | { sample: number }, pack: Uint8Array): Promise<TablePreview> {
  const tools = await studio();
  const policy = open(pack);
  const described = tools.describe(policy);
  const bytes =
    file instanceof File
      ? new Uint8Array(await file.arrayBuffer())
      : new TextEncoder().encode(sample(file.sample, described));
  const isJson = file instanceof File && isJsonText(bytes);
  const table = isJson ? readJson(decodeText(bytes), messages) : tableOf(await sheets(bytes), messages);
  opened = { policy, described, table, isJson };
  known = undefined;
  const values = table.header.map((_, column) => table.lines.slice(0, 3).map(({ cells }) => cells[column] ?? ""));
  const meanings: Meaning[] = isJson ? ["name", ""] : suggest(table, described);
  return { header: table.header, meanings, values, rows: table.lines.length, isJson };
}

/** Whether a file begins as a list or an object of JSON does; a table may begin so too, but not the names of its columns. */
function isJsonText(bytes: Uint8Array): boolean {
  try {
    return /^\s*[[{]/.test(decodeText(bytes.subarray(0, 4096)));
  } catch {
    return false;
  }
}

async function sheets(bytes: Uint8Array) {
  try {
    return await readSheets(bytes);
  } catch (thrown) {
    throw thrown instanceof SheetError ? new Error(text.organisation.noTable(thrown.message)) : thrown;
  }
}

async function resolve(id: number, meanings: readonly Meaning[]): Promise<Resolved> {
  if (!opened) throw new Error(text.organisation.noRows);
  const { policy, described, table } = opened;
  const start = performance.now();
  const shipped = Object.fromEntries(
    described.facts.flatMap(({ id, default: value }) => (value === undefined ? [] : [[id, value]])),
  );
  const read = table.lines.map(people(table, meanings, described, shipped));
  // An invalid row is replaced by an invalid subject, so that row numbers stay the same
  const subjects = read.map((it) => ("subject" in it ? it.subject : ({ roles: 0 } as unknown as Subject)));
  const onProgress = (done: number, all: number) => send({ id, done, all });
  const population = await (await studio()).populationAsync(policy, subjects, { onProgress });
  const refused = new Map(population.errors.map(({ row, error }): [number, string] => [row, error.message]));
  read.forEach((it, row) => {
    if ("error" in it) refused.set(row, it.error);
  });
  known = { population, read, errors: refused };
  const groups = grouped(policy, known);
  const errors = [...refused].sort(([a], [b]) => a - b);
  return {
    size: population.size,
    ms: performance.now() - start,
    groups: groups.slice(0, LISTED),
    groupCount: groups.length,
    counts: population.counts(),
    dormant: population
      .dormant()
      .map(({ privilege, people }) => ({ privilege: String(privilege), people: people.length }))
      .sort((a, b) => b.people - a.people),
    errorCount: errors.length,
    errors: errors
      .slice(0, LISTED)
      .map(([row, message]) => ({ at: table.lines[row]?.at ?? 0, name: read[row]?.name ?? "", message })),
  };
}

/** Groups people with identical access, largest group first. */
function grouped(policy: Policy, { population, read, errors }: Known): Group[] {
  const { columns, stride, words, get } = population.matrix();
  const groups = new Map<string, number[]>();
  for (let row = 0; row < population.size; row++) {
    if (errors.has(row)) continue;
    let key = "";
    for (let column = 0, bits = 0; column < columns; column++) {
      bits = (bits << 1) | (((words[column * stride + (row >>> 5)] ?? 0) >>> (row & 31)) & 1);
      if (column % 15 === 14 || column === columns - 1) {
        key += String.fromCharCode(bits);
        bits = 0;
      }
    }
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()]
    .sort((a, b) => b.length - a.length)
    .map((rows) => {
      const row = rows[0] ?? 0;
      return {
        people: rows.length,
        row,
        name: read[row]?.name ?? "",
        allowed: Uint8Array.from(policy.operations, (_, column) => Number(get(row, column))),
      };
    });
}

function resolved(): Known & Opened {
  if (!known || !opened) throw new Error(text.organisation.noRows);
  return { ...known, ...opened };
}

function who(operation: string): WhoCan {
  const { population, read } = resolved();
  const rows = population.whoCan(operation);
  const first = rows.slice(0, LISTED).map((row) => ({ row, name: read[row]?.name ?? "" }));
  return { operation, count: rows.length, undecided: population.undecided(operation).length, first };
}

function person(row: number): { name: string; subject: Subject } {
  const found = resolved().read[row];
  if (!found || !("subject" in found)) throw new Error(text.organisation.noErrors);
  return found;
}

/** The original rows as CSV, with decisions or errors appended as columns. */
function exported(what: "everything" | "errors" | { who: string }): string {
  const { population, read, errors, table, policy, described } = resolved();
  const line = (row: number) => [...(table.lines[row]?.cells ?? [])];
  if (what === "errors")
    return writeCsv([
      [...table.header, text.organisation.what],
      ...[...errors].sort(([a], [b]) => a - b).map(([row, error]) => [...line(row), error]),
    ]);
  if (typeof what === "object") return writeCsv([table.header, ...population.whoCan(what.who).map(line)]);
  const { get } = population.matrix();
  const operations = described.operations.filter(({ restricts }) => !restricts);
  const columns = operations.map(({ id }) => policy.handle(id) as number);
  const rows = function* () {
    yield [...table.header, text.organisation.what, ...operations.map(({ label }) => label)];
    for (let row = 0; row < read.length; row++) {
      const error = errors.get(row);
      yield [
        ...line(row),
        error ?? "",
        ...columns.map((column) => (error === undefined ? Number(get(row, column)) : "")),
      ];
    }
  };
  return writeCsv(rows());
}
