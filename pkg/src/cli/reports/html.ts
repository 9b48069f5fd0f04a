// Static pages: one file each, which needs no network, prints, and can be read without script. Text of a policy is escaped.

/** Text as HTML. */
export function escaped(text: string): string {
  return text
    .replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
    .replace(/[\p{Cc}]/gu, (char) => (char === "\n" ? char : " "));
}

/** An element with attributes whose values are escaped; `content` is HTML. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | undefined>>,
  content: string,
): string {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${escaped(value)}"`],
  );
  return `<${name}${written.join("")}>${content}</${name}>`;
}

/** A table with a heading row. Cells are HTML. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[], caption?: string): string {
  const cells = (tag: string, row: readonly string[], scope?: string) =>
    row.map((cell) => element(tag, { scope }, cell)).join("");
  const body = rows.map(
    (row) => `<tr class="row">${element("th", { scope: "row" }, row[0] ?? "")}${cells("td", row.slice(1))}</tr>`,
  );
  const title = caption === undefined ? "" : `<caption>${escaped(caption)}</caption>`;
  return `<table>${title}<thead><tr>${cells("th", heading, "col")}</tr></thead><tbody>${body.join("\n")}</tbody></table>`;
}

const STYLE = `
:root { color-scheme: light dark; --line: #8886; --faint: #8882; --allowed: #0a7a3a; --denied: #a3352f; }
@media (prefers-color-scheme: dark) { :root { --allowed: #6fd497; --denied: #ff9b94; } }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 75rem; padding: 1rem; }
table { border-collapse: collapse; width: 100%; margin: 0.5rem 0 1.5rem; font-size: 0.9rem; }
caption { text-align: left; font-weight: 600; }
th, td { border: 1px solid var(--line); padding: 0.3rem 0.5rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
thead th { background: var(--faint); }
code { font-family: ui-monospace, monospace; font-size: 0.9em; }
nav ul { columns: 3 14rem; padding-left: 1.2rem; }
.search { position: sticky; top: 0; background: Canvas; padding: 0.5rem 0; }
.search input { font: inherit; padding: 0.4rem; width: min(100%, 24rem); }
.allowed { color: var(--allowed); font-weight: 600; } .denied { color: var(--denied); }
.quiet { opacity: 0.75; font-size: 0.85em; }
[hidden] { display: none; }
@media print { .search, nav { display: none; } body { max-width: none; font-size: 10pt; } tr { break-inside: avoid; } h2 { break-before: page; } h2:first-of-type { break-before: auto; } }
`;

/** Filters rows as one types. Without it, the page is complete and the browser's own search works. */
const SCRIPT = `
const box = document.querySelector(".search");
box.hidden = false;
const status = box.querySelector("output");
const rows = [...document.querySelectorAll("tr.row")];
box.querySelector("input").addEventListener("input", ({ target }) => {
  const words = target.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
    shown += row.hidden ? 0 : 1;
  }
  status.textContent = words.length ? shown + " of " + rows.length + " rows" : "";
});
`;

/** A page. `body` is HTML. */
export function page(title: string, body: string): string {
  const search = '<div class="search" hidden><label>Search <input type="search"></label> <output></output></div>';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
${search}
${body}
<script>${SCRIPT}</script>
</body>
</html>
`;
}
