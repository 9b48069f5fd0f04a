// Pages as Markdown, HTML and CSV.
import { csv } from "../reports/csv.js";
import { element, escaped, page } from "../reports/html.js";
import { code, prose } from "../reports/markdown.js";
import { plain, type Block, type Cell, type Inline, type Page, type Table } from "./page.js";

/** An address within a page: of ids, in which `:` and `.` may stand. */
const address = (anchor: string) => encodeURIComponent(anchor);

/** The page as Markdown, with tables and Mermaid as GitHub and GitLab show them. */
export function markdownOf({ title, blocks }: Page): string {
  return `${[`# ${prose(title)}`, ...blocks.map(markdownBlock)].join("\n\n")}\n`;
}

function markdownBlock(block: Block): string {
  switch (block.kind) {
    case "heading":
      return `<a id="${address(block.anchor)}"></a>\n\n${"#".repeat(block.level)} ${prose(block.text)}`;
    case "text":
      return block.lines.map(markdownLine).join("  \n");
    case "list":
      return block.items
        .map((item, index) => `${block.isOrdered ? `${index + 1}.` : "-"} ${markdownLine(item)}`)
        .join("\n");
    case "diagram":
      return `\`\`\`mermaid\n${block.source}\`\`\``;
    case "table": {
      const rows = block.rows.map(({ anchor, cells }) => {
        const target = anchor === undefined ? "" : `<a id="${address(anchor)}"></a>`;
        return `| ${target}${cells.map((cell) => cell.map(markdownLine).join("<br>")).join(" | ")} |`;
      });
      return [`| ${block.heading.join(" | ")} |`, `|${"---|".repeat(block.heading.length)}`, ...rows].join("\n");
    }
  }
}

const markdownLine = (parts: readonly Inline[]): string =>
  parts
    .map((part) => {
      if ("code" in part) return code(part.code);
      if ("note" in part) return `<small>${prose(part.note)}</small>`;
      return "to" in part ? `[${prose(part.text)}](#${address(part.to)})` : edges(part.text);
    })
    .join("");

/** Text whose spaces at the edges stay. */
function edges(text: string): string {
  const [, start = "", middle = "", end = ""] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text) ?? [];
  return `${start && " "}${prose(middle)}${end && " "}`;
}

/** The page as one HTML file, which needs no network and no script. */
export function htmlOf({ title, blocks }: Page): string {
  return page(title, blocks.map(htmlBlock).join("\n"));
}

function htmlBlock(block: Block): string {
  switch (block.kind) {
    case "heading":
      return element(`h${block.level}`, { id: block.anchor }, escaped(block.text));
    case "text":
      return `<p>${block.lines.map(htmlLine).join("<br>")}</p>`;
    case "list":
      return element(
        block.isOrdered ? "ol" : "ul",
        {},
        block.items.map((item) => `<li>${htmlLine(item)}</li>`).join("\n"),
      );
    case "diagram":
      return `<details><summary>Diagram (Mermaid)</summary><pre class="mermaid">${escaped(block.source)}</pre></details>`;
    case "table":
      return htmlTable(block);
  }
}

function htmlTable({ heading, rows }: Table): string {
  const head = heading.map((title) => element("th", { scope: "col" }, escaped(title))).join("");
  const cell = (lines: Cell) => lines.map(htmlLine).join("<br>");
  const body = rows.map(({ anchor, cells: [first = [], ...rest] }) =>
    element(
      "tr",
      { class: "row", id: anchor },
      `<th scope="row">${cell(first)}</th>${rest.map((one) => `<td>${cell(one)}</td>`).join("")}`,
    ),
  );
  return `<table><thead><tr>${head}</tr></thead><tbody>\n${body.join("\n")}\n</tbody></table>`;
}

const htmlLine = (parts: readonly Inline[]): string =>
  parts
    .map((part) => {
      if ("code" in part) return `<code>${escaped(part.code)}</code>`;
      if ("note" in part) return `<span class="quiet">${escaped(part.note)}</span>`;
      return "to" in part ? element("a", { href: `#${address(part.to)}` }, escaped(part.text)) : escaped(part.text);
    })
    .join("");

/** A table as CSV: the lines of a cell are separated by line breaks. */
export function csvOf({ heading, rows }: Table): string {
  return csv([heading, ...rows.map(({ cells }) => cells.map((cell) => cell.map(plain).join("\n")))]);
}
