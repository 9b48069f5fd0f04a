// A page that a server renders and the browser takes over: both decide for themselves, and must draw the same.
import { build } from "esbuild";
import { existsSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { app, here, page, scratch, serving } from "../lib.mjs";

const files = {
  "app.mjs": `import { createElement as h } from "react";
import { open } from "privet";
import { pack } from "privet/policies/contact";
const contact = open(pack);
const shown = (items) => items.filter(({ state }) => state === "shown");
const list = (items) => h("ul", null, shown(items).map(({ id, label, children }) => h("li", { key: id }, label, list(children))));
export const App = ({ subject }) => list(contact.session(subject).menu());
`,
  "server.mjs": `import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { App } from "./app.mjs";
export const render = (subject) => renderToString(createElement(App, { subject }));
`,
  "client.mjs": `import { createElement, useEffect } from "react";
import { hydrateRoot } from "react-dom/client";
import { App } from "./app.mjs";
const root = document.getElementById("root");
const before = root.innerHTML;
const wrong = [];
const done = () => (globalThis.result = { wrong, same: root.innerHTML === before });
const Page = (props) => (useEffect(() => void setTimeout(done)), createElement(App, props));
hydrateRoot(root, createElement(Page, globalThis.data), { onRecoverableError: (error) => wrong.push(String(error)) });
`,
};

export async function ssr() {
  for (const name of ["react", "react-dom"]) {
    const link = join(app, "node_modules", name);
    if (!existsSync(link)) symlinkSync(join(here, "node_modules", name), link);
  }
  const folder = scratch("ssr", files);
  const subject = { grants: { crm: "modify", reports: "modify" } };
  const { render } = await import(pathToFileURL(join(folder, "server.mjs")));
  const html = render(subject);
  const items = html.split("<li>").length - 1;
  if (items < 3) throw new Error(`the server drew ${html}`);
  await build({
    entryPoints: [join(folder, "client.mjs")],
    outfile: join(folder, "client.js"),
    bundle: true,
    minify: true,
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "error",
  });
  const data = `<script>globalThis.data = ${JSON.stringify({ subject })}</script>`;
  const head = '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">';
  writeFileSync(join(folder, "index.html"), `${head}${data}<div id="root">${html}</div><script src="client.js"></script>`);
  const { wrong, same } = await serving(folder, page);
  if (wrong.length || !same) throw new Error(`hydration: ${JSON.stringify(wrong)}, the same: ${same}`);
  return `${items} menu items drawn and hydrated`;
}
