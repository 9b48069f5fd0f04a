// Runs the tests of a program against a mutant: only those that reach its function, the quickest first, until one fails.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root, tree } from "./tree.mjs";

/** Tests of what a copy of the sources lacks: built examples, and sources of which no file is too long. */
const ELSEWHERE = ["architecture::", "examples::"];
/** A mutant that takes this many times the seconds of the tests without it is in an endless loop. Seconds of the processor, so that a busy machine does not count. */
const PATIENCE = 5;
const reached = join(root, "target/mutants/reached");
/** Tests that take many seconds: only mutants that survive all others meet them. */
const slow = readFileSync(join(root, "scripts/trust/slow-tests.txt"), "utf8").split("\n");
/** The seconds that each of them takes at most, for a program in which they are not measured. */
const SLOW_SECONDS = 60;

const environment = (more) => ({ ...process.env, RUST_BACKTRACE: "0", RAYON_NUM_THREADS: "1", ...more });

/** A test without a mutant: its name, the seconds of the processor that it takes, and the numbers of the functions that it reaches. */
function measured(program, name) {
  rmSync(reached, { force: true });
  const timed = ["-c", 'TIMEFORMAT="%U %S"; time "$@"', "-", program, "--exact", name, "--test-threads", "1"];
  const { status, stdout, stderr } = spawnSync("bash", timed, {
    cwd: tree,
    encoding: "utf8",
    env: environment({ PRIVET_MUTANT: "0", PRIVET_REACHED: reached }),
  });
  if (status !== 0) throw new Error(`a test fails without a mutant: ${stdout}`);
  const functions = existsSync(reached) ? readFileSync(reached, "utf8").split("\n").filter(Boolean).map(Number) : [];
  const [user, system] = stderr.trim().split("\n").at(-1).split(" ").map(Number);
  return { name, seconds: user + system, functions: new Set(functions) };
}

/** The tests of a program, if `only` is given those with it in their names: the quick ones are measured at once, the slow ones when they are asked for. */
export function testsOf(program, only = "") {
  const { stdout } = spawnSync(program, ["--list", "--format", "terse"], { cwd: tree, encoding: "utf8" });
  const names = stdout
    .split("\n")
    .filter((line) => line.endsWith(": test"))
    .map((line) => line.slice(0, -": test".length))
    .filter((name) => name.includes(only) && !ELSEWHERE.some((start) => name.startsWith(start)));
  const quick = names.filter((name) => !slow.includes(name)).map((name) => measured(program, name));
  const others = names.filter((name) => slow.includes(name));
  let known;
  return {
    quick,
    slow: () => (known ??= others.map((name) => measured(program, name))),
    unmeasured: others.map((name) => ({ name, seconds: SLOW_SECONDS })),
  };
}

/** Runs tests with a mutant, and ends them when the first has failed; whether all pass. */
function pass(program, number, tests) {
  const seconds = tests.reduce((sum, test) => sum + test.seconds, 0);
  const limit = Math.ceil(2 + PATIENCE * seconds);
  const child = spawn(
    "bash",
    [
      "-c",
      `ulimit -t ${limit}; ulimit -v 8000000 2>/dev/null; ulimit -c 0; exec "$@"`,
      "-",
      program,
      "--exact",
      ...tests.map(({ name }) => name),
      "--test-threads",
      "1",
    ],
    { cwd: tree, stdio: ["ignore", "pipe", "ignore"], env: environment({ PRIVET_MUTANT: String(number) }) },
  );
  // A thread that waits for ever uses no processor
  const clock = setTimeout(() => child.kill("SIGKILL"), 1000 * (60 + 10 * limit));
  let rest = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    rest = (rest + text).slice(-4096);
    if (/\.\.\. FAILED$/m.test(rest)) child.kill("SIGKILL");
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(clock);
      resolve(code === 0);
    });
  });
}

/** Tests in groups of about a second, the quickest first: a group shares a process, and an endless loop is noticed soon. */
function groups(tests) {
  const found = [];
  let left = 0;
  for (const test of tests.toSorted((a, b) => a.seconds - b.seconds)) {
    left -= test.seconds;
    if (left >= 0) found.at(-1).push(test);
    else {
      found.push([test]);
      left = 1 - test.seconds;
    }
  }
  return found;
}

/** The outcome of a mutant: `killed` if a test that reaches this function (any test, if none is given) fails or does not end. */
export async function outcomeOf(program, number, tests, functionNumber) {
  const reaching = ({ functions }) => functionNumber === undefined || functions.has(functionNumber);
  for (const group of groups(tests.quick.filter(reaching))) if (!(await pass(program, number, group))) return "killed";
  const slowOnes = functionNumber === undefined ? tests.unmeasured : tests.slow().filter(reaching);
  for (const test of slowOnes.toSorted((a, b) => a.seconds - b.seconds))
    if (!(await pass(program, number, [test]))) return "killed";
  return "survived";
}
