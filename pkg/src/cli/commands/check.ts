// `privet check`: the diagnostics of documents, as text, JSON, annotations of GitHub, or SARIF.
import type { Command } from "commander";
import { studio, type Diagnostic } from "privet/studio";
import {
  action,
  oneOf,
  oneStandardInput,
  rendered,
  summary,
  tell,
  write,
  type Common,
  type Status,
} from "../command.js";
import { readSource, type Source } from "../documents/source.js";
import { EXIT, Fault } from "../faults.js";
import { nameOf } from "../files.js";
import type { CheckOutput } from "../outputs.js";
import { annotations } from "../reports/github.js";
import { sarif } from "../reports/sarif.js";
import { coloursOf } from "../terminal.js";

interface Options extends Common {
  readonly format: string;
  readonly failOn: string;
  readonly quiet?: boolean;
}

/** Declares `check`. */
export function check(program: Command): void {
  const command = program
    .command("check")
    .description("list all errors and warnings of policy documents")
    .argument("<file...>", "policy documents, or - for standard input")
    .option("--format <format>", "text, json, github or sarif", "text")
    .option("--fail-on <severity>", "error or warning: what makes the exit status 1", "error")
    .option("-q, --quiet", "print nothing for a document without findings");
  const examples = [
    "check shop.privet.jsonc",
    "check --fail-on warning policies/*.jsonc",
    "check --format github shop.privet.jsonc",
  ];
  action(command, examples, run);
}

async function run(paths: readonly string[], options: Options): Promise<Status> {
  const format = options.json ? "json" : oneOf("--format", options.format, ["text", "json", "github", "sarif"]);
  const failOn = oneOf("--fail-on", options.failOn, ["error", "warning"]);
  oneStandardInput(...paths);
  const tools = await studio();
  const faults: Fault[] = [];
  const checked = paths.flatMap((path) => {
    try {
      const source = readSource(path);
      if (source.kind === "pack")
        throw new Fault(`${nameOf(path)} is a pack, which was checked when it was built; give the document`);
      return [{ source, diagnostics: tools.check(source.text, { files: source.files }) }];
    } catch (thrown) {
      // As text, the findings of the other files are printed as well; the other formats have all files or none
      if (!(thrown instanceof Fault) || format !== "text") throw thrown;
      faults.push(thrown);
      return [];
    }
  });
  const all = checked.flatMap(({ diagnostics }) => diagnostics);
  const errors = all.filter(({ severity }) => severity === "error").length;
  const output: CheckOutput = {
    command: "check",
    files: checked.map(({ source, diagnostics }) => ({ file: source.path, diagnostics })),
    errors,
    warnings: all.length - errors,
  };
  if (format === "json") write(JSON.stringify(output, null, 2));
  else if (format === "github") write(annotations(output.files));
  else if (format === "sarif") write(JSON.stringify(sarif(output.files), null, 2));
  else for (const { source, diagnostics } of checked) tellFile(source, diagnostics);

  function tellFile(source: Source, diagnostics: readonly Diagnostic[]): void {
    if (diagnostics.length > 0)
      write(
        `${rendered(tools, source, diagnostics, process.stdout)}\n\n${nameOf(source.path)}: ${summary(diagnostics)}`,
      );
    else if (!options.quiet) write(`${nameOf(source.path)}: ${coloursOf(process.stdout).green("no findings")}`);
  }
  for (const { message } of faults.slice(0, -1)) tell(`${coloursOf(process.stderr).red("error:")} ${message}`);
  if (faults.length > 0) throw faults.at(-1)!;
  return errors > 0 || (failOn === "warning" && all.length > 0) ? EXIT.findings : EXIT.ok;
}
