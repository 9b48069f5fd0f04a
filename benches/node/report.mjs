// report.mjs FOLDER [CRITERION]: puts what the other scripts left in FOLDER, and Criterion in CRITERION, together:
// FOLDER/bench.json, the charts, the exponents of growth, and a verdict on each budget.
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { budgets, verdicts } from "./budgets.mjs";
import { bars, lines } from "./chart.mjs";
import { table } from "./table.mjs";

const [folder, criterion] = process.argv.slice(2);
const read = (name) => (existsSync(join(folder, name)) ? JSON.parse(readFileSync(join(folder, name), "utf8")) : undefined);
const [beside, browser, studio, iam, bytes] = ["beside", "browser", "studio", "iam/iam", "bytes"].map((name) => read(`${name}.json`));

/** Milliseconds by the name of a Criterion bench: the median, and the fastest sample. */
function native() {
  if (!criterion || !existsSync(criterion)) return {};
  const files = readdirSync(criterion, { recursive: true }).map(String).filter((file) => file.endsWith("new/benchmark.json"));
  const figures = files.map((file) => {
    const of = (name) => JSON.parse(readFileSync(join(criterion, file.replace("benchmark.json", name)), "utf8"));
    const { iters, times } = of("sample.json");
    const least = Math.min(...times.map((time, index) => time / iters[index]));
    return [of("benchmark.json").full_id, { median: of("estimates.json").median.point_estimate / 1e6, least: least / 1e6 }];
  });
  return Object.fromEntries(figures);
}

/** The power of the size that a cost grows with: the slope of the logarithms, by least squares. */
function exponent(points) {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)]);
  const mean = (of) => logs.reduce((sum, point) => sum + of(point), 0) / logs.length;
  const [x, y] = [mean(([x]) => x), mean(([, y]) => y)];
  return mean(([a, b]) => (a - x) * (b - y)) / mean(([a]) => (a - x) ** 2);
}

const COSTS = { compile: "ms to compile", open: "ms to open", resolve: "ms to resolve", change: "ms to change", explain: "ms to explain", fixes: "ms to fix", token: "ms to write a token", characters: "characters a token", pack: "bytes a pack" };
const cost = (of, what) => of[what].least ?? of[what];
const growth = Object.keys(COSTS).map((what) => {
  const points = studio.growth.map((of) => [of.actions, cost(of, what)]);
  return { what: COSTS[what], exponent: exponent(points), points };
});

const found = { beside, browser, studio, native: native() };
const judged = budgets(found);
const machine = `${cpus()[0]?.model ?? "unknown"}, ${cpus().length} cores, Node.js ${process.version}`;
writeFileSync(join(folder, "bench.json"), `${JSON.stringify({ machine, budgets: judged, growth, iam, ...found, bytes }, null, 2)}\n`);
writeFileSync(join(folder, "bench.svg"), bars(beside));
writeFileSync(join(folder, "growth.svg"), lines(growth, "actions of AWS IAM"));

console.log(`\nnatively, by Criterion; medians`);
const parts = [...new Set(Object.keys(found.native).map((id) => id.split("/")[1]))];
const groups = [...new Set(Object.keys(found.native).map((id) => id.split("/")[0]))];
const time = (ms) => (ms === undefined ? "" : ms < 0.001 ? `${(ms * 1e6).toPrecision(3)} ns` : ms < 1 ? `${(ms * 1e3).toPrecision(3)} µs` : `${ms.toPrecision(3)} ms`);
console.log(table(groups, Object.fromEntries(parts.map((part) => [part, (group) => time(found.native[`${group}/${part}`]?.median)]))));
console.log(`\ngrowth from ${studio.growth[0].actions} to ${studio.growth.at(-1).actions} actions: the power of the size, and the cost at the most`);
console.log(table(growth.map(({ what }) => what), {
  "power": (name) => growth.find(({ what }) => what === name).exponent.toFixed(2),
  "at the most": (name) => growth.find(({ what }) => what === name).points.at(-1)[1].toPrecision(3),
}));
console.log(`\nbudgets; ${machine}`);
console.log(verdicts(judged));
const met = judged.filter(({ met }) => met).length;
console.log(`${met} of ${judged.length} budgets are met`);
