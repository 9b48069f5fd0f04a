// iam-documents.mjs FOLDER: writes AWS's actions as policy documents to FOLDER: iam-<count>.json in four sizes, without the
// dependencies that close a cycle. Prints the counts, and what `check` reports about the cycles.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { actions, counted, depths, document, sample, withoutCycles } from "./iam.mjs";
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
const acyclic = withoutCycles(all);
const warnings = tools.check(document(acyclic));
const error = warnings.find(({ severity }) => severity === "error");
if (error) throw new Error(`without cycles: ${error.message}`);

const sizes = SIZES.map((size) => {
  const some = sample(acyclic, Math.min(size, acyclic.length));
  const text = document(some);
  const file = `iam-${some.length}.json`;
  writeFileSync(join(folder, file), text);
  return { file, ...counted(some), bytes: Buffer.byteLength(text) };
});
const { actions: count, dependencies } = counted(all);
const kept = counted(acyclic).dependencies;
const deepest = Math.max(...depths(acyclic).values());
const report = { actions: count, dependencies, kept, deepest, cycles: cycles.length, sizes, warnings: warnings.length };
writeFileSync(join(folder, "iam.json"), JSON.stringify(report, null, 2));

console.log(`AWS IAM: ${count} actions, ${dependencies} dependencies between them, chains of up to ${deepest}`);
console.log(`check finds ${cycles.length} cycles, for example:\n`);
console.log(tools.render([cycles.find(({ message }) => /which requires/.test(message))], whole).trimEnd());
console.log(
  `\nwithout the ${dependencies - kept} dependencies that close a cycle, it compiles with ${report.warnings} warnings`,
);
for (const { file, actions, dependencies, bytes } of sizes)
  console.log(`  ${file}: ${actions} actions, ${dependencies} dependencies, ${bytes} bytes`);
