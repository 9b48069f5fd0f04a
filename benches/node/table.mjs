/** A table as text: a row a name, a column a title with what it says of a name. */
export function table(names, columns) {
  const rows = [["", ...Object.keys(columns)], ...names.map((name) => [name, ...Object.values(columns).map((of) => String(of(name)))])];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) => row.map((cell, column) => (column ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))).join("  ");
  return rows.map((row) => line(row).trimEnd()).join("\n");
}
