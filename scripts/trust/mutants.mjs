// Mutation testing of the Rust library with cargo-mutants: a fault is put into one function, and some test must fail. Every mutant of the modules below
// has a place in an order that a seed gives, so that a part of them is a random sample, and the next part continues it.
//
//   node scripts/trust/mutants.mjs run 200            the next 200 that tests/mutants.json does not have, recorded there with the commit
//   node scripts/trust/mutants.mjs run 200 engine     only of this module
//   node scripts/trust/mutants.mjs sample [40]        a sample by MUTANTS_SEED, compared with tests/mutants.json; prints one line of JSON
//
// cargo-mutants lists the mutants. They are tested here, so that what is built stays: each is first tested by the quick tests of tests/it, and what
// survives them by the slow ones. It runs in a copy of the work tree, in target/mutants.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const MODULES = ["engine", "pack", "session", "check", "compile", "bdd", "studio"];
/** The tests that take more than two seconds in a debug build, and do most of their work on random cases. */
const SLOW = [
  "random_policies::",
  "second_opinion::",
  "robustness::",
  "fixes::",
  "compare::",
  "impact::",
  "bounds::",
  "conformance::the_files_are_what_the_model_answers",
  "engine::forged_programs",
  "review::an_unknown_fact",
  "enumeration::",
];
/** Tests that need what a copy of the sources lacks: built examples, the package, and the place of the work tree. */
const ELSEWHERE = ["architecture::", "examples::", "typescript::", "schema::", "corpora::"];
const SEED = process.env.MUTANTS_SEED ?? "privet";

const root = fileURLToPath(new URL("../../", import.meta.url));
const recordFile = join(root, "tests/mutants.json");
const tree = join(root, "target/mutants/tree");
const build = join(root, "target/mutants/build");
const say = (text) => console.error(`privet: ${text}`);
const git = (...args) => execFileSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });
const tool = execFileSync("bash", ["scripts/tools.sh", "cargo-mutants"], {
  cwd: root,
  encoding: "utf8",
  stdio: ["ignore", "pipe", "inherit"],
}).trim();

/** Copies the sources that the tests need, and only those that have changed, so that cargo builds little. */
function copyTree() {
  const paths = [
    "Cargo.toml",
    "Cargo.lock",
    "src",
    "tests",
    "benches",
    "examples",
    "schema",
    "conformance",
    "README.md",
    "CHANGELOG.md",
  ];
  const files = git("ls-files", "-z", "--", ...paths)
    .split("\0")
    .filter(Boolean);
  rmSync(join(tree, "src"), { recursive: true, force: true });
  for (const file of files) {
    const [from, to] = [join(root, file), join(tree, file)];
    if (existsSync(to) && readFileSync(to).equals(readFileSync(from))) continue;
    mkdirSync(dirname(to), { recursive: true });
    cpSync(from, to, { preserveTimestamps: true });
  }
}

/** All mutants, in the order of the seed. A mutant is named by its place in the text of its function, not by its line. */
function mutants() {
  const listed = JSON.parse(
    execFileSync(
      tool,
      ["mutants", "--list", "--json", "-d", tree, ...MODULES.flatMap((name) => ["-f", `src/${name}/**`])],
      {
        encoding: "utf8",
        maxBuffer: 1 << 28,
      },
    ),
  );
  const seen = new Map();
  return listed
    .map(({ name, file, diff, function: within }) => {
      const what = `${file}: ${name.replace(/^[^ ]+:\d+:\d+: /, "")}`;
      const base = within && !what.includes(within.function_name) ? `${what} in ${within.function_name}` : what;
      const count = seen.get(base) ?? 0;
      seen.set(base, count + 1);
      const id = count === 0 ? base : `${base} (${count + 1})`;
      return {
        id,
        name,
        file,
        diff,
        module: file.split("/")[1],
        at: createHash("sha256").update(`${SEED} ${id}`).digest("hex"),
      };
    })
    .sort((a, b) => (a.at < b.at ? -1 : 1));
}

