// The examples of docs/frameworks.md run: each block whose first line names a file is that file.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { suite } from "./support/frameworks.mjs";

const page = readFileSync(new URL("../../docs/frameworks.md", import.meta.url), "utf8");
const blocks = [...page.matchAll(/```\w+\n(?:\/\/|<!--) ([\w./-]+)(?: -->)?\n([\s\S]*?)```/g)];
const files = new Map(blocks.map(([, name, text]) => [name, text]));
const require = createRequire(new URL("frameworks/", import.meta.url));
const { compile } = require("svelte/compiler");
const { compileScript, parse } = require("vue/compiler-sfc");
const babel = require("@babel/core");

/** A component of Vue as a module. */
function vue(text, filename) {
  const { descriptor } = parse(text, { filename });
  const { content } = compileScript(descriptor, { id: filename, inlineTemplate: true });
  return content;
}

const resolveDir = new URL("frameworks/", import.meta.url).pathname;
const load = (name) => {
  const text = files.get(name);
  assert.ok(text, `docs/frameworks.md has no ${name}`);
  if (name.endsWith(".svelte")) return { contents: compile(text, { filename: name }).js.code, loader: "js" };
  if (name.endsWith(".vue")) return { contents: vue(text, name), loader: "js" };
  if (name.endsWith(".html")) return { contents: text, loader: "text" };
  if (!name.startsWith("solid/")) return { contents: text, loader: "jsx" };
  const options = { presets: [require("babel-preset-solid")], filename: name, configFile: false };
  return { contents: babel.transformSync(text, options).code, loader: "js" };
};
const docs = {
  name: "docs",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^docs:/ }, ({ path }) => ({ path: path.slice("docs:".length), namespace: "docs" }));
    onResolve({ filter: /^\./, namespace: "docs" }, ({ path, importer }) => ({
      path: join(dirname(importer), path),
      namespace: "docs",
    }));
    onLoad({ filter: /.*/, namespace: "docs" }, ({ path }) => ({ ...load(path), resolveDir }));
    onLoad({ filter: /\.svelte$/ }, ({ path }) => ({
      contents: compile(readFileSync(path, "utf8"), { filename: path }).js.code,
      loader: "js",
    }));
  },
};

test("every block that names a file is used", () => {
  assert.deepEqual(
    [...files.keys()].filter((name) => !name.endsWith(".d.ts")).sort(),
    ["html/main.js", "html/page.html", "react/App.jsx", "react/Session.jsx", "routes.js", "server.js", "session.js"]
      .concat(["solid/App.jsx", "svelte/App.svelte", "vue/App.vue", "vue/main.js"])
      .sort(),
  );
});

await suite("docs.mjs", { conditions: ["browser", "development"], plugins: [docs] });
