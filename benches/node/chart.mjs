// The figures as an SVG: bars on a logarithmic scale, since the engines are orders of magnitude apart.

const PANELS = [
  ["ns a check", ({ check }) => check],
  ["µs a change and the whole menu", ({ change }) => change],
  ["ms of processor time to the first decision of a process", ({ first }) => Math.max(first, 0.1)],
  ["kB gzip", ({ bytes }) => bytes.gzip / 1000],
];
const ROW = 22;
const LABEL = 200;
const WIDTH = 420;

/** The chart of the results, a panel a figure. */
export function chart(results) {
  const panel = 34 + ROW * results.length;
  const height = panel * PANELS.length + 10;
  const parts = PANELS.map(([title, of], index) => {
    const values = results.map(of);
    const least = Math.min(...values.filter((value) => value > 0)) / 2;
    const span = Math.log(Math.max(...values) / least);
    const bars = results.map(({ name }, row) => {
      const value = values[row];
      const long = value > 0 ? (WIDTH * Math.log(value / least)) / span : 0;
      const y = 26 + ROW * row;
      const said = value > 0 ? value.toLocaleString("en", { maximumSignificantDigits: 3 }) : "none";
      const fill = name === "privet" ? "#1f6f54" : "#9aa5b1";
      return `<text x="${LABEL - 8}" y="${y + 14}" text-anchor="end">${name}</text><rect x="${LABEL}" y="${y + 2}" width="${long.toFixed(1)}" height="${ROW - 6}" fill="${fill}"/><text x="${(LABEL + long + 6).toFixed(1)}" y="${y + 14}">${said}</text>`;
    });
    return `<g transform="translate(0 ${panel * index})"><text x="${LABEL}" y="16" font-weight="bold">${title} (logarithmic)</text>${bars.join("")}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${LABEL + WIDTH + 80} ${height}" font-family="system-ui, sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/>${parts.join("\n")}</svg>\n`;
}
