// report.mjs FOLDER CRITERION [PAGE]: puts what the other scripts left in FOLDER, and Criterion in CRITERION, together:
// FOLDER/bench.json, the charts, the exponents of growth, and a verdict on each budget. Writes the figures into PAGE, if
// one is given, between the comments that name them.
import { copyFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { budgets } from "./budgets.mjs";
import { bars, lines } from "./chart.mjs";
import { markdown, text } from "./table.mjs";
import * as tables from "./tables.mjs";

const [folder, criterion, page] = process.argv.slice(2);
const read = (name) =>
  existsSync(join(folder, name)) ? JSON.parse(readFileSync(join(folder, name), "utf8")) : undefined;
const [beside, browser, studio, iam, bytes] = ["beside", "browser", "studio", "iam/iam", "bytes"].map((name) =>
  read(`${name}.json`),
);

/** Milliseconds by the name of a Criterion bench: the median, and the fastest sample. */
function native() {
  if (!criterion || !existsSync(criterion)) return {};
  const files = readdirSync(criterion, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith("new/benchmark.json"));
  const figures = files.map((file) => {
    const of = (name) => JSON.parse(readFileSync(join(criterion, file.replace("benchmark.json", name)), "utf8"));
    const { iters, times } = of("sample.json");
    const least = Math.min(...times.map((time, index) => time / iters[index]));
    return [
      of("benchmark.json").full_id,
      { median: of("estimates.json").median.point_estimate / 1e6, least: least / 1e6 },
    ];
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

const COSTS = {
  compile: "compile, ms",
  open: "open, ms",
  resolve: "resolve, ms",
  change: "change, ms",
  explain: "explain, ms",
  fixes: "fixes, ms",
  token: "write a token, ms",
  characters: "characters a token",
  pack: "kB a pack",
};
const cost = (of, what) => of[what].least ?? (what === "pack" ? of.pack / 1e3 : of[what]);
const growth = Object.keys(COSTS).map((what) => {
  const points = studio.growth.map((of) => [of.actions, cost(of, what)]);
  return { what: COSTS[what], exponent: exponent(points), points };
});

const found = { beside, browser, studio, native: native() };
const judged = budgets(found);
const machine = `${cpus()[0]?.model ?? "unknown"}, ${cpus().length} cores, Node.js ${process.version}`;
writeFileSync(
  join(folder, "bench.json"),
  `${JSON.stringify({ machine, budgets: judged, growth, iam, ...found, bytes }, null, 2)}\n`,
);
writeFileSync(join(folder, "bench.svg"), bars(beside));
writeFileSync(join(folder, "growth.svg"), lines(growth, "actions of AWS IAM"));

const shown = {
  native: ["natively, by Criterion; medians", tables.native(found.native)],
  growth: ["growth with the actions of AWS IAM", tables.growth(growth)],
  budgets: [`budgets; ${machine}`, tables.verdicts(judged)],
};
for (const [title, table] of Object.values(shown)) console.log(`\n${title}\n${text(table)}`);
const promised = judged.filter(({ aim }) => !aim);
console.log(`${promised.filter(({ met }) => met).length} of ${promised.length} budgets are met`);

if (page) {
  const all = {
    ...shown,
    beside: ["", tables.engines(beside)],
    browser: ["", tables.engines(browser)],
    policies: ["", tables.policies(studio)],
  };
  const between = (written, name, content) =>
    written.replace(new RegExp(`(<!-- ${name} -->)[^]*?(<!-- end -->)`), (_, begin, end) => begin + content + end);
  const about = `${machine}, ${browser.agent.match(/Chrome\/[\d.]+/)[0]}`;
  const tabled = Object.entries(all).reduce(
    (written, [name, [, table]]) => between(written, name, `\n\n${markdown(table)}\n\n`),
    readFileSync(page, "utf8"),
  );
  writeFileSync(page, between(tabled, "machine", about));
  for (const chart of ["bench", "growth"])
    copyFileSync(join(folder, `${chart}.svg`), join(dirname(page), `${chart}.svg`));
}
