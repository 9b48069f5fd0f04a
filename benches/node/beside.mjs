// beside.mjs FOLDER: asks every engine the same questions about the same people, compares all answers, and only then
// prints times. Leaves beside.json in FOLDER. No figure fails it, a differing answer does.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ALL, EAGER, answers, times } from "./asking.mjs";
import { engines } from "./engines.mjs";
import { load } from "./load.mjs";
import { byHandle } from "./loops.mjs";
import { paced } from "./pace.mjs";
import { asked, key } from "./question.mjs";
import { rounds, told } from "./rounds.mjs";
import { sizes } from "./sizes.mjs";
import { text } from "./table.mjs";
import { engines as engineTable } from "./tables.mjs";

const PEOPLE = 50;
/** Fresh processes that each engine is started in. */
const PROCESSES = 9;
/** Those that take turns with Privet in one process. The others get one each: accesscontrol makes CASL six times slower
 * there, and Cedar's module makes the V8 of Node.js 20 fall over when other code is compiled anew. */
const NEAR = ["privet", "closures", "@casl/ability"];

const folder = process.argv[2];
const here = fileURLToPath(new URL(".", import.meta.url));
const [{ open }, { pack }, { studio }] = await Promise.all(
  ["privet", "privet/policies/contact", "privet/studio"].map(load),
);
const policy = (await studio()).describe(open(pack));
if (policy.roles.some(({ when }) => when))
  throw new Error("a role that facts assume is not part of what the engines are asked");
const given = asked(policy, PEOPLE);
writeFileSync(join(folder, "given.json"), JSON.stringify(given));

const script = (name, ...args) =>
  execFileSync(process.execPath, [join(here, name), folder, ...args], { encoding: "utf8", maxBuffer: 1 << 28 });

/** What only Privet has: a check by handle, and a change with the menu as a page draws it. */
function alone({ policy, start, change }) {
  const sessions = given.group.map(start);
  const drawn = (turns) => {
    for (let turn = 0; turn < turns; turn++) change(sessions[turn % PEOPLE], given.group[turn % PEOPLE]).menu();
  };
  return { handle: paced({ privet: byHandle(start, policy, given) }), drawn: rounds({ privet: drawn }) };
}

/** Milliseconds of processor time that a fresh process takes from importing an engine to its first decision: the least. */
function first(names) {
  const taken = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < PROCESSES; round++)
    for (const name of names) taken[name].push(Number(script("first.mjs", name)));
  return Object.fromEntries(names.map((name) => [name, told(taken[name]).least]));
}

/** The engines that answer as Privet does; the process fails where one does not. */
function agreeing(all) {
  const [[, { answers: expected }]] = all;
  return all.filter(([name, { answers }]) => {
    if (answers === expected) return true;
    const differing = [...answers].filter((answer, index) => answer !== expected[index]).length;
    console.error(
      `${name} gives ${differing} of ${expected.length} answers that differ from Privet's; its times are not printed`,
    );
    process.exitCode = 1;
    return false;
  });
}

const make = (name) => engines[name]({ questions: given.questions, key, load });
const made = { privet: await make("privet"), closures: await make("closures") };
const eager = times(made, given, EAGER);
for (const name of NEAR) made[name] ??= await make(name);
const apart = Object.keys(engines).filter((name) => !NEAR.includes(name));
const near = agreeing(
  Object.entries(made).map(([name, engine]) => [name, { answers: answers(engine, given), engine }]),
);
const taken = {
  ...times(Object.fromEntries(near.map(([name, { engine }]) => [name, engine])), given, ALL),
  ...eager,
  ...alone(made.privet),
};
const far = agreeing([near[0], ...apart.map((name) => [name, JSON.parse(script("apart.mjs", name))])]).slice(1);
for (const [, { times }] of far)
  for (const [what, figures] of Object.entries(times)) Object.assign(taken[what], figures);

const names = [...near, ...far].map(([name]) => name);
const expected = near[0][1].answers;
const report = {
  people: PEOPLE,
  operations: given.ids.length,
  compared: expected.length * names.length,
  allowed: [...expected].filter((answer) => answer === "y").length / expected.length,
  times: taken,
  first: first(names),
  bytes: await sizes(here),
};
writeFileSync(join(folder, "beside.json"), JSON.stringify(report, null, 2));

console.log(
  `Contact: ${report.operations} operations, ${PEOPLE} people before and after a change; Node.js ${process.version}`,
);
console.log(
  `${report.compared} answers compared, ${process.exitCode ? "some" : "0"} differ; ${Math.round(100 * report.allowed)} % are allowed`,
);
console.log(text(engineTable(report)));
