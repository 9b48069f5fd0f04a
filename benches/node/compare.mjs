// compare.mjs FOLDER: asks every engine the same questions about the same people, compares all answers, and only then
// prints times. Writes engines.json to FOLDER. It fails on a differing answer, never on a figure.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { engines } from "./engines.mjs";
import { load } from "./load.mjs";
import { byHandle } from "./loops.mjs";
import { ALL, EAGER, answers, times } from "./measure.mjs";
import { paced } from "./pace.mjs";
import { rounds, summary } from "./rounds.mjs";
import { sizes } from "./sizes.mjs";
import { text } from "./table.mjs";
import { engines as engineTable } from "./tables.mjs";
import { createWorkload, key } from "./workload.mjs";

const PEOPLE = 50;
/** Fresh processes per engine. */
const PROCESSES = 9;
/**
 * Engines that are measured in the same process as Privet. The others run in a process each: accesscontrol makes CASL six
 * times slower in the same process, and cedar-wasm crashes the V8 of Node.js 20 when other code is recompiled.
 */
const SHARED = ["privet", "closures", "@casl/ability"];

const folder = process.argv[2];
const here = fileURLToPath(new URL(".", import.meta.url));
const [{ open }, { pack }, { studio }] = await Promise.all(
  ["privet", "privet/policies/contact", "privet/studio"].map(load),
);
const policy = (await studio()).describe(open(pack));
if (policy.roles.some(({ when }) => when)) throw new Error("this benchmark does not support roles with a `when`");
const workload = createWorkload(policy, PEOPLE);
writeFileSync(join(folder, "workload.json"), JSON.stringify(workload));

const script = (name, ...args) =>
  execFileSync(process.execPath, [join(here, name), folder, ...args], { encoding: "utf8", maxBuffer: 1 << 28 });

/** Measurements of Privet alone: a check by handle, and a change with the menu as a page renders it. */
function privetOnly({ policy, start, change }) {
  const sessions = workload.group.map(start);
  const rendered = (turns) => {
    for (let turn = 0; turn < turns; turn++) change(sessions[turn % PEOPLE], workload.group[turn % PEOPLE]).menu();
  };
  return { handle: paced({ privet: byHandle(start, policy, workload) }), drawn: rounds({ privet: rendered }) };
}

/** Milliseconds of CPU time from importing an engine to its first decision in a fresh process: the minimum. */
function first(names) {
  const taken = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < PROCESSES; round++)
    for (const name of names) taken[name].push(Number(script("first-decision.mjs", name)));
  return Object.fromEntries(names.map((name) => [name, summary(taken[name]).least]));
}

/** Removes engines whose answers differ from Privet's, and makes the process exit with status 1 if there are any. */
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

const make = (name) => engines[name]({ questions: workload.questions, key, load });
const made = { privet: await make("privet"), closures: await make("closures") };
const eager = times(made, workload, EAGER);
for (const name of SHARED) made[name] ??= await make(name);
const isolated = Object.keys(engines).filter((name) => !SHARED.includes(name));
const shared = agreeing(
  Object.entries(made).map(([name, engine]) => [name, { answers: answers(engine, workload), engine }]),
);
const taken = {
  ...times(Object.fromEntries(shared.map(([name, { engine }]) => [name, engine])), workload, ALL),
  ...eager,
  ...privetOnly(made.privet),
};
const inProcesses = isolated.map((name) => [name, JSON.parse(script("isolated.mjs", name))]);
const [, ...others] = agreeing([shared[0], ...inProcesses]);
for (const [, { times }] of others)
  for (const [what, figures] of Object.entries(times)) Object.assign(taken[what], figures);

const names = [...shared, ...others].map(([name]) => name);
const expected = shared[0][1].answers;
const report = {
  people: PEOPLE,
  operations: workload.ids.length,
  compared: expected.length * names.length,
  allowed: [...expected].filter((answer) => answer === "y").length / expected.length,
  times: taken,
  first: first(names),
  bytes: await sizes(here),
};
writeFileSync(join(folder, "engines.json"), JSON.stringify(report, null, 2));

console.log(
  `Contact: ${report.operations} operations, ${PEOPLE} people before and after a change; Node.js ${process.version}`,
);
console.log(
  `${report.compared} answers compared, ${process.exitCode ? "some" : "0"} differ; ${Math.round(100 * report.allowed)} % are allowed`,
);
console.log(text(engineTable(report)));
