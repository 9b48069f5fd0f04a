// Population queries over a million people of Contact in WebAssembly, from packed rows.
// node benches/node/population.mjs [PEOPLE], where PRIVET_INSTALLED is a folder with the packed package installed.
import { loadavg } from "node:os";
import { load } from "./load.mjs";
import { generator } from "./random.mjs";

const { open } = await load("privet");
const { pack } = await load("privet/policies/contact");
const tools = await (await load("privet/studio")).studio();
const policy = open(pack);
const size = Number(process.argv[2] ?? 1_000_000);
const ROUNDS = 7;

const roll = generator(1);
const { privileges, facts } = tools.describe(policy);
const of = (list) => list[roll(list.length)].id;
const values = {
  flag: () => true,
  switch: () => roll(2) === 1,
  level: ({ levels }) => of(levels),
  choice: ({ options }) => of(options),
  set: ({ options }) => options.filter(() => roll(2)).map(({ id }) => id),
  number: ({ min = 0, max = 99 }) => min + roll(Math.min(max - min + 1, 5)),
};
const some = (list, often) =>
  Object.fromEntries(list.filter(() => roll(10) < often).map((entry) => [entry.id, values[entry.kind](entry)]));
const people = Array.from({ length: 10_000 }, () => ({
  grants: some(privileges, roll(10)),
  facts: some(facts, roll(10)),
}));

/** The median wall-clock and CPU time; CPU time is more reliable on a busy machine. */
const ms = (run) => {
  const times = Array.from({ length: ROUNDS }, () => {
    const [start, before] = [performance.now(), process.cpuUsage()];
    run();
    const { user, system } = process.cpuUsage(before);
    return [performance.now() - start, (user + system) / 1000];
  });
  return [0, 1]
    .map((at) =>
      times
        .map((both) => both[at])
        .sort((a, b) => a - b)
        [ROUNDS >> 1].toFixed(1),
    )
    .join(", CPU ");
};
const packed = tools.population(policy, people).pack();
const rows = new Uint8Array(size * packed.width);
for (let at = 0; at < rows.length; at += packed.rows.length) rows.set(packed.rows.subarray(0, rows.length - at), at);
const all = { ...packed, rows };
const population = tools.population(policy, all);
const operation = policy.operations[0];
const report = {
  "people x operations": `${size} x ${policy.operations.length}`,
  "subjects to rows and decisions, 10,000 (ms)": ms(() => tools.population(policy, people)),
  "decide, from rows (ms)": ms(() => tools.population(policy, all)),
  "undecided (ms)": ms(() => population.undecided(operation)),
  "counts (ms)": ms(() => population.counts()),
  "dormant (ms)": ms(() => population.dormant()),
  "preview of a change (ms)": ms(() => population.preview({ set: { [policy.privileges[0]]: null } })),
  "load average": loadavg()[0],
};
for (const [what, value] of Object.entries(report)) console.log(`${what}: ${value}`);