/** Runs a command in the tree; whether it succeeds within the seconds. */
const succeeds = (seconds, command, ...args) => {
  const { status } = spawnSync(command, args, {
    cwd: tree,
    timeout: 1000 * seconds,
    killSignal: "SIGKILL",
    stdio: ["ignore", "ignore", "ignore"],
    env: { ...process.env, CARGO_PROFILE_DEV_DEBUG: "0", CARGO_TARGET_DIR: build },
  });
  return status === 0;
};
const compiles = () => succeeds(1800, "cargo", "test", "--quiet", "--features", "parallel", "--test", "it", "--no-run");
const passes = (...args) =>
  succeeds(600, "cargo", "test", "--quiet", "--features", "parallel", "--test", "it", "--", ...args);
const skipping = (names) => names.flatMap((name) => ["--skip", name]);

/** The outcome of a mutant: quick tests first, and the slow ones for what survives them. Tests that do not end kill a mutant too. */
function outcomeOf({ file, name, diff }) {
  const path = join(tree, file);
  const text = readFileSync(path);
  const patch = join(root, "target/mutants/patch");
  writeFileSync(patch, diff);
  if (!succeeds(60, "patch", "--batch", "--silent", "-p0", "-i", patch))
    throw new Error(`the change cannot be made: ${name}`);
  try {
    if (!compiles()) return "unviable";
    return passes(...skipping([...ELSEWHERE, ...SLOW])) && passes(...skipping(ELSEWHERE), ...SLOW)
      ? "survived"
      : "killed";
  } finally {
    writeFileSync(path, text);
  }
}

function test(chosen, each) {
  if (!compiles()) throw new Error("the tests do not compile without a mutant");
  if (!passes(...skipping([...ELSEWHERE, ...SLOW]))) throw new Error("the tests fail without a mutant");
  for (const [at, mutant] of chosen.entries()) {
    const start = Date.now();
    const outcome = outcomeOf(mutant);
    say(`${at + 1} of ${chosen.length}: ${outcome} in ${Math.round((Date.now() - start) / 1000)} s: ${mutant.id}`);
    each(mutant, outcome);
  }
}

const read = () =>
  existsSync(recordFile) ? JSON.parse(readFileSync(recordFile, "utf8")) : { runs: [], outcomes: {}, justified: {} };
const [mode = "sample", count = "40", only] = process.argv.slice(2);
copyTree();
const all = mutants();
const record = read();

if (mode === "run") {
  const next = all
    .filter(({ id, module }) => !(id in record.outcomes) && (!only || module === only))
    .slice(0, Number(count));
  const run = {
    commit: git("rev-parse", "HEAD").trim(),
    date: new Date().toISOString().slice(0, 10),
    tool: "cargo-mutants 27.1.0",
    mutants: 0,
  };
  record.runs.push(run);
  test(next, ({ id }, outcome) => {
    record.outcomes[id] = outcome;
    run.mutants++;
    record.of = Object.fromEntries(MODULES.map((name) => [name, all.filter(({ module }) => module === name).length]));
    record.outcomes = Object.fromEntries(Object.entries(record.outcomes).sort(([a], [b]) => (a < b ? -1 : 1)));
    writeFileSync(recordFile, `${JSON.stringify(record, null, 1)}\n`);
  });
} else {
  const sampled = all.slice(0, Number(count));
  const figures = {
    part: "mutation",
    mutants: all.length,
    sampled: sampled.length,
    killed: 0,
    unviable: 0,
    justified: 0,
    "new survivors": 0,
  };
  test(sampled, ({ id }, outcome) => {
    if (outcome === "killed" || outcome === "unviable") figures[outcome]++;
    else if (outcome === "survived" && id in record.justified) figures.justified++;
    else {
      figures["new survivors"]++;
      console.error(
        `  ${outcome}: ${id}${record.outcomes[id] === "killed" ? " (it was killed when tests/mutants.json was made)" : ""}`,
      );
    }
  });
  const known = Object.values(record.outcomes);
  const killed = known.filter((outcome) => outcome === "killed").length;
  const viable = known.filter((outcome) => outcome !== "unviable").length;
  Object.assign(figures, {
    recorded: known.length,
    "recorded killed": `${((100 * killed) / Math.max(1, viable)).toFixed(1)} %`,
  });
  console.log(JSON.stringify(figures));
  process.exitCode = figures["new survivors"] === 0 ? 0 : 1;
}
