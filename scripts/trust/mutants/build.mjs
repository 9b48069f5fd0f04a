// Builds the tests with mutants in the library.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root, say, tree } from "./tree.mjs";
import { isAlone, writeAlone, writeSchema } from "./schema.mjs";

/** Builds the tests in the tree. The program, or the errors of the compiler, each with the lines that it names. */
function build() {
  const args = ["test", "--no-run", "--message-format=json", "--features", "parallel", "--test", "it"];
  const { stdout, stderr, error } = spawnSync("cargo", args, {
    cwd: tree,
    encoding: "utf8",
    maxBuffer: 1 << 30,
    // A folder of its own, since tests write into it. Incremental compilation gains nothing where all copies are new, and has failed to link.
    env: {
      ...process.env,
      CARGO_TARGET_DIR: join(root, "target/mutants/build"),
      CARGO_INCREMENTAL: "0",
    },
  });
  if (error) throw error;
  const messages = stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
  const program = messages.find(({ executable, target }) => executable && target.name === "it")?.executable;
  const errors = messages
    .filter(({ reason, message }) => reason === "compiler-message" && message.level === "error")
    .map(({ message }) => message);
  if (!program && errors.length === 0) throw new Error(`cargo failed: ${stderr}`);
  return { program, errors };
}

/** The places that a message of the compiler names, those in an expansion by where it is called. */
function* places({ spans, children }) {
  for (const span of spans.toSorted((a, b) => b.is_primary - a.is_primary)) {
    let outer = span;
    while (outer.expansion) outer = outer.expansion.span;
    yield outer;
  }
  for (const child of children) yield* places(child);
}

/** Builds these mutants at once. Those that do not compile are left out, by what the compiler says, until all others compile. */
export function buildMany(mutants) {
  const unviable = [];
  let left = mutants;
  for (;;) {
    const { functionOf, mutantAt } = writeSchema(left);
    const { program, errors } = build();
    if (program) return { program, functionOf, viable: left, unviable };
    const bad = new Set();
    const unknown = [];
    for (const error of errors.filter(({ message }) => !/^aborting due to|^could not compile/.test(message))) {
      const number = [...places(error)]
        .map(({ file_name: file, line_start: line }) => mutantAt(file, line))
        .find(Boolean);
      if (number) bad.add(number);
      else unknown.push(error.rendered);
    }
    if (bad.size === 0) throw new Error(`the tests do not compile: ${unknown.join("\n")}`);
    say(`${bad.size} of ${left.length} mutants do not compile`);
    unviable.push(...left.filter(({ number }) => bad.has(number)));
    left = left.filter(({ number }) => !bad.has(number));
  }
}

/** Builds one mutant that cannot be chosen while the program runs; nothing if it does not compile. */
export function buildAlone(mutant) {
  writeAlone(mutant);
  return build().program;
}

export { isAlone };
