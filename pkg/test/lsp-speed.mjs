// Measures `privet lsp` on a policy of 1,000 operations: the milliseconds from a keystroke to its diagnostics, and of the other answers.
// A report, no test: PRIVET_INSTALLED=FOLDER node test/lsp-speed.mjs
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { startServer } from "./support/lsp.mjs";

const range = (count, each) => Array.from({ length: count }, (_, index) => each(index));
const levels = ["view", "edit", "full"].map((id) => ({ id, label: id }));
const isFlag = (index) => index % 2 === 1;
const tested = (index) => (isFlag(index) ? `p${index}` : `p${index} >= ${levels[index % 3].id}`);
const privileges = range(200, (index) => ({
  id: `p${index}`,
  kind: isFlag(index) ? "flag" : "level",
  label: `Privilege ${index}`,
  ...(!isFlag(index) && { levels }),
  ...(index > 10 && index % 3 === 0 && { requires: tested(index - 10) }),
}));
const menu = range(100, (index) => ({
  id: `m${index}`,
  label: `Item ${index}`,
  ...(index >= 10 && { parent: `m${index % 10}` }),
}));
const roles = range(20, (index) => ({
  id: `r${index}`,
  label: `Role ${index}`,
  grants: Object.fromEntries(
    range(30, (at) => (index * 11 + at * 3) % 200).map((at) => [`p${at}`, isFlag(at) ? true : "edit"]),
  ),
}));
const operations = range(1000, (index) => ({
  id: `o${index}.do`,
  label: `Do ${index}`,
  menu: [`m${10 + (index % 90)}`],
  requires: `${tested((index * 7) % 200)} ${index % 4 ? "and" : "or"} ${tested((index * 13 + 1) % 200)}`,
}));
const policy = { format: 1, id: "large", title: "Large", version: "1", privileges, roles, menu, operations };
const text = JSON.stringify(policy, null, 1);

const ends = [];
const folder = mkdtempSync(join(tmpdir(), "privet-lsp-speed-"));
const client = await startServer({ after: (end) => ends.push(end) }, folder);
const name = "large.privet.jsonc";
await client.open(name, text);
await client.diagnostics(name);
const timed = async (count, act) => {
  const times = [];
  for (let run = 0; run < count; run += 1) {
    const start = performance.now();
    await act(run);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return `median ${times[count >> 1].toFixed(0)} ms, most ${times.at(-1).toFixed(0)} ms, first ten percent ${times[Math.floor(count / 10)].toFixed(0)} ms`;
};
let label = "Do 500";
const type = async (run) => {
  const next = `Do 500 ${"x".repeat(run % 9)}`;
  await client.edit(name, `"label": "${label}"`, `"label": "${next}"`);
  label = next;
};
const keystroke = await timed(60, async (run) => {
  await type(run);
  await client.diagnostics(name);
});
console.log(`${text.length} bytes, ${operations.length} operations`);
console.log(`load average ${loadavg()[0].toFixed(1)} on ${availableParallelism()} processors`);
console.log(`keystroke to diagnostics: ${keystroke}`);
const request = (method, part) =>
  timed(20, async (run) => {
    await type(run);
    await client.request(method, client.at(name, part, part.length));
  });
console.log(`completion after a keystroke: ${await request("textDocument/completion", '"requires": "')}`);
console.log(`hover after a keystroke: ${await request("textDocument/hover", '"id": "o500')}`);
for (const end of ends) await end();
rmSync(folder, { recursive: true });
