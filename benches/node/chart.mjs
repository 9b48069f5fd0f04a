// The figures as SVG, by Vega-Lite. All axes are logarithmic: engines differ by orders of magnitude, and growth by a power of
// the size is a straight line.
import { View, parse } from "vega";
import { compile } from "vega-lite";

const INK = "#1f2933";
const PRIVET = "#1f6f54";
const OTHERS = "#9aa5b1";
const BAR = 400;
const ROW = 22;

const format = (value) => value.toLocaleString("en", { maximumSignificantDigits: 3 });
const config = {
  background: "#fff",
  font: "system-ui, sans-serif",
  view: { stroke: null },
  title: { fontSize: 12, anchor: "start", color: INK },
  axis: {
    labelFontSize: 12,
    labelColor: INK,
    labelLimit: 300,
    titleColor: INK,
    titleFontWeight: "normal",
    grid: false,
  },
  text: { color: INK, fontSize: 12 },
};
const svg = (spec) => new View(parse(compile({ config, padding: 8, ...spec }).spec), { renderer: "none" }).toSVG();

/** One bar chart per figure, one bar per engine. Returns a promise of SVG text. */
export function bars({ times, first, bytes }) {
  const names = Object.keys(times.check);
  const charts = {
    "A check, ns": (name) => times.check[name].median,
    "A change and all 152 answers, µs": (name) => times.change[name].median / 1e3,
    "Processor time to the first decision of a process, ms": (name) => first[name],
    "Size, kB gzip": (name) => bytes[name].gzip / 1e3,
  };
  const vconcat = Object.entries(charts).map(([title, figure]) => {
    const figures = names.map((engine) => ({ engine, value: figure(engine) }));
    const positive = figures.map(({ value }) => value).filter((value) => value > 0);
    const [least, most] = [10 ** Math.floor(Math.log10(Math.min(...positive)) - 0.3), Math.max(...positive)];
    const values = figures.map(({ engine, value }) => ({
      engine,
      end: value > 0 ? value : least,
      label: value > 0 ? format(value) : "none",
    }));
    const isPrivet = "datum.engine === 'privet'";
    const x = { field: "end", type: "quantitative", scale: { type: "log", domain: [least, most] }, axis: null };
    return {
      title: `${title} (logarithmic)`,
      width: BAR,
      height: { step: ROW },
      data: { values },
      encoding: {
        x,
        y: { field: "engine", type: "nominal", sort: null, axis: { title: null, domain: false, ticks: false } },
      },
      layer: [
        {
          mark: { type: "bar", cornerRadius: 2 },
          encoding: {
            x2: { datum: least },
            color: { condition: { test: isPrivet, value: PRIVET }, value: OTHERS },
          },
        },
        { mark: { type: "text", align: "left", dx: 6 }, encoding: { text: { field: "label" } } },
      ],
    };
  });
  return svg({ vconcat, resolve: { scale: { x: "independent", y: "independent" } } });
}

/** One plot per cost over the size. The dashed line is growth in proportion to the size. Returns a promise of SVG text. */
export function lines(growth, title) {
  const concat = growth.map(({ what, exponent, points }) => {
    const [[size, cost]] = points;
    const values = points.map(([x, y]) => ({ x, y, linear: (cost * x) / size }));
    const axis = (ends, more) => ({ title: null, values: ends, tickCount: ends.length, ...more });
    const x = {
      field: "x",
      type: "quantitative",
      scale: { type: "log", nice: false },
      axis: axis(
        points.map(([x]) => x),
        {
          labelExpr: "datum.value >= 1000 ? format(datum.value / 1000, '.3~r') + 'k' : datum.value",
          labelOverlap: false,
        },
      ),
    };
    const y = (field) => ({
      field,
      type: "quantitative",
      scale: { type: "log", nice: false },
      axis: axis([cost, points.at(-1)[1]], { labelExpr: "format(datum.value, ',.3~r')", labelOverlap: false }),
    });
    return {
      title: { text: what, subtitle: `exponent ${exponent.toFixed(2)}`, subtitleColor: INK },
      width: 210,
      height: 130,
      data: { values },
      encoding: { x },
      layer: [
        { mark: { type: "line", color: OTHERS, strokeDash: [4, 4] }, encoding: { y: y("linear") } },
        { mark: { type: "line", color: PRIVET, point: { color: PRIVET } }, encoding: { y: y("y") } },
      ],
    };
  });
  const caption = `Horizontal: ${title}, logarithmic, as are the costs. Dashed: growth in proportion to the size.`;
  return svg({ title: { text: caption, orient: "bottom", fontWeight: "normal" }, columns: 3, concat });
}
