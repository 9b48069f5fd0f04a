// documents.mjs FOLDER: AWS's actions as policy documents in FOLDER: iam-<count>.json in four sizes, each without the
// dependencies that close a ring. Prints how many there are, and what `check` says of the rings.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { actions, counted, depths, document, drawn, withoutRings } from "./iam.mjs";
import { load } from "./load.mjs";

const SIZES = [2500, 5000, 10000, Infinity];
const folder = process.argv[2];
mkdirSync(folder, { recursive: true });

const { studio } = await load("privet/studio");
const tools = await studio();
const all = actions();
const whole = document(all);
const errors = tools.check(whole).filter(({ severity }) => severity === "error");
const cycles = errors.filter(({ code }) => code === "cycle");
if (errors.length > cycles.length)
  throw new Error(`not only cycles: ${JSON.stringify(errors.find(({ code }) => code !== "cycle"))}`);
const straight = withoutRings(all);
const warnings = tools.check(document(straight));
const still = warnings.find(({ severity }) => severity === "error");
if (still) throw new Error(`still: ${still.message}`);

const sizes = SIZES.map((size) => {
  const some = drawn(straight, Math.min(size, straight.length));
  const text = document(some);
  const file = `iam-${some.length}.json`;
  writeFileSync(join(folder, file), text);
  return { file, ...counted(some), bytes: Buffer.byteLength(text) };
});
const { actions: count, dependencies } = counted(all);
const kept = counted(straight).dependencies;
const deepest = Math.max(...depths(straight).values());
const report = { actions: count, dependencies, kept, deepest, cycles: cycles.length, sizes, warnings: warnings.length };
writeFileSync(join(folder, "iam.json"), JSON.stringify(report, null, 2));

console.log(`AWS IAM: ${count} actions, ${dependencies} dependencies between them, chains of up to ${deepest}`);
console.log(`check finds ${cycles.length} cycles in them, for example:\n`);
console.log(tools.render([cycles.find(({ message }) => /which requires/.test(message))], whole).trimEnd());
console.log(
  `\nwithout the ${dependencies - kept} dependencies that close one, in the data's order, it compiles, with ${report.warnings} warnings`,
);
for (const { file, actions, dependencies, bytes } of sizes)
  console.log(`  ${file}: ${actions} actions, ${dependencies} dependencies, ${bytes} bytes`);
