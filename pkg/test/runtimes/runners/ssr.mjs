// A page that a server renders and a browser hydrates, with the session in it: markup and decisions must be equal.
import { build } from "esbuild";
import { existsSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { app, here, page, scratch, serving } from "../lib.mjs";

const files = {
  "app.mjs": `import { createElement as h } from "react";
import { open } from "privet";
import { pack } from "privet/policies/contact";
export const contact = open(pack);
const shown = (items) => items.filter(({ state }) => state === "shown");
const list = (items) => h("ul", null, shown(items).map(({ id, label, children }) => h("li", { key: id }, label, list(children))));
export const App = ({ session }) => list(session.menu());
`,
  "server.mjs": `import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { embed } from "privet/ssr";
import { App, contact } from "./app.mjs";
export const render = (subject) => {
  const session = contact.session(subject);
  return { html: renderToString(createElement(App, { session })), data: embed(session), allowed: session.allowed() };
};
`,
  "client.mjs": `import { createElement, useEffect } from "react";
import { hydrateRoot } from "react-dom/client";
import { hydrate } from "privet/ssr";
import { App, contact } from "./app.mjs";
const session = hydrate(contact, document.getElementById("privet"));
const root = document.getElementById("root");
const before = root.innerHTML;
const wrong = [];
const done = () => (globalThis.result = { wrong, same: root.innerHTML === before, allowed: session.allowed() });
const Page = (props) => (useEffect(() => void setTimeout(done)), createElement(App, props));
hydrateRoot(root, createElement(Page, { session }), { onRecoverableError: (error) => wrong.push(String(error)) });
`,
};

export async function ssr() {
  for (const name of ["react", "react-dom"]) {
    const link = join(app, "node_modules", name);
    if (!existsSync(link)) symlinkSync(join(here, "node_modules", name), link);
  }
  const folder = scratch("ssr", files);
  const subject = {
    facts: { "flow-editor": true },
    grants: { "routing-flows": "modify", crm: "modify", reports: "modify" },
  };
  const { render } = await import(pathToFileURL(join(folder, "server.mjs")));
  const { html, data, allowed } = render(subject);
  const items = html.split("<li>").length - 1;
  if (items < 3) throw new Error(`the server rendered ${html}`);
  await build({
    entryPoints: [join(folder, "client.mjs")],
    outfile: join(folder, "client.js"),
    bundle: true,
    minify: true,
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "error",
  });
  const head = '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">';
  writeFileSync(
    join(folder, "index.html"),
    `${head}${data}<div id="root">${html}</div><script src="client.js"></script>`,
  );
  const { wrong, same, allowed: hydrated } = await serving(folder, page);
  if (JSON.stringify(hydrated) !== JSON.stringify(allowed))
    throw new Error(`the browser allows ${hydrated}, the server ${allowed}`);
  if (wrong.length || !same) throw new Error(`hydration: ${JSON.stringify(wrong)}, the same: ${same}`);
  return `${items} menu items rendered and hydrated`;
}
