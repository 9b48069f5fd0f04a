// Holds the people in a worker: the page asks only for what it shows.
import { open } from "privet";
import { studio } from "privet/studio";
import { speak, text } from "../../text/index.js";
import { checked, contentsOf } from "./contents.js";
import type { Opened } from "./contents.js";
import { exported } from "./exported.js";
import { tableOfFile } from "./file.js";
import type { ReadTable } from "./file.js";
import { suggest } from "./mapping.js";
import type { Meaning } from "./mapping.js";
import { effect, evaluate, list, members, person, summary, who } from "./population.js";
import type { Evaluated } from "./population.js";
import type { Resolved, Setting, TablePreview, WorkerRequest, WorkerResponse } from "./protocol.js";
import { sampleTable } from "./sample.js";
import type { Reading } from "./table.js";

let opened: Opened | undefined;
let evaluated: Evaluated | undefined;

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
      return resolve(id, request.meanings, request.setting);
    case "effect":
      return effect(known(evaluated), request.setting);
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

async function resolve(id: number, meanings: readonly Meaning[], setting: Setting): Promise<Resolved> {
  const start = performance.now();
  const contents = contentsOf(known(opened), meanings);
  const rows = contents.table.lines.length;
  evaluated = await evaluate(contents, setting, (done, all) =>
    send({ id, done: Math.round((rows * done) / Math.max(1, all)), all: rows }),
  );
  return { ...summary(evaluated), ms: performance.now() - start };
}
