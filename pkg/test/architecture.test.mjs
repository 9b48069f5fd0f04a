// The architecture of the sources: no circular imports, `import type` included, and imports only along the table of folders. The
// only test that reads the sources instead of the packed package.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const src = fileURLToPath(new URL("../src/", import.meta.url));

/** By folder: the folders that it may import, and the package itself as `privet`, which selects the entry for the runtime. */
const MAY_IMPORT = {
  core: [],
  studio: ["core", "wasm"],
  edge: ["core", "privet"],
  adapters: ["core", "edge"],
  authzen: ["core", "edge"],
  // Types alone of the studio
  cedar: ["core", "studio"],
  // Types alone of core and studio: at run time the command line uses the package as its users do
  cli: [
    ...["core", "studio", "language", "privet", "privet/studio", "privet/language", "privet/sheets", "privet/cedar"],
    ...["@clack/prompts", "commander", "jsonc-parser", "papaparse", "yaml", "zod"],
    ...["vscode-languageserver/node", "vscode-languageserver-textdocument"],
  ],
  sheets: ["privet", "fflate", "read-excel-file/universal"],
  // What editors show of documents; it runs in browsers, too
  language: ["core", "studio", "jsonc-parser"],
  bundlers: ["cli", "privet", "privet/studio", "unplugin"],
  hot: ["core"],
  live: ["core", "adapters"],
  frameworks: ["core"],
  devtools: ["core", "frameworks", "privet/studio"],
  why: ["core"],
  entries: [
    ...["core", "studio", "edge", "adapters", "authzen", "cedar", "cli", "live", "frameworks", "devtools", "why"],
    ...["language", "sheets", "bundlers", "hot", "wasm"],
  ],
};

/** The folders that run in Node.js alone, or have entries for it. */
const IN_NODE = ["entries", "cli", "bundlers"];

/** Removes comments; strings stay, also those with `//` in them. */
const withoutComments = (text) =>
  text.replace(/("(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_, string) => string ?? "");

/** The specifiers of all imports of a file: `import`, `import type`, `export from`, `import()`, also as a type, and `?module`. */
function specifiers(text) {
  const code = withoutComments(text);
  const patterns = [/\bfrom\s+"([^"]+)"/g, /\bimport\s*"([^"]+)"/g, /\bimport\s*\(\s*"([^"]+)"/g];
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map(([, specifier]) => specifier));
}

const files = readdirSync(src, { recursive: true }).filter((file) => file.endsWith(".ts"));
const ENTRIES = {
  privet: "entries/core-inline.ts",
  "privet/studio": "entries/studio-node.ts",
  "privet/sheets": "entries/sheets.ts",
  "privet/cedar": "entries/cedar.ts",
};
const entryOf = (specifier) => ENTRIES[specifier];

/** The file below src that an import refers to; `undefined` for other packages and WebAssembly. */
function resolve(from, specifier) {
  if (!specifier.startsWith(".")) return entryOf(specifier);
  const path = join(dirname(from), specifier);
  if (path.startsWith("../wasm/")) return undefined;
  const found = [".ts", ".d.ts"]
    .map((extension) => path.replace(/\.js$/, extension))
    .find((file) => files.includes(file));
  assert.ok(found, `src/${from} imports \`${specifier}\`, which does not exist`);
  return found;
}

/** By file: the specifiers of its imports, and the files of the sources among them. */
const imports = new Map(files.map((file) => [file, specifiers(readFileSync(join(src, file), "utf8"))]));
const graph = new Map(
  [...imports].map(([file, list]) => [file, list.map((specifier) => resolve(file, specifier)).filter(Boolean)]),
);

/** The first circle of a graph, as a path that begins and ends with the same node; `undefined` if there is none. */
function circle(graph) {
  const done = new Set();
  const visit = (node, path) => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return undefined;
    for (const next of graph.get(node) ?? []) {
      const found = visit(next, [...path, node]);
      if (found) return found;
    }
    done.add(node);
    return undefined;
  };
  for (const node of graph.keys()) {
    const found = visit(node, []);
    if (found) return found;
  }
  return undefined;
}

test("every form of import is recognised", () => {
  const text = `
    import a from "./a.js"; // import x from "./x.js"
    import type { B } from "./b.js"; /* import y from "./y.js" */
    export { c } from "./c.js";
    export * from "./d.js";
    export type * from "./e.js";
    import "./f.js";
    const g = await import("./g.js");
    type H = import("./h.js").H;
    import {
      type I,
    } from "./i.js";
    const url = "http://example.test/"; import j from "./j.js";
  `;
  const found = specifiers(text).map((specifier) => specifier.slice(2, 3));
  assert.deepEqual(found.sort(), [..."abcdefghij"]);
  assert.deepEqual(circle(new Map(Object.entries({ a: ["b"], b: ["c"], c: ["b"] }))), ["b", "c", "b"]);
  assert.equal(circle(new Map(Object.entries({ a: ["b", "c"], b: ["c"], c: [] }))), undefined);
});

test("no file imports itself, directly or indirectly, by value or by type", () => {
  assert.ok(files.length > 30 && [...graph.values()].flat().length > 80, "the sources were not found");
  assert.equal(circle(graph)?.join(" → "), undefined);
});

test("folders import only along the table, and packages where they are needed", () => {
  const users = {
    jose: ["edge/jwt.ts", "edge/keys.ts", "edge/registered.ts", "edge/signed.ts"],
    hono: ["adapters/hono.ts"],
    "next/headers.js": ["adapters/next.ts"],
    react: ["frameworks/react.ts"],
  };
  for (const name of ["svelte", "svelte/reactivity"]) users[name] = ["frameworks/svelte.ts"];
  for (const name of ["solid-js", "solid-js/web"]) users[name] = ["frameworks/solid.ts"];
  users.vue = ["frameworks/vue.ts"];
  for (const name of ["common", "core", "router"]) users[`@angular/${name}`] = ["frameworks/angular.ts"];
  for (const [file, list] of imports) {
    const folder = file.split("/")[0];
    assert.ok(folder in MAY_IMPORT, `src/${file} is in no folder of the table`);
    for (const specifier of list) {
      const path = join(dirname(file), specifier).replace(/^\.\.\//, "");
      const to = specifier.startsWith(".") ? path.split("/")[0] : specifier;
      const isAllowed = to.startsWith("node:")
        ? IN_NODE.includes(folder)
        : to === folder || MAY_IMPORT[folder].includes(to) || users[to]?.includes(file);
      assert.ok(isAllowed, `src/${file} may not import \`${specifier}\``);
    }
  }
});

test("every export of the package is an entry", () => {
  const { exports } = JSON.parse(readFileSync(join(src, "../package.json"), "utf8"));
  const below = (value) => (typeof value === "string" ? [value] : Object.values(value).flatMap(below));
  const paths = Object.values(exports).flatMap((entry) => (typeof entry === "string" ? [] : below(entry)));
  for (const path of paths.filter((path) => !path.includes("*") && !path.startsWith("./svelte/"))) {
    const [, name] = /^\.\/dist\/(entries\/[\w-]+)\.(?:d\.c?ts|c?js)$/.exec(path) ?? [];
    assert.ok(name && existsSync(join(src, `${name}.ts`)), `${path} is not made from a file of src/entries`);
  }
});
