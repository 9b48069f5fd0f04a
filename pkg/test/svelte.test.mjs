// `privet/svelte` in a page, on a server, and hydrated.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { test } from "node:test";
import { suite } from "./support/frameworks.mjs";

const { compile } = createRequire(new URL("frameworks/", import.meta.url))("svelte/compiler");

/** Compiles components, as the Svelte plugins of bundlers do. */
const plugin = (generate) => ({
  name: "svelte",
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.svelte$/ }, async ({ path }) => {
      const { js } = compile(await readFile(path, "utf8"), { generate, filename: path, dev: generate === "client" });
      return { contents: js.code, loader: "js" };
    }),
});
const browser = { conditions: ["browser", "development"], plugins: [plugin("client")] };

await suite("svelte.mjs", browser);
const { body } = await suite("svelte-server.mjs", { plugins: [plugin("server")] });
const { hydrated } = await suite("svelte-hydrate.mjs", browser);

test("Svelte: the server's markup hydrates without a warning", () => {
  assert.match(body, /<b>orders\.list<\/b>/);
  assert.match(body, /<button[^>]* aria-disabled="true"/);
  assert.deepEqual(hydrated(body), { same: true, enabled: true, printed: [] });
});
