// The policy that is served, as the page takes it, and again whenever one of its files is saved.
import { watch } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parse } from "jsonc-parser";
import { studio } from "privet/studio";
import { rendered, summary } from "../command.js";
import { includedNames, readSource, type Source } from "../documents/source.js";
import { Fault } from "../faults.js";
import { nameOf } from "../files.js";
import { isObject } from "../jsonc.js";

/** What the page is told: a document that compiles, or why it does not. */
export type Served = { readonly text: string } | { readonly fault: string; readonly isUnreadable?: true };

/** Milliseconds without further changes before a file is read: editors write in several steps. */
const PAUSE = 60;

/** Reads the policy, and the errors that it has. */
export async function readServed(path: string): Promise<{ served: Served; files: readonly string[] }> {
  let source: Source;
  try {
    const read = readSource(path);
    if (read.kind === "pack") throw new Fault(`${nameOf(path)} is a pack; serve the document`);
    source = read;
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    return { served: { fault: thrown.message, isUnreadable: true }, files: [path] };
  }
  const files = [path, ...includedNames(source.text).map((name) => join(dirname(path), name))];
  const tools = await studio();
  const errors = tools.check(source.text, { files: source.files }).filter(({ severity }) => severity === "error");
  if (errors.length === 0) return { served: { text: joined(source) }, files };
  const text = rendered(tools, source, errors, process.stderr);
  return { served: { fault: `${text}\n\n${nameOf(path)}: ${summary(errors).split(",")[0]}` }, files };
}

/** A document with the entries of its included files, since the page has one text. */
function joined({ text, files }: Source): string {
  const names = includedNames(text);
  if (names.length === 0) return text;
  const { include: _, ...document } = parse(text) as Record<string, unknown>;
  for (const name of names) {
    const part = parse(files[name] ?? "{}") as Record<string, unknown>;
    for (const [key, value] of Object.entries(part)) {
      const known = document[key];
      if (Array.isArray(known) && Array.isArray(value)) document[key] = [...known, ...value];
      else if (isObject(known) && isObject(value)) document[key] = { ...known, ...value };
      else if (key !== "$schema") document[key] = value;
    }
  }
  return JSON.stringify(document, null, 2);
}

/** Watches files, and calls `changed` when one of them is written. Returns a function that ends it. */
export function watchFiles(files: readonly string[], changed: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const names = new Set(files.map((path) => basename(path)));
  const watchers = [...new Set(files.map((path) => dirname(path)))].flatMap((folder) => {
    try {
      // The folder, since many editors replace a file in place of writing it
      const watcher = watch(folder, (_event, name) => {
        if (name !== null && !names.has(name)) return;
        clearTimeout(timer);
        timer = setTimeout(changed, PAUSE);
      });
      return [watcher.on("error", () => {})];
    } catch {
      return []; // a folder that does not exist
    }
  });
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
