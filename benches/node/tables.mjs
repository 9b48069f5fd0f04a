// The tables of figures, for the terminal and for docs/performance.md.

const fixed = (value) => (value >= 100 ? Math.round(value).toLocaleString("en") : value.toPrecision(3));
const time = (ms) =>
  ms === undefined ? "" : ms < 0.001 ? `${fixed(ms * 1e6)} ns` : ms < 1 ? `${fixed(ms * 1e3)} µs` : `${fixed(ms)} ms`;

/** Comparison of engines; in a browser only their times. */
export function engines({ times, first, bytes }) {
  const median = (what, scale) => (name) => (times[what][name] ? fixed(times[what][name].median / scale) : "");
  const columns = {
    "check, ns": median("check", 1),
    "menu, µs": median("menu", 1e3),
    "subject + menu, µs": median("start", 1e3),
    "change + menu, µs": median("change", 1e3),
    "menu in order, µs": median("menuInOrder", 1e3),
    "subject + menu in order, µs": median("startInOrder", 1e3),
    "change + menu in order, µs": median("changeInOrder", 1e3),
    "change, all decided, µs": median("eager", 1e3),
  };
  if (first) columns["first decision, CPU ms"] = (name) => fixed(first[name]);
  for (const what of bytes ? ["raw", "gzip", "brotli"] : [])
    columns[`${what}, B`] = (name) => bytes[name][what].toLocaleString("en");
  return { names: Object.keys(times.check), columns };
}

/** The built-in policies through the npm package. */
export function policies({ policies }) {
  const columns = {
    operations: (id) => policies[id].operations,
    compile: (id) => time(policies[id].compile.least),
    open: (id) => time(policies[id].open.least),
    "explain, median": (id) => time(policies[id].explain.median),
    "explain, slowest": (id) => time(policies[id].explain.most),
    "fixes, median": (id) => time(policies[id].fixes.median),
    "fixes, slowest": (id) => time(policies[id].fixes.most),
    "token, characters": (id) => `${policies[id].token.median}, at most ${policies[id].token.most}`,
    "pack, B": (id) => policies[id].pack.toLocaleString("en"),
  };
  return { names: Object.keys(policies), columns };
}

/** Native benchmarks. */
export function native(figures) {
  const split = (at) => [
    ...new Set(
      Object.keys(figures)
        .filter((id) => !id.startsWith("population"))
        .map((id) => id.split("/")[at]),
    ),
  ];
  return {
    names: split(1),
    columns: Object.fromEntries(split(0).map((group) => [group, (part) => time(figures[`${group}/${part}`]?.median)])),
  };
}

/** Growth of costs with the size. */
export function growth(costs) {
  const find = (name) => costs.find(({ what }) => what === name);
  const sizes = costs[0].points.map(([size], index) => [
    `at ${size.toLocaleString("en")}`,
    (name) => fixed(find(name).points[index][1]),
  ]);
  return {
    names: costs.map(({ what }) => what),
    columns: { ...Object.fromEntries(sizes), exponent: (name) => find(name).exponent.toFixed(2) },
  };
}

/** Times within a tenth of their budget are marked: another machine may give another verdict. Sizes are exact. */
const NARROW = 0.1;

/** An aim has no verdict; its ratio is shown. */
function verdict({ measured, met, aim, ratio, unit }) {
  if (measured === undefined) return "not measured";
  if (aim) return "aim";
  return `${met ? "met" : "NOT MET"}${/^[nm]s$/.test(unit) && Math.abs(ratio - 1) < NARROW ? ", narrowly" : ""}`;
}

/** Budgets with verdicts. */
export function verdicts(budgets) {
  const find = (name) => budgets.find(({ what }) => what === name);
  const columns = {
    verdict: (name) => verdict(find(name)),
    "of the budget": (name) => (find(name).measured === undefined ? "" : find(name).ratio.toFixed(2)),
    measured: (name) => (find(name).measured === undefined ? "" : fixed(find(name).measured)),
    allowed: (name) => `${fixed(find(name).budget)} ${find(name).unit}`,
  };
  return { names: budgets.map(({ what }) => what), columns };
}
