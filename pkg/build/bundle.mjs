// Bundles the modules of dist: one file for each entry of the package, and shared chunks for code that several entries use, so
// that a process reads few files and a class is the same object in every entry. Removes the modules that were bundled, and the
// declarations that no entry's declarations import.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const { exports } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const paths = new Set(
  Object.values(exports).flatMap((entry) => (typeof entry === "string" ? [] : Object.values(entry))),
);
/** The files of entries with this extension, as paths within dist. */
const entriesIn = (extension) =>
  [...paths]
    .filter((path) => path.startsWith("./dist/") && !path.includes("*") && path.endsWith(extension))
    .map((path) => path.slice("./dist/".length));
/** A module with syntax that esbuild does not support. */
const unbundled = "entries/studio-module.js";
/** What runs at a terminal or in a test runner: its libraries are bundled, and it imports the package by its name. */
const tools = ["entries/test.js", "cli/main.js", "cli/module.js"];
/** Imports that stay as they are written: every output is one folder below dist, as the sources are below src. */
const external = {
  name: "external",
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/wasm\/|\/studio-module\.js$/ }, ({ path }) => ({ path, external: true })),
};

const { metafile } = await build({
  absWorkingDir: dist,
  entryPoints: entriesIn(".js").filter((file) => !tools.includes(file)),
  outdir: dist,
  outbase: dist,
  allowOverwrite: true,
  bundle: true,
  splitting: true,
  format: "esm",
  target: "esnext",
  packages: "external",
  platform: "neutral", // so that `process.env.NODE_ENV` stays: whoever bundles an application says what it is
  plugins: [external],
  charset: "utf8", // the linker of Angular looks for its identifiers, which are not ASCII
  chunkNames: "shared/[hash]",
  metafile: true,
  logLevel: "warning",
});
const bundledTools = await build({
  absWorkingDir: dist,
  entryPoints: tools,
  outdir: dist,
  outbase: dist,
  allowOverwrite: true,
  bundle: true,
  splitting: true,
  format: "esm",
  target: "node20",
  platform: "node",
  mainFields: ["module", "main"], // jsonc-parser's `main` cannot be bundled
  external: ["privet", "privet/*"],
  banner: {
    js: 'import { createRequire as cliRequire } from "node:module"; const require = cliRequire(import.meta.url);',
  }, // commander
  chunkNames: "cli/[hash]",
  minify: true,
  metafile: true,
  logLevel: "warning",
});
const declarations = new Set(entriesIn(".d.ts"));
for (const file of declarations) {
  for (const [, path] of readFileSync(join(dist, file), "utf8").matchAll(/"(\.\.?\/[\w./-]+)\.js"/g))
    declarations.add(join(dirname(file), `${path}.d.ts`));
}
const kept = new Set([
  ...Object.keys(metafile.outputs),
  ...Object.keys(bundledTools.metafile.outputs),
  unbundled,
  ...declarations,
]);
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  if (entry.isFile() && !kept.has(relative(dist, path)) && !path.endsWith(".schema.json")) rmSync(path);
}
// Folders below others come later in the listing, so that the reverse removes the inner ones first
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true }).reverse()) {
  const path = join(entry.parentPath, entry.name);
  if (entry.isDirectory() && readdirSync(path).length === 0) rmSync(path, { recursive: true });
}

// The licences of the libraries that are bundled, which ask for it
const libraries = new Set(
  Object.keys(bundledTools.metafile.inputs).flatMap(
    (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
  ),
);
const licences = [...libraries].sort().map((name) => {
  const folder = new URL(`../node_modules/${name}/`, import.meta.url);
  const file = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
  return `${name}\n\n${readFileSync(new URL(file, folder), "utf8").trim()}\n`;
});
writeFileSync(join(dist, "cli/LICENSES.txt"), licences.join("\n\n"));
