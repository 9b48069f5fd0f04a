// Mutation testing of the package by Stryker: a fault is put into one function of pkg/src/core or pkg/src/edge, and some test of the package must fail.
//
//   node scripts/trust/package-mutants.mjs run 20        the next 20 functions that tests/mutants-package.json does not have, recorded there with the commit
//   node scripts/trust/package-mutants.mjs again         the functions with mutants that survived and are not justified, recorded anew
//   node scripts/trust/package-mutants.mjs sample [3]    the mutants of 3 functions by MUTANTS_SEED; prints one line of JSON
//
// Functions are in an order that a seed gives, so a part of them is a random sample. Stryker puts their mutants into one build of the package
// (stryker/build.sh), and runs the test files that reach a mutant until one fails. It needs PRIVET_INSTALLED (scripts/prepare.sh) and PRIVET_TGZ.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { git, root, say } from "./mutants/tree.mjs";

const SEED = process.env.MUTANTS_SEED ?? "privet";
/** The test files that concern `core` and `edge`, the quick ones first: Stryker keeps the order. */
const TESTS = [
  ...["token", "subjects", "errors", "hostile", "live", "proxies", "node", "routes", "cases", "format"],
  ...[
    "edge-tokens",
    "edge-claims",
    "edge-hooks",
    "edge-packs",
    "edge-policies",
    "guards",
    "edge",
    "edge-keys",
    "edge-audit",
  ],
  ...["bounds", "package", "core", "forged", "untrusted"],
].map((name) => join(root, `pkg/test/${name}.test.mjs`));
/** Written by a program from util/messages.json, and replaced by its texts in the build. */
const GENERATED = ["core/messages.ts"];

const pkg = join(root, "pkg");
const work = join(root, "target/mutants/package");
const stryker = join(root, "scripts/trust/stryker");
const recordFile = join(root, "tests/mutants-package.json");
execFileSync("bash", ["-c", '. scripts/lib.sh; npm_ci scripts/trust/stryker "Stryker (once)"'], {
  cwd: root,
  stdio: "inherit",
});
const { parse } = createRequire(createRequire(join(stryker, "package.json")).resolve("@stryker-mutator/instrumenter"))(
  "@babel/parser",
);

/** What may contain mutants: the statements of each file, and the members of its classes. */
function functions() {
  const files = ["core", "edge"].flatMap((folder) =>
    readdirSync(join(pkg, "src", folder)).map((name) => `${folder}/${name}`),
  );
  const found = files
    .filter((file) => !GENERATED.includes(file))
    .flatMap((file) => {
      const { program } = parse(readFileSync(join(pkg, "src", file), "utf8"), {
        sourceType: "module",
        plugins: ["typescript"],
      });
      return program.body
        .map((node) => node.declaration ?? node)
        .filter(({ type }) => !/^(TS|Import|Export)/.test(type))
        .flatMap((node) =>
          node.type === "ClassDeclaration"
            ? node.body.body.map((member) => [member, `${node.id.name}.`])
            : [[node, ""]],
        )
        .map(([{ id, key, declarations, loc }, owner]) => ({
          name: `src/${file}: ${owner}${(id ?? key ?? declarations?.[0].id)?.name ?? "statement"}`,
          range: `src/${file}:${loc.start.line}:${loc.start.column}-${loc.end.line}:${loc.end.column}`,
          file: `src/${file}`,
          start: loc.start.line,
          end: loc.end.line,
        }));
    });
  const at = ({ name }) => createHash("sha256").update(`${SEED} ${name}`).digest("hex");
  return found.sort((a, b) => (at(a) < at(b) ? -1 : 1));
}

