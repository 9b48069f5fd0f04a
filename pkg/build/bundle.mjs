// Bundles the modules of dist: one file for each entry of the package, and shared chunks for code that several entries use, so
// that a process reads few files and a class is the same object in every entry. Removes the modules that were bundled, and the
// declarations that no entry's declarations import.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { pathsOf } from "./exports.mjs";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const paths = pathsOf();
/** The files of entries with this extension, as paths within dist. */
const entriesIn = (extension) =>
  paths
    .filter((path) => path.startsWith("./dist/") && !path.includes("*") && path.endsWith(extension))
    .map((path) => path.slice("./dist/".length));
/** A module with syntax that esbuild does not support. */
const unbundled = "entries/studio-module.js";
/** What runs in browsers with a library in it. */
const withLibraries = ["entries/language.js"];
/** The plugins of bundlers. */
const plugins = ["vite", "rollup", "webpack", "rspack", "esbuild"].map((name) => `entries/${name}.js`);
/** What runs at a terminal or in a test runner: its libraries are bundled, and it imports the package by its name. */
const tools = ["entries/test.js", "cli/main.js", "cli/module.js"];
/** What reads tables: its libraries are bundled, and those for workbooks are a file of their own, which is loaded when it is needed. */
const sheets = ["entries/sheets.js"];
/** Imports that stay as they are written: every output is one folder below dist, as the sources are below src. */
const external = {
  name: "external",
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/wasm\/|\/studio-module\.js$/ }, ({ path }) => ({ path, external: true })),
};

/**
 * Puts the texts of errors where they are used: modules import core/messages.js as `texts`. A constant for each would make the core larger.
 */
const TEXTS = { ...(await import("../dist/core/messages.js")) };
const texts = {
  name: "texts",
  setup: ({ onLoad }) =>
    onLoad({ filter: /\/dist\/core\/\w+\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replaceAll(/\btexts\.(\w+)/g, (_, name) => JSON.stringify(TEXTS[name])),
      loader: "js",
    })),
};

/** What all bundles have in common. */
const common = {
  absWorkingDir: dist,
  outdir: dist,
  outbase: dist,
  allowOverwrite: true,
  bundle: true,
  format: "esm",
  mainFields: ["module", "main"], // jsonc-parser's `main` cannot be bundled
  metafile: true,
  sourcemap: process.env.PRIVET_SOURCE_MAPS === "1", // for coverage (scripts/trust/coverage.sh); the package has none
  logLevel: "warning",
};
/** What runs in Node.js beside the package, which it imports by its name. */
const inNode = {
  ...common,
  target: "node20",
  platform: "node",
  external: ["privet", "privet/*"],
  minify: true,
};
/** Gives libraries in CommonJS that are bundled into ESM a `require`, under a name that no module of ours has. */
const requireAs = (name) => ({
  js: `import { createRequire as ${name} } from "node:module"; const require = ${name}(import.meta.url);`,
});
/**
 * unplugin locates the loaders that webpack and Rspack run by their paths beside its module, and loads a library only when it is needed.
 */
const unplugin = {
  name: "unplugin",
  setup: ({ onLoad }) =>
    onLoad({ filter: /unplugin\/dist\/index\.mjs$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8")
        .replaceAll(/"((?:webpack|rspack)\/loaders\/\w+)\.mjs"/g, '"$1.js"')
        .replaceAll("import.meta.dirname", 'fileURLToPath(new URL(".", import.meta.url))')
        .replace('__require("webpack-virtual-modules")', "VirtualModules");
      return { contents: `import VirtualModules from "webpack-virtual-modules";\n${text}`, loader: "js" };
    }),
};
const loaders = ["webpack/loaders/load", "rspack/loaders/load"];

const bundles = [
  await build({
    ...common,
    entryPoints: entriesIn(".js").filter((file) => ![...tools, ...sheets, ...withLibraries, ...plugins].includes(file)),
    splitting: true,
    target: "esnext",
    packages: "external",
    platform: "neutral", // so that `process.env.NODE_ENV` stays: whoever bundles an application says what it is
    plugins: [external, texts],
    charset: "utf8", // the linker of Angular looks for its identifiers, which are not ASCII
    chunkNames: "shared/[hash]",
  }),
  await build({ ...common, entryPoints: withLibraries, target: "es2022" }),
  await build({
    ...inNode,
    entryPoints: tools,
    splitting: true,
    banner: requireAs("cliRequire"), // for commander
    chunkNames: "cli/[hash]",
  }),
  await build({
    ...common,
    entryPoints: sheets,
    splitting: true,
    target: "es2022",
    platform: "neutral",
    external: ["privet"],
    chunkNames: "sheets/[hash]",
    minify: true,
    keepNames: true, // errors have the names of their classes
  }),
  // Policy tests in CommonJS; require.mjs makes the CommonJS form of the package that they import
  await build({
    ...inNode,
    entryPoints: { "entries/test": "cli/policy-tests/runner.js" },
    outExtension: { ".js": ".cjs" },
    format: "cjs",
    supported: { "dynamic-import": false }, // Jest has no `import()` in CommonJS
    keepNames: true,
  }),
  await build({
    ...inNode,
    entryPoints: {
      ...Object.fromEntries(plugins.map((file) => [file.replace(/\.js$/, ""), file])),
      ...Object.fromEntries(loaders.map((path) => [`bundlers/${path}`, `unplugin/${path}`])),
    },
    splitting: true,
    external: [...inNode.external, "webpack"],
    banner: requireAs("pluginRequire"),
    plugins: [unplugin],
    chunkNames: "bundlers/[hash]",
  }),
];

const declarations = new Set(entriesIn(".d.ts"));
for (const file of declarations) {
  for (const [, path] of readFileSync(join(dist, file), "utf8").matchAll(/"(\.\.?\/[\w./-]+)\.js"/g))
    declarations.add(join(dirname(file), `${path}.d.ts`));
}
const kept = new Set([...bundles.flatMap(({ metafile }) => Object.keys(metafile.outputs)), unbundled, ...declarations]);
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  if (entry.isFile() && !kept.has(relative(dist, path)) && !path.endsWith(".schema.json")) rmSync(path);
}
// Folders below others come later in the listing, so that the reverse removes the inner ones first
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true }).reverse()) {
  const path = join(entry.parentPath, entry.name);
  if (entry.isDirectory() && readdirSync(path).length === 0) rmSync(path, { recursive: true });
}

// The libraries that are bundled, for third-party.mjs
const libraries = new Set(
  bundles
    .flatMap(({ metafile }) => Object.keys(metafile.inputs))
    .flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []),
);
writeFileSync(new URL("../../target/bundled.json", import.meta.url), JSON.stringify([...libraries].sort()));
