// bench.mjs FOLDER: asks every engine the same questions about the same people, compares all answers, and only then
// measures. Prints a table; leaves bench.json and bench.svg in FOLDER. Not a test: no figure fails it, a differing answer does.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { engines, load } from "./engines.mjs";
import { generator, key, people, questions } from "./question.mjs";
import { sizes } from "./sizes.mjs";
import { chart } from "./chart.mjs";

const PEOPLE = 50;
/** A round lasts at least as long, in milliseconds; the best of the rounds counts, since whatever disturbs one adds to it. */
const ROUND = 50;
const ROUNDS = 5;

const folder = process.argv[2];
const [{ open }, { pack }, { studio }] = await Promise.all(["privet", "privet/policies/contact", "privet/studio"].map(load));
const policy = (await studio()).describe(open(pack));
if (policy.roles.some(({ when }) => when)) throw new Error("a role that facts assume is not part of what the engines are asked");
const asked = { questions: questions(policy), key };
const next = generator(20261122);
const group = people(policy, PEOPLE, next);
/** Ids in an order that is not the policy's, so that nobody gains by asking in order. */
const ids = asked.questions.map(({ id }) => [next(2 ** 30), id]).sort(([a], [b]) => a - b).map(([, id]) => id);

const answers = (engine) => {
  const menu = (state) => ids.map((id) => engine.can(state, id));
  return group.map((person) => {
    const state = engine.start(person);
    return [menu(state), menu(engine.change(state, person))];
  });
};

/** Nanoseconds of one call, the calls cycling through the people. */
function measured(call) {
  let best = Infinity;
  let calls = 1;
  for (let round = 0; round < ROUNDS; ) {
    const start = process.hrtime.bigint();
    for (let index = 0; index < calls; index++) call(index % PEOPLE, index);
    const took = Number(process.hrtime.bigint() - start);
    if (took < ROUND * 1e6) {
      calls = Math.ceil(calls * Math.min(10, (1.2 * ROUND * 1e6) / Math.max(took, 1)));
      if (took < (ROUND * 1e6) / 2) continue;
    }
    best = Math.min(best, took / calls);
    round++;
  }
  return best;
}

function times(engine) {
  const states = group.map(engine.start);
  let allowed = 0; // so that no answer can be left out
  const menu = (state) => {
    for (const id of ids) if (engine.can(state, id)) allowed++;
  };
  const check = measured((person, index) => {
    if (engine.can(states[person], ids[index % ids.length])) allowed++;
  });
  const whole = measured((person) => menu(states[person]));
  const start = measured((person) => menu(engine.start(group[person])));
  const change = measured((person) => menu(engine.change(states[person], group[person])));
  return { check, menu: whole / 1000, start: start / 1000, change: change / 1000, allowed };
}

const here = fileURLToPath(new URL(".", import.meta.url));
writeFileSync(join(folder, "first.json"), JSON.stringify({ questions: asked.questions, person: group[0] }));
const process_ = (...args) => Number(execFileSync(process.execPath, [join(here, "first.mjs"), ...args], { encoding: "utf8" }));
const fastest = (...args) => Math.min(...Array.from({ length: 5 }, () => process_(...args)));
const nothing = fastest();

const expected = answers(await engines.privet(asked)).flat(2);
const allowed = expected.filter(Boolean).length;
const compared = expected.length;
const bytes = await sizes(here);
const results = [];
for (const [name, make] of Object.entries(engines)) {
  console.error(`measuring ${name}`);
  const engine = await make(asked);
  const given = answers(engine).flat(2);
  const differing = given.filter((answer, index) => answer !== expected[index]).length;
  if (differing > 0) {
    console.error(`${name} gives ${differing} of ${compared} answers that differ from Privet's; its times are not printed`);
    process.exitCode = 1;
    continue;
  }
  results.push({ name, ...times(engine), first: fastest(name, join(folder, "first.json")) - nothing, bytes: bytes.get(name) });
}

const report = {
  machine: `${cpus()[0]?.model ?? "unknown"}, Node.js ${process.version}`,
  asked: { people: PEOPLE, operations: ids.length, answersCompared: compared * results.length, allowed: allowed / compared },
  results,
};
writeFileSync(join(folder, "bench.json"), `${JSON.stringify(report, null, 2)}\n`);
writeFileSync(join(folder, "bench.svg"), chart(results));

const columns = [
  ["", ({ name }) => name],
  ["ns a check", ({ check }) => check.toFixed(1)],
  ["µs a menu", ({ menu }) => menu.toFixed(2)],
  ["µs subject + menu", ({ start }) => start.toFixed(1)],
  ["µs change + menu", ({ change }) => change.toFixed(1)],
  ["CPU ms to the first", ({ first }) => first.toFixed(1)],
  ["raw B", ({ bytes }) => bytes.raw],
  ["gzip B", ({ bytes }) => bytes.gzip],
  ["brotli B", ({ bytes }) => bytes.brotli],
];
const rows = [columns.map(([title]) => title), ...results.map((result) => columns.map(([, cell]) => String(cell(result))))];
const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
console.log(`Contact: ${ids.length} operations, ${PEOPLE} people before and after a change; ${report.machine}`);
console.log(`${report.asked.answersCompared} answers compared, ${process.exitCode ? "some" : "0"} differ; ${Math.round(100 * report.asked.allowed)} % are allowed`);
for (const row of rows) console.log(row.map((cell, column) => (column ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))).join("  "));

const by = Object.fromEntries(results.map((result) => [result.name, result]));
const ratio = (what, figure, bound) => console.log(`${what}: ${(figure / bound).toFixed(2)} of the budget`);
if (by.privet && by.closures && by["@casl/ability"]) {
  ratio("a check, beside closures in a Map", by.privet.check, by.closures.check);
  ratio("a check, beside a third of CASL's", by.privet.check, by["@casl/ability"].check / 3);
  ratio("a change and the whole menu, beside all closures", by.privet.change, by.closures.change);
  ratio("the core's bytes, beside 6384", by.privet.bytes.gzip, 6384);
}
