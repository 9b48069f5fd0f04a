// `privet format`: the layout of documents and tests, with their comments.
import type { Command } from "commander";
import { action, oneStandardInput, print, write, type Common, type Status } from "../command.js";
import { format as formatted } from "../documents/format.js";
import { EXIT, Fault } from "../faults.js";
import { nameOf, readText, writeFile } from "../files.js";
import { parseJsonc } from "../jsonc.js";
import type { FormatOutput } from "../outputs.js";

interface Options extends Common {
  readonly check?: boolean;
}

/** Declares `format`. */
export function format(program: Command): void {
  const command = program
    .command("format")
    .description("lay out policy documents and tests; comments stay")
    .argument("<file...>", "JSON with comments, or - for standard input, which is printed")
    .option("--check", "write nothing, and exit with 1 if a file would change");
  action(command, ["format shop.privet.jsonc", "format --check policies/*.jsonc", "format - < shop.privet.jsonc"], run);
}

/** A document takes its own place. */
const EDIT = { isDocument: true, isEdit: true, help: "give a file that can be written" } as const;

async function run(paths: readonly string[], options: Options): Promise<Status> {
  oneStandardInput(...paths);
  const files = paths.map((path) => {
    const text = readText(path);
    parseJsonc(text, nameOf(path));
    return { path, text, result: formatted(text) };
  });
  const changed = files.filter(({ text, result }) => text !== result);
  const output: FormatOutput = {
    command: "format",
    changed: changed.map(({ path }) => path),
    unchanged: files.filter((file) => !changed.includes(file)).map(({ path }) => path),
  };
  const isFiltered = paths.includes("-") && !options.check;
  if (isFiltered && options.json)
    throw new Fault("`--json` and the text of standard input cannot both be printed; leave out one");
  if (!options.check) for (const { path, result } of changed) if (path !== "-") writeFile(path, result, EDIT);
  const verb = options.check ? "would change" : "formatted";
  if (isFiltered) write(files.find(({ path }) => path === "-")!.result);
  else print(options, output, () => changed.map(({ path }) => `${verb} ${nameOf(path)}`).join("\n"));
  return options.check && changed.length > 0 ? EXIT.findings : EXIT.ok;
}
