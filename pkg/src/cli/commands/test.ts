// `privet test`: policy tests, with coverage and proved properties.
import { existsSync, readdirSync, statSync, watch } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Command } from "commander";
import { applyEdits, findNodeAtLocation, modify, parseTree } from "jsonc-parser";
import { action, oneOf, tell, write, type Common, type Status } from "../command.js";
import { Uncompiled } from "../documents/policy.js";
import { EXIT, Fault, faultOf } from "../faults.js";
import { nameOf, readText, writeFile } from "../files.js";
import { compactJson } from "../jsonc.js";
import type { TestFileResult, TestOutput } from "../outputs.js";
import { ENDING, type PolicyCase } from "../policy-tests/file.js";
import { isPassed, runTests } from "../policy-tests/run.js";
import { junitReport, percent, tapReport, textReport } from "../reports/tests.js";
import { coloursOf, counted } from "../terminal.js";
import { renderUncompiled } from "../uncompiled.js";

interface Options extends Common {
  readonly reporter: string;
  readonly minCoverage?: string;
  readonly suggest?: boolean;
  readonly watch?: boolean;
}

/** The missing tests that the text report lists of each file. */
const SHOWN = 10;

/** Declares `test`. */
export function test(program: Command): void {
  const command = program
    .command("test")
    .description(`run policy tests: files that end in ${ENDING}`)
    .argument("[path...]", "files of tests, or folders with them; with --suggest also documents", ["."])
    .option("--reporter <reporter>", "text, json, tap or junit", "text")
    .option("--min-coverage <percent>", "exit with 1 if the coverage of a file is lower")
    .option("--suggest", "write cases for the tests of requirements that no case sees")
    .option("--watch", "run again when a file changes");
  const examples = [
    "test",
    "test policies --reporter junit > junit.xml",
    "test shop.privet.jsonc --suggest",
    "test --min-coverage 100",
  ];
  action(command, examples, run);
}

async function run(paths: readonly string[], options: Options): Promise<Status> {
  const reporter = options.json ? "json" : oneOf("--reporter", options.reporter, ["text", "json", "tap", "junit"]);
  const least = Number(options.minCoverage ?? 0);
  if (!/^\d+(\.\d+)?$/.test(options.minCoverage ?? "0") || least > 100)
    throw new Fault(`\`${options.minCoverage}\` is no percentage for --min-coverage; give a number from 0 to 100`);
  if (!options.watch) return once(paths, reporter, least, options.suggest ?? false);
  return watching(paths, () => once(paths, reporter, least, options.suggest ?? false));
}

async function once(paths: readonly string[], reporter: string, least: number, suggests: boolean): Promise<Status> {
  const files = paths.flatMap((path) => testFilesAt(path, suggests));
  if (files.length === 0)
    throw new Fault(
      `there is no file *${ENDING} in ${paths.map(nameOf).join(", ")}; write one, or create it by --suggest with a document`,
      "no-tests",
    );
  const results: TestFileResult[] = [];
  for (const file of new Set(files)) {
    const { result, suggested } = await runTests(file, suggests || reporter === "json" ? {} : { suggestions: SHOWN });
    if (suggests && suggested.length > 0) {
      append(file, suggested);
      tell(`wrote ${counted(suggested.length, "case")} to ${file}; read them: they state what the policy decides now`);
      results.push((await runTests(file)).result);
    } else results.push(result);
  }
  write(reportOf(results, reporter));
  const isGood = results.every((result) => isPassed(result) && percent(result.coverage) >= least);
  return isGood ? EXIT.ok : EXIT.findings;
}

function reportOf(results: readonly TestFileResult[], reporter: string): string {
  if (reporter === "tap") return tapReport(results);
  if (reporter === "junit") return junitReport(results);
  if (reporter === "text") return textReport(results, coloursOf(process.stdout), SHOWN);
  const passes = results.flatMap(({ cases, properties }) => [
    ...cases.map(({ passed }) => passed),
    ...properties.map(({ verdict }) => verdict === "proved"),
  ]);
  const passed = passes.filter(Boolean).length;
  const output: TestOutput = { command: "test", files: results, passed, failed: passes.length - passed };
  return JSON.stringify(output, null, 2);
}

/** The files of tests at a path: the file itself, those in a folder, or with `--suggest` that of a document, which is created. */
function testFilesAt(path: string, suggests: boolean): string[] {
  if (!existsSync(path))
    throw new Fault(`cannot read ${nameOf(path)}: no such file; give files of tests or folders`, "unreadable");
  if (statSync(path).isDirectory()) {
    const isSkipped = (folder: string) => /(^|[/\\])(node_modules|\.git)([/\\]|$)/.test(folder);
    return readdirSync(path, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(ENDING) && !isSkipped(name))
      .sort()
      .map((name) => join(path, name));
  }
  if (!suggests || basename(path).endsWith(ENDING)) return [path];
  const stem = basename(path).replace(/(\.privet)?\.jsonc?$/, "");
  const file = join(dirname(path), stem + ENDING);
  if (!existsSync(file)) {
    const schema = "./node_modules/privet/dist/schemas/test.schema.json";
    writeFile(file, `${JSON.stringify({ $schema: schema, policy: basename(path), cases: [] }, null, 2)}\n`);
  }
  return [file];
}

/** Appends cases to a file, and keeps its comments and layout. */
function append(file: string, cases: readonly PolicyCase[]): void {
  const formattingOptions = { insertSpaces: true, tabSize: 2, eol: "\n" };
  const text = readText(file);
  const whole = findNodeAtLocation(parseTree(text)!, ["cases"])
    ? text
    : applyEdits(text, modify(text, ["cases"], [], { formattingOptions }));
  const list = findNodeAtLocation(parseTree(whole)!, ["cases"])!;
  const last = list.children?.at(-1);
  const start = last ? last.offset + last.length : list.offset + 1;
  const added = cases.map((one) => `\n    ${compactJson(one, "    ")}`).join(",");
  const rest = whole.slice(start);
  writeFile(
    file,
    `${whole.slice(0, start)}${last ? "," : ""}${added}${/^\s*\]/.test(rest) ? `\n  ${rest.trimStart()}` : rest}`,
    { isEdit: true, help: "give a file that can be written" },
  );
}

/** Runs again when a JSON file in one of the folders changes, until the process is ended. */
async function watching(paths: readonly string[], again: () => Promise<Status>): Promise<Status> {
  const attempt = async () => {
    try {
      await again();
    } catch (thrown) {
      const fault = faultOf(thrown);
      if (thrown instanceof Uncompiled) tell(await renderUncompiled(thrown));
      else if (fault) tell(`error: ${fault.message}`);
      else throw thrown;
    }
    tell("waiting for changes");
  };
  await attempt();
  const folders = new Set(paths.map((path) => (statSync(path).isDirectory() ? path : dirname(path))));
  return new Promise<Status>((_, reject) => {
    let timer: NodeJS.Timeout | undefined;
    for (const folder of folders) {
      watch(folder, { recursive: true }, (_event, name) => {
        if (!/\.jsonc?$/.test(name ?? "")) return;
        clearTimeout(timer);
        timer = setTimeout(() => attempt().catch(reject), 100);
      });
    }
  });
}
