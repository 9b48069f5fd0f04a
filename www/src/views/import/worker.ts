// Holds the people in a worker: the page asks only for what it shows.
import { open } from "privet";
import { studio } from "privet/studio";
import { speak, text } from "../../text/index.js";
import { checked, contentsOf, withOpened } from "./contents.js";
import type { Opened } from "./contents.js";
import { exported } from "./exported.js";
import { tableOfFile } from "./file.js";
import type { ReadTable } from "./file.js";
import { suggest } from "./mapping.js";
import type { Meaning } from "./mapping.js";
import { effect, evaluate, list, members, person, summary, who } from "./population.js";
import type { Evaluated } from "./population.js";
import type {
  OpenedPerson,
  Resolved,
  Setting,
  TablePreview,
  VersionEffect,
  WorkerRequest,
  WorkerResponse,
} from "./protocol.js";
import { sampleTable } from "./sample.js";
import type { Reading } from "./table.js";
import { versions } from "./versions.js";

let opened: Opened | undefined;
let evaluated: Evaluated | undefined;
/** The latest evaluation that was asked for: one that is overtaken is not kept. */
let latest = 0;
/** Stops the comparison of versions that is under way. */
let comparing = new AbortController();

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
      return checked(known(opened), request.meanings);
    case "replace":
      return replace(request.column, request.value, request.by);
    case "resolve":
      return resolve(id, request.meanings, request.setting, request.opened);
    case "effect":
      return effect(known(evaluated), request.setting);
    case "versions":
      return compare(id, request.before, request.after);
    case "stop-versions":
      return comparing.abort(new Error(text.versions.cancelled));
    case "who":
      return who(known(evaluated), request.operation);
    case "members":
      return members(known(evaluated), request.access);
    case "person":
      return person(known(evaluated), request.row);
    case "list":
      return list(known(evaluated), request);
    case "export":
      return exported(known(evaluated), request.what, request.groups);
  }
}

/** What an earlier request has to have made. */
function known<T>(it: T | undefined): T {
  if (it === undefined) throw new Error(text.imports.noRows);
  return it;
}

async function read(file: Blob | { sample: number }, pack: Uint8Array, reading: Reading): Promise<TablePreview> {
  const tools = await studio();
  const policy = open(pack);
  const described = tools.describe(policy);
  const isFile = file instanceof Blob;
  const { table, as }: ReadTable = isFile
    ? await tableOfFile(file, reading)
    : { table: sampleTable(file.sample, described) };
  opened = { policy, described, table };
  evaluated = undefined;
  const values = table.header.map((_, column) => table.lines.slice(0, 3).map(({ cells }) => cells[column] ?? ""));
  const isJson = isFile && as === undefined;
  const meanings: Meaning[] = isJson ? ["name", ""] : suggest(table, described);
  return { header: table.header, meanings, values, rows: table.lines.length, isJson, ...(as && { as }) };
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

async function resolve(
  id: number,
  meanings: readonly Meaning[],
  setting: Setting,
  people: readonly OpenedPerson[],
): Promise<Resolved> {
  const start = performance.now();
  const mine = ++latest;
  const contents = withOpened(contentsOf(known(opened), meanings), people);
  const next = await evaluate(contents, setting, progressOf(id, contents));
  if (mine === latest) evaluated = next;
  return { ...summary(next), ms: performance.now() - start };
}

/** Compares two versions of the policy; a comparison that is under way is given up. */
function compare(id: number, before: Uint8Array, after: Uint8Array): Promise<VersionEffect> {
  comparing.abort(new Error(text.versions.cancelled));
  comparing = new AbortController();
  const all = known(evaluated);
  return versions(all, [before, after], progressOf(id, all), comparing.signal);
}

/** Tells the page how many people are done, from how many contents are. */
const progressOf =
  (id: number, { table: { lines } }: Opened) =>
  (done: number, all: number) =>
    send({ id, done: Math.round((lines.length * done) / Math.max(1, all)), all: lines.length });
