// SvelteKit: a layout gives the session of the server, whose markup hydrates; a route is guarded on the server and in the browser.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build, preview } from "vite";
import { link, scratch, tabs } from "../lib.mjs";

const files = {
  "package.json": '{ "private": true, "type": "module", "dependencies": { "privet": "*" } }', // the plugin looks there for packages with Svelte
  "vite.config.js": `import { sveltekit } from "@sveltejs/kit/vite";
export default { plugins: [sveltekit()] };
`,
  "svelte.config.js": "export default {};\n",
  "src/app.html": `<!doctype html><html lang="en"><head><link rel="icon" href="data:," />%sveltekit.head%</head>
<body><div style="display: contents">%sveltekit.body%</div></body></html>
`,
  "src/lib/policy.js": `import { open } from "privet";
import { pack } from "privet/policies/contact";
export const contact = open(pack);
`,
  "src/routes/+layout.server.js": `import { dehydrate } from "privet/ssr";
import { contact } from "$lib/policy.js";
export const load = () => ({ value: dehydrate(contact.session({ grants: { reports: "view-only" } })) });
`,
  "src/routes/+layout.js": `import { hydrate } from "privet/ssr";
import { contact } from "$lib/policy.js";
export const load = ({ data }) => ({ session: hydrate(contact, data.value) });
`,
  "src/routes/+layout.svelte": `<script>
  import { setPrivet } from "privet/svelte";
  let { data, children } = $props();
  setPrivet(() => data.session);
</script>
<main>{@render children()}</main>
`,
  "src/routes/+page.svelte": `<script>
  import { onMount } from "svelte";
  import { usePrivet } from "privet/svelte";
  import Can from "privet/svelte/Can.svelte";
  const privet = usePrivet();
  onMount(() => {
    globalThis.hydrated = true;
  });
</script>
<p>{privet.menu.map(({ label }) => label)}</p>
<Can do="item.reports.view"><b>reports</b></Can>
<Can do="data.reports.manage" disabled reason="ask">
  {#snippet children({ disabled })}<button type="button" {...disabled}>New</button>{/snippet}
</Can>
<a href="/manage">manage</a>
`,
  "src/routes/manage/+page.js": `import { redirect } from "@sveltejs/kit";
import { guardRoute } from "privet/routes";
export const load = async (event) => {
  const { session } = await event.parent();
  return guardRoute(session, "data.reports.manage", { otherwise: () => redirect(303, "/?denied") })(event);
};
`,
  "src/routes/manage/+page.svelte": "<h1>manage</h1>\n",
};

export async function sveltekit() {
  link("vite", "svelte", "@sveltejs/kit", "@sveltejs/vite-plugin-svelte");
  const root = scratch("sveltekit");
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  const before = process.cwd();
  process.chdir(root); // SvelteKit reads its configuration from the current folder
  try {
    await build({ root, logLevel: "error", build: { chunkSizeWarningLimit: 4096 } });
    const server = await preview({ root, logLevel: "error", preview: { host: "127.0.0.1", port: 0 } });
    const url = server.resolvedUrls.local[0];
    try {
      const html = await (await fetch(url)).text();
      if (!/<p>Data<\/p>.*<b>reports<\/b>.*<button[^>]*aria-disabled="true"/s.test(html)) throw new Error(html);
      const denied = await fetch(`${url}manage`, { redirect: "manual" });
      if (denied.status !== 303) throw new Error(`/manage is answered with ${denied.status}`);
      await tabs(url, 1, async ([page]) => {
        await page.waitForFunction(() => globalThis.hydrated);
        const shown = await page.evaluate(() => document.querySelector("main").textContent.replace(/\s+/g, " ").trim());
        if (shown !== "Data reports New ask manage") throw new Error(`the browser shows ${shown}`);
        await page.click("a");
        await page.waitForURL(/denied/);
      });
    } finally {
      await server.close();
    }
  } finally {
    process.chdir(before);
  }
  return "a layout with the server's session, hydrated, and a guarded route";
}
