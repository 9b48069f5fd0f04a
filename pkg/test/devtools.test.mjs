// `privet/devtools` with every adapter, in development and in production builds.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { bundled, sizeOf } from "../build/sizes.mjs";
import { suite } from "./support/frameworks.mjs";

const require = createRequire(new URL("frameworks/", import.meta.url));
const { compile } = require("svelte/compiler");
const svelte = {
  name: "svelte",
  setup({ onLoad }) {
    onLoad({ filter: /\.svelte$/ }, ({ path }) => ({
      contents: compile(readFileSync(path, "utf8"), { filename: path }).js.code,
      loader: "js",
    }));
  },
};
const more = { plugins: [svelte], conditions: ["browser", "development"] };
await suite("devtools.mjs", more);
await suite("production.mjs", { define: { "process.env.NODE_ENV": '"production"' } });

for (const name of ["react", "vue", "svelte", "solid", "elements", "angular"])
  test(`a production build with privet/${name} has no byte of the devtools`, async () => {
    const adapter = `export * from "privet/${name}";`;
    const folder = process.env.PRIVET_INSTALLED;
    const without = await bundled(adapter, folder);
    const used = await bundled(
      `import { devtools } from "privet/devtools"; ${adapter} if (process.env.NODE_ENV !== "production") devtools();`,
      folder,
    );
    assert.equal(used.length, without.length); // local names may differ
    assert.doesNotMatch(String(used), /devtools|data-privet|inspector|typeof process/);
    // Without the condition of the application, what is left is a function that does nothing
    const called = await bundled(`import { devtools } from "privet/devtools"; ${adapter} devtools();`, folder);
    assert.ok(sizeOf(called).raw - sizeOf(without).raw < 100, String(called).slice(-200));
    assert.doesNotMatch(String(called), /Outline what is shown/);
  });