/** Tests the mutants of these functions: outcomes by the mutant's name, which has its place in its function and no line. */
function test(chosen) {
  mkdirSync(work, { recursive: true });
  const report = join(work, "report.json");
  const options = {
    mutate: chosen.map(({ range }) => range),
    ignorePatterns: ["**", "!src/**", "!package.json"],
    buildCommand: `bash ${join(stryker, "build.sh")} ${work}`,
    testRunner: "tap",
    tap: { testFiles: TESTS, nodeArgs: ["--test-reporter=tap", "-r", "{{hookFile}}", "{{testFile}}"], forceBail: true },
    coverageAnalysis: "perTest",
    disableTypeChecks: "src/**/*.ts",
    concurrency: 1,
    timeoutMS: 20000,
    timeoutFactor: 4,
    dryRunTimeoutMinutes: 30,
    tempDirName: join(work, "sandbox"),
    reporters: ["json", "progress-append-only"],
    jsonReporter: { fileName: report },
    allowEmpty: true,
    logLevel: "error", // Stryker warns of each test file that it has not copied: they are run where they stand
  };
  writeFileSync(join(work, "stryker.json"), JSON.stringify(options));
  const { status } = spawnSync(
    "node",
    [join(stryker, "node_modules/.bin/stryker"), "run", join(work, "stryker.json")],
    {
      cwd: pkg,
      stdio: ["ignore", 2, 2],
      env: { ...process.env, PRIVET_INSTALLED: join(work, "app") },
    },
  );
  if (status !== 0) throw new Error(`Stryker failed (exit status ${status})`);
  const seen = new Map();
  const { files } = JSON.parse(readFileSync(report, "utf8"));
  return Object.entries(files).flatMap(([file, { source, mutants }]) => {
    const lines = source.split("\n");
    const text = ({ start, end }) =>
      lines
        .slice(start.line - 1, end.line)
        .map((line, at, all) =>
          line.slice(at === 0 ? start.column - 1 : 0, at === all.length - 1 ? end.column - 1 : undefined),
        )
        .join(" ");
    const short = (words) => words.replaceAll(/\s+/g, " ").slice(0, 70);
    return mutants
      .filter(({ status }) => status !== "Ignored")
      .map(({ location, mutatorName, replacement, status }) => {
        const within = chosen.find(
          (one) => one.file === file && one.start <= location.start.line && location.end.line <= one.end,
        );
        const base = `${within?.name ?? file}: ${mutatorName}: ${short(text(location))} -> ${short(replacement ?? "")}`;
        seen.set(base, (seen.get(base) ?? 0) + 1);
        const id = seen.get(base) === 1 ? base : `${base} (${seen.get(base)})`;
        // A process that ends with an error before a test has failed is noticed, too
        const outcome = /Survived|NoCoverage/.test(status)
          ? "survived"
          : status === "CompileError"
            ? "unviable"
            : "killed";
        return { id, outcome, line: `${file}:${location.start.line}` };
      });
  });
}

const sorted = (map) => Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
const [mode = "sample", count = mode === "sample" ? "3" : "20"] = process.argv.slice(2);
const all = functions();
const record = existsSync(recordFile)
  ? JSON.parse(readFileSync(recordFile, "utf8"))
  : { runs: [], of: 0, functions: [], outcomes: {}, justified: {} };
const unjustified = ({ id, outcome }) => outcome === "survived" && !(id in record.justified);

function run(chosen) {
  const outcomes = test(chosen);
  record.of = all.length;
  record.functions = [...new Set([...record.functions, ...chosen.map(({ name }) => name)])].sort();
  const kept = Object.entries(record.outcomes).filter(([id]) => !chosen.some(({ name }) => id.startsWith(`${name}: `)));
  record.outcomes = sorted(Object.fromEntries([...kept, ...outcomes.map(({ id, outcome }) => [id, outcome])]));
  const commit = git("rev-parse", "HEAD").trim();
  const date = new Date().toISOString().slice(0, 10);
  record.runs.push({ commit, date, tool: "Stryker 9.6.1", functions: chosen.length, mutants: outcomes.length });
  writeFileSync(recordFile, `${JSON.stringify(record, null, 1)}\n`);
  for (const { id, line } of outcomes.filter(unjustified)) say(`survived: ${line}: ${id}`);
}

function sample(chosen) {
  const outcomes = test(chosen);
  const survivors = outcomes.filter(unjustified);
  const isKnown = ({ id }) => record.outcomes[id] === "survived";
  for (const { id, line } of survivors)
    say(`survived: ${line}: ${id} (${record.outcomes[id] ?? "not"} in tests/mutants-package.json)`);
  const known = Object.entries(record.outcomes).filter(([, outcome]) => outcome !== "unviable");
  const killed = known.filter(([, outcome]) => outcome === "killed").length;
  const justified = known.filter(([id, outcome]) => outcome === "survived" && id in record.justified).length;
  const figures = {
    part: "mutation of the package",
    functions: all.length,
    sampled: chosen.length,
    killed: outcomes.filter(({ outcome }) => outcome === "killed").length,
    justified: outcomes.filter(({ id, outcome }) => outcome === "survived" && id in record.justified).length,
    "known survivors": survivors.filter(isKnown).length,
    "new survivors": survivors.filter((one) => !isKnown(one)).length,
    recorded: known.length,
    "recorded killed": `${((100 * killed) / Math.max(1, known.length - justified)).toFixed(1)} %`,
    "recorded justified": justified,
  };
  console.log(JSON.stringify(figures));
  process.exitCode = figures["new survivors"] === 0 ? 0 : 1;
}

const survivorOf = ({ name }) =>
  Object.entries(record.outcomes).some(([id, outcome]) => id.startsWith(`${name}: `) && unjustified({ id, outcome }));
if (mode === "run") run(all.filter(({ name }) => !record.functions.includes(name)).slice(0, Number(count)));
else if (mode === "again") run(all.filter(survivorOf));
else if (mode === "sample") sample(all.slice(0, Number(count)));
else throw new Error(`unknown mode: ${mode}`);
