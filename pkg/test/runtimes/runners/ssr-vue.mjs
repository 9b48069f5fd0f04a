// A page that a server renders with Vue, as Nuxt does, and a browser hydrates, in a development build: Vue prints what differs.
import { build } from "esbuild";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { link, page, scratch, serving } from "../lib.mjs";

const files = {
  "app.mjs": `import { createSSRApp, h, resolveDirective, withDirectives } from "vue";
import { open } from "privet";
import { pack } from "privet/policies/contact";
import { Can, Menu, privet } from "privet/vue";
export const contact = open(pack);
const Page = {
  render: () => [
    h(Menu),
    h(Can, { do: "item.reports.view" }, { default: () => h("b", "reports"), fallback: () => "ask" }),
    h(Can, { do: "data.reports.manage" }, { default: () => "manage", fallback: () => h("p", "read only") }),
    h(Can, { do: "data.reports.manage", disabled: true, reason: "ask" }, () => h("button", { type: "button" }, "New")),
    withDirectives(h("p", "hidden"), [[resolveDirective("can"), "data.reports.manage"]]),
    withDirectives(h("p", "shown"), [[resolveDirective("can"), "item.reports.view"]]),
  ],
};
export const create = (session) => createSSRApp(Page).use(privet, { session });
`,
  "server.mjs": `import { renderToString } from "vue/server-renderer";
import { embed } from "privet/ssr";
import { contact, create } from "./app.mjs";
export const render = async (subject) => {
  const session = contact.session(subject);
  return { html: await renderToString(create(session)), data: embed(session) };
};
`,
  "client.mjs": `import { nextTick } from "vue";
import { hydrate } from "privet/ssr";
import { contact, create } from "./app.mjs";
const root = document.getElementById("root");
const [text, before] = [root.textContent, root.querySelector("button")];
create(hydrate(contact, document.getElementById("privet"))).mount(root);
nextTick(() => {
  const button = root.querySelector("button");
  globalThis.result = { same: root.textContent === text && button === before, disabled: button.getAttribute("aria-disabled") };
});
`,
};

export async function ssrVue() {
  link("vue", "@vue/server-renderer");
  const folder = scratch("ssr-vue", files);
  const { render } = await import(pathToFileURL(join(folder, "server.mjs")));
  const { html, data } = await render({ grants: { reports: "view-only" } });
  if (!/<b>reports<\/b>.*<p>read only<\/p>.*aria-disabled="true".*<p hidden.*<p>shown<\/p>/s.test(html))
    throw new Error(html);
  await build({
    entryPoints: [join(folder, "client.mjs")],
    outfile: join(folder, "client.js"),
    bundle: true,
    define: {
      "process.env.NODE_ENV": '"development"',
      __VUE_OPTIONS_API__: "false",
      __VUE_PROD_DEVTOOLS__: "false",
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "true",
    },
    logLevel: "error",
    absWorkingDir: folder,
  });
  const head = '<meta charset="utf-8"><link rel="icon" href="data:,">';
  writeFileSync(
    join(folder, "index.html"),
    `<!doctype html>${head}<div id="root">${html}</div>${data}<script type="module" src="client.js"></script>`,
  );
  const { same, disabled } = await serving(folder, page); // what Vue prints is an error
  if (!same || disabled !== "true") throw new Error(`the browser shows something else: ${disabled}`);
  return "rendered and hydrated, nothing printed";
}
