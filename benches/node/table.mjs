// Tables for the terminal and for Markdown. A table has row names, and columns: functions of a row name by title.
import Table from "cli-table3";
import { markdownTable } from "markdown-table";

const rows = ({ names, columns }) => [
  ["", ...Object.keys(columns)],
  ...names.map((name) => [name, ...Object.values(columns).map((cell) => String(cell(name)))]),
];

const SIDES = ["top", "bottom", "left", "right", "mid", "left-mid", "mid-mid", "right-mid", "top-mid", "bottom-mid"];
const CORNERS = ["top-left", "top-right", "bottom-left", "bottom-right"];
const NO_BORDER = { ...Object.fromEntries([...SIDES, ...CORNERS].map((name) => [name, ""])), middle: "  " };

/** As text: the first column left-aligned, figures right-aligned. */
export function text(table) {
  const [head, ...body] = rows(table);
  const colAligns = head.map((_, column) => (column === 0 ? "left" : "right"));
  const style = { "padding-left": 0, "padding-right": 0, head: [], border: [] };
  const printed = new Table({ head, colAligns, style, chars: NO_BORDER });
  printed.push(...body);
  return printed
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** As Markdown, unpadded: a changed figure changes one row only. */
export function markdown(table) {
  const [head, ...body] = rows(table);
  const align = head.map((_, column) => (column === 0 ? "" : "right"));
  return markdownTable([head, ...body], { align, alignDelimiters: false });
}
