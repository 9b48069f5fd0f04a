// Mutation testing of the Rust library: a fault is put into one function, and some test must fail. cargo-mutants lists the faults, the mutants.
//
//   node scripts/trust/mutants.mjs run 200            the next 200 that tests/mutants.json does not have, recorded there with the commit
//   node scripts/trust/mutants.mjs run 200 engine     only of this module
//   node scripts/trust/mutants.mjs again [TEST]       those that survived and are not justified, recorded anew; with the tests whose names contain TEST
//   node scripts/trust/mutants.mjs sample [40]        a sample by MUTANTS_SEED, compared with tests/mutants.json; prints one line of JSON
//
// Many mutants are in one build, in a copy of the work tree (target/mutants), and the tests run once for each.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildAlone, buildMany, isAlone } from "./mutants/build.mjs";
import { MODULES, mutants } from "./mutants/list.mjs";
import { outcomeOf, testsOf } from "./mutants/tests.mjs";
import { copyTree, git, root, say } from "./mutants/tree.mjs";

/** How many mutants are in one build: more share a build, and a run that is stopped loses what is not recorded yet. */
const PER_BUILD = 700;
const recordFile = join(root, "tests/mutants.json");

/** Tests mutants, and tells `each` their outcomes: killed, survived, or unviable if they do not compile. */
async function test(chosen, each) {
  let done = 0;
  const tell = (mutant, outcome, start) => {
    const seconds = ((Date.now() - start) / 1000).toFixed(1);
    say(`${++done} of ${chosen.length}: ${outcome} in ${seconds} s: ${mutant.id}`);
    each(mutant, outcome);
  };
  const together = chosen.filter((mutant) => !isAlone(mutant));
  let all;
  for (let at = 0; at === 0 || at < together.length; at += PER_BUILD) {
    const part = together.slice(at, at + PER_BUILD).map((mutant, index) => ({ ...mutant, number: index + 1 }));
    let start = Date.now();
    const { program, functionOf, viable, unviable } = buildMany(part);
    say(`${viable.length} mutants built in ${Math.round((Date.now() - start) / 1000)} s`);
    const tests = testsOf(program, someTests);
    all = tests;
    const seconds = tests.quick.reduce((sum, test) => sum + test.seconds, 0);
    say(`${tests.quick.length} quick tests pass without a mutant in ${Math.round(seconds)} s of the processor`);
    for (const mutant of unviable) tell(mutant, "unviable", Date.now());
    for (const mutant of viable) {
      start = Date.now();
      tell(mutant, await outcomeOf(program, mutant.number, tests, functionOf.get(mutant.number)), start);
    }
  }
  for (const mutant of chosen.filter(isAlone)) {
    const start = Date.now();
    const program = buildAlone(mutant);
    tell(mutant, program ? await outcomeOf(program, 1, all) : "unviable", start);
  }
}

const sorted = (map) => Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
const read = () =>
  existsSync(recordFile)
    ? JSON.parse(readFileSync(recordFile, "utf8"))
    : { runs: [], of: {}, outcomes: {}, justified: {} };
const [mode = "sample", ...rest] = process.argv.slice(2);
const [count = "40", only] = mode === "again" ? [] : rest;
const someTests = mode === "again" ? rest[0] : undefined;
copyTree();
const all = mutants();
const record = read();

async function run(chosen) {
  const commit = git("rev-parse", "HEAD").trim();
  const entry = { commit, date: new Date().toISOString().slice(0, 10), tool: "cargo-mutants 27.1.0", mutants: 0 };
  record.runs.push(entry);
  const exists = new Set(all.map(({ id }) => id));
  for (const outcomes of [record.outcomes, record.justified])
    for (const id of Object.keys(outcomes)) if (!exists.has(id)) delete outcomes[id];
  record.of = Object.fromEntries(MODULES.map((name) => [name, all.filter(({ module }) => module === name).length]));
  await test(chosen, ({ id }, outcome) => {
    record.outcomes[id] = outcome;
    entry.mutants++;
    record.outcomes = sorted(record.outcomes);
    writeFileSync(recordFile, `${JSON.stringify(record, null, 1)}\n`);
  });
}

async function sample(chosen) {
  const tested = chosen.filter(({ id }) => !(id in record.justified));
  const figures = { killed: 0, unviable: 0, justified: chosen.length - tested.length };
  Object.assign(figures, { "known survivors": 0, "new survivors": 0 });
  await test(tested, ({ id }, outcome) => {
    if (outcome !== "survived") figures[outcome]++;
    else {
      const before = record.outcomes[id];
      figures[before === "survived" ? "known survivors" : "new survivors"]++;
      console.error(`  survived: ${id} (${before ?? "not"} in tests/mutants.json)`);
    }
  });
  const known = Object.entries(record.outcomes).filter(([, outcome]) => outcome !== "unviable");
  const killed = known.filter(([, outcome]) => outcome === "killed").length;
  const justified = known.filter(([id, outcome]) => outcome === "survived" && id in record.justified).length;
  const percent = ((100 * killed) / Math.max(1, known.length - justified)).toFixed(1);
  const recorded = { recorded: known.length, "recorded killed": `${percent} %`, "recorded justified": justified };
  console.log(
    JSON.stringify({ part: "mutation", mutants: all.length, sampled: chosen.length, ...figures, ...recorded }),
  );
  process.exitCode = figures["new survivors"] === 0 ? 0 : 1;
}

if (mode === "run")
  await run(
    all.filter(({ id, module }) => !(id in record.outcomes) && (!only || module === only)).slice(0, Number(count)),
  );
else if (mode === "again")
  await run(all.filter(({ id }) => record.outcomes[id] === "survived" && !(id in record.justified)));
else if (mode === "sample") await sample(all.slice(0, Number(count)));
else throw new Error(`unknown mode: ${mode}`);
