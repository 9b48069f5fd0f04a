// Tables: a row a name, a column a title with what it says of a name.
const rows = ({ names, columns }) => [
  ["", ...Object.keys(columns)],
  ...names.map((name) => [name, ...Object.values(columns).map((of) => String(of(name)))]),
];

/** As text. */
export function text(table) {
  const all = rows(table);
  const widths = all[0].map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const line = (row) =>
    row.map((cell, column) => (column ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))).join("  ");
  return all.map((row) => line(row).trimEnd()).join("\n");
}

/** As Markdown. */
export function markdown(table) {
  const [head, ...body] = rows(table);
  const line = (row) => `| ${row.join(" | ")} |`;
  return [line(head), line(head.map((_, column) => (column ? "--:" : "---"))), ...body.map(line)].join("\n");
}
