// report.mjs FOLDER CRITERION [PAGE]: combines the results in FOLDER and Criterion's in CRITERION into FOLDER/bench.json, the
// charts, the exponents of growth, and a verdict for each budget. If PAGE is given, it replaces the tables between the
// comments that name them.
import { copyFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { linearRegression } from "simple-statistics";
import { budgets } from "./budgets.mjs";
import { bars, lines } from "./chart.mjs";
import { markdown, text } from "./table.mjs";
import * as tables from "./tables.mjs";

const [folder, criterion, page] = process.argv.slice(2);
const read = (name) =>
  existsSync(join(folder, name)) ? JSON.parse(readFileSync(join(folder, name), "utf8")) : undefined;
const [engines, browser, studio, iam, bytes] = ["engines", "browser", "studio", "iam/iam", "bytes"].map((name) =>
  read(`${name}.json`),
);

/** Milliseconds by Criterion benchmark: the median, and the fastest sample. */
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

/** The exponent of a power law: the slope in logarithmic coordinates. */
const exponent = (points) => linearRegression(points.map(([x, y]) => [Math.log(x), Math.log(y)])).m;

const COSTS = {
  compile: "compile, ms",
  open: "open, ms",
  resolve: "resolve, ms",
  change: "change, ms",
  explain: "explain, ms",
  fixes: "fixes, ms",
  token: "write a token, ms",
  characters: "characters per token",
  pack: "kB per pack",
};
const cost = (of, what) => of[what].least ?? (what === "pack" ? of.pack / 1e3 : of[what]);
const growth = Object.keys(COSTS).map((what) => {
  const points = studio.growth.map((of) => [of.actions, cost(of, what)]);
  return { what: COSTS[what], exponent: exponent(points), points };
});

const figures = { engines, browser, studio, native: native() };
const verdicts = budgets(figures);
const machine = `${cpus()[0]?.model ?? "unknown"}, ${cpus().length} cores, Node.js ${process.version}`;
writeFileSync(
  join(folder, "bench.json"),
  `${JSON.stringify({ machine, budgets: verdicts, growth, iam, ...figures, bytes }, null, 2)}\n`,
);
writeFileSync(join(folder, "bench.svg"), await bars(engines));
writeFileSync(join(folder, "growth.svg"), await lines(growth, "actions of AWS IAM"));

const shown = {
  native: ["native, by Criterion; medians", tables.native(figures.native)],
  growth: ["growth with the actions of AWS IAM", tables.growth(growth)],
  budgets: [`budgets; ${machine}`, tables.verdicts(verdicts)],
};
for (const [title, table] of Object.values(shown)) console.log(`\n${title}\n${text(table)}`);
const binding = verdicts.filter(({ aim }) => !aim);
console.log(`${binding.filter(({ met }) => met).length} of ${binding.length} budgets are met`);

if (page) {
  const all = {
    ...shown,
    engines: ["", tables.engines(engines)],
    browser: ["", tables.engines(browser)],
    policies: ["", tables.policies(studio)],
  };
  const replaceSection = (markdownText, name, content) =>
    markdownText.replace(new RegExp(`(<!-- ${name} -->)[^]*?(<!-- end -->)`), (_, begin, end) => begin + content + end);
  const about = `${machine}, ${browser.agent.match(/Chrome\/[\d.]+/)[0]}`;
  const tabled = Object.entries(all).reduce(
    (markdownText, [name, [, table]]) => replaceSection(markdownText, name, `\n\n${markdown(table)}\n\n`),
    readFileSync(page, "utf8"),
  );
  writeFileSync(page, replaceSection(tabled, "machine", about));
  for (const chart of ["bench", "growth"])
    copyFileSync(join(folder, `${chart}.svg`), join(dirname(page), `${chart}.svg`));
}
