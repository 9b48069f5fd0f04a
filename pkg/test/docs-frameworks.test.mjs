// The examples of docs/frameworks.md run: each block whose first line names a file is that file.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { suite } from "./support/frameworks.mjs";

const page = readFileSync(new URL("../../docs/frameworks.md", import.meta.url), "utf8");
const blocks = [...page.matchAll(/```\w+\n(?:\/\/|<!--) ([\w./+-]+)(?: -->)?\n([\s\S]*?)```/g)];
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
// What the page does not show: the keys, and SvelteKit
files.set("next/keys.js", 'export { jwks as keys } from "./issuer.mjs";');
files.set(
  "@sveltejs/kit",
  "export const redirect = (status, location) => { throw Object.assign(new Error(), { status, location }); };",
);
/** Files that the page shows once, by the names that others import them by. */
const names = {
  "$lib/guarded.js": "next/guarded.js",
  "$lib/policy.js": "session.js",
  session: "session.js",
  "astro/src/guarded.js": "next/guarded.js",
  "@sveltejs/kit": "@sveltejs/kit",
};
const hidden = ["next/keys.js", "@sveltejs/kit"];
const load = (name) => {
  const text = files.get(name);
  assert.ok(text, `docs/frameworks.md has no ${name}`);
  if (name.endsWith(".svelte")) return { contents: compile(text, { filename: name }).js.code, loader: "js" };
  if (name.endsWith(".vue")) return { contents: vue(text, name), loader: "js" };
  if (name.endsWith(".html")) return { contents: text, loader: "text" };
  if (name.endsWith(".ts")) return { contents: text, loader: "ts" };
  if (!name.startsWith("solid/")) return { contents: text, loader: "jsx" };
  const options = { presets: [require("babel-preset-solid")], filename: name, configFile: false };
  return { contents: babel.transformSync(text, options).code, loader: "js" };
};
const docs = {
  name: "docs",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^docs:/ }, ({ path }) => ({ path: path.slice("docs:".length), namespace: "docs" }));
    onResolve({ filter: /^(\$lib\/|@sveltejs\/kit$)/ }, ({ path }) => ({ path: names[path], namespace: "docs" }));
    onResolve({ filter: /^\.\/issuer\.mjs$/ }, ({ path }) => ({ path: join(resolveDir, path) }));
    onResolve({ filter: /^\./, namespace: "docs" }, ({ path, importer }) => {
      const name = join(dirname(importer), path);
      return { path: names[name] ?? (files.has(name) ? name : `${name}.ts`), namespace: "docs" };
    });
    onLoad({ filter: /.*/, namespace: "docs" }, ({ path }) => ({ ...load(path), resolveDir }));
    onLoad({ filter: /\.svelte$/ }, ({ path }) => ({
      contents: compile(readFileSync(path, "utf8"), { filename: path }).js.code,
      loader: "js",
    }));
  },
};

test("every block that names a file is used", () => {
  const used = readFileSync(new URL("frameworks/docs.mjs", import.meta.url), "utf8");
  const imported = [...files.values(), used].flatMap((text) =>
    [...text.matchAll(/(?:from|import\()\s*"([^"]+)"/g)].map(([, name]) => name.replace(/^docs:/, "")),
  );
  const isUsed = (name) =>
    imported.some(
      (path) => name === (names[path] ?? path) || name.replace(/\.ts$/, "").endsWith(path.replace(/^[./]+/, "/")),
    );
  const shown = [...files.keys()].filter((name) => !name.endsWith(".d.ts") && !hidden.includes(name));
  assert.ok(shown.length > 24);
  assert.deepEqual(
    shown.filter((name) => !isUsed(name)),
    [],
  );
});

await suite("docs.mjs", {
  conditions: ["browser", "development"],
  plugins: [docs],
  alias: { "next/headers.js": join(resolveDir, "next-headers.mjs") },
  tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
});
