// The figures as SVG. Both charts are logarithmic: the engines are orders of magnitude apart, and growth by a power is a line.

const INK = "#1f2933";
const OURS = "#1f6f54";
const THEIRS = "#9aa5b1";
const FONT = 'font-family="system-ui, sans-serif" font-size="12"';
const told = (value) => value.toLocaleString("en", { maximumSignificantDigits: 3 });
const text = (x, y, words, more = "") =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" fill="${INK}" ${more}>${words}</text>`;
const svg = (width, height, parts) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ${FONT}><rect width="100%" height="100%" fill="#fff"/>${parts.join("\n")}</svg>\n`;

const ROW = 22;
const LABEL = 190;
const BAR = 400;

/** A panel a figure, a bar an engine. */
export function bars({ times, first, bytes }) {
  const names = Object.keys(times.check);
  const panels = [
    ["A check, ns", (name) => times.check[name].median],
    ["A change and all 152 answers, µs", (name) => times.change[name].median / 1e3],
    ["Processor time to the first decision of a process, ms", (name) => first[name]],
    ["Size, kB gzip", (name) => bytes[name].gzip / 1e3],
  ];
  const panel = 40 + ROW * names.length;
  const parts = panels.map(([title, of], index) => {
    const values = names.map(of);
    const positive = values.filter((value) => value > 0);
    const least = 10 ** Math.floor(Math.log10(Math.min(...positive)) - 0.3);
    const scale = BAR / Math.log(Math.max(...positive) / least);
    const bar = (name, row) => {
      const value = values[row];
      const long = value > 0 ? Math.max(1, scale * Math.log(value / least)) : 0;
      const y = 28 + ROW * row;
      const fill = name === "privet" ? OURS : THEIRS;
      const weight = name === "privet" ? 'font-weight="bold"' : "";
      const rect = `<rect x="${LABEL}" y="${y}" width="${long.toFixed(1)}" height="${ROW - 6}" rx="2" fill="${fill}"/>`;
      return (
        text(LABEL - 8, y + 12, name, `text-anchor="end" ${weight}`) +
        rect +
        text(LABEL + long + 6, y + 12, value > 0 ? told(value) : "none", weight)
      );
    };
    return `<g transform="translate(0 ${panel * index + 8})">${text(LABEL, 16, `${title} (logarithmic)`, 'font-weight="bold"')}${names.map(bar).join("")}</g>`;
  });
  return svg(LABEL + BAR + 90, panel * panels.length + 8, parts);
}

const PLOT = { width: 210, height: 130, left: 56, top: 34, gap: 46 };
const COLUMNS = 3;

/** A small plot a cost, both axes logarithmic; beside the costs, in grey, a line of power 1 through the first. */
export function lines(growth, title) {
  const { width, height, left, top, gap } = PLOT;
  const [wide, tall] = [left + width + 24, top + height + gap];
  const plots = growth.map(({ what, exponent, points }, index) => {
    const xs = points.map(([x]) => x);
    const ys = points.map(([, y]) => y);
    const linear = xs.map((x) => (ys[0] * x) / xs[0]);
    const [low, high] = [Math.min(...ys, ...linear), Math.max(...ys, ...linear)];
    const x = (value) => left + (width * Math.log(value / xs[0])) / Math.log(xs.at(-1) / xs[0]);
    const y = (value) => top + height - (height * Math.log(value / low)) / Math.log(high / low);
    const path = (values) =>
      `M${values.map((value, at) => `${x(xs[at]).toFixed(1)} ${y(value).toFixed(1)}`).join("L")}`;
    const ticks = xs.map(
      (value) =>
        `<path d="M${x(value).toFixed(1)} ${top + height}v4" stroke="${INK}"/>${text(x(value), top + height + 17, value >= 1000 ? `${told(value / 1000)}k` : value, 'text-anchor="middle"')}`,
    );
    const dots = points.map(
      ([at, value]) => `<circle cx="${x(at).toFixed(1)}" cy="${y(value).toFixed(1)}" r="3" fill="${OURS}"/>`,
    );
    const ends = [ys[0], ys.at(-1)].map((value) => text(left - 7, y(value) + 4, told(value), 'text-anchor="end"'));
    const frame = `<path d="M${left} ${top}v${height}h${width}" fill="none" stroke="${INK}"/>`;
    const drawn = `<path d="${path(linear)}" fill="none" stroke="${THEIRS}" stroke-dasharray="4 4"/><path d="${path(ys)}" fill="none" stroke="${OURS}" stroke-width="2"/>`;
    const head =
      text(left, top - 12, what, 'font-weight="bold"') +
      text(left + width, top - 12, `power ${exponent.toFixed(2)}`, 'text-anchor="end"');
    return `<g transform="translate(${(index % COLUMNS) * wide + 8} ${Math.floor(index / COLUMNS) * tall})">${head}${frame}${ticks.join("")}${drawn}${dots.join("")}${ends.join("")}</g>`;
  });
  const height_ = Math.ceil(growth.length / COLUMNS) * tall;
  const foot = text(
    left + 8,
    height_ + 2,
    `Across: ${title}, logarithmic as the costs are. Dashed: growth in step with the size.`,
  );
  return svg(COLUMNS * wide + 16, height_ + 16, [...plots, foot]);
}
