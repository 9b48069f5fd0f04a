// Bundles the modules of dist: one file for each entry of the package, and shared chunks for code that several entries use, so
// that a process reads few files and a class is the same object in every entry. Removes the modules that were bundled, and the
// declarations that no entry's declarations import.
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const { exports } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const paths = new Set(
  Object.values(exports).flatMap((entry) =>
    typeof entry === "string" ? [] : Object.values(entry).filter((path) => typeof path === "string"),
  ),
);
/** The files of entries with this extension, as paths within dist. */
const entriesIn = (extension) =>
  [...paths]
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

/** Code that is imported when it is needed stays in its own file. */
const lazily = {
  name: "lazily",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\.\/shared\// }, ({ path, kind }) =>
      kind === "dynamic-import" ? { path, external: true } : undefined,
    ),
};

const { metafile } = await build({
  absWorkingDir: dist,
  entryPoints: entriesIn(".js").filter((file) => ![...tools, ...sheets, ...withLibraries, ...plugins].includes(file)),
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
const bundledLibraries = await build({
  absWorkingDir: dist,
  entryPoints: withLibraries,
  outdir: dist,
  outbase: dist,
  allowOverwrite: true,
  bundle: true,
  format: "esm",
  target: "es2022",
  mainFields: ["module", "main"], // jsonc-parser's `main` cannot be bundled
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
const bundledSheets = await build({
  absWorkingDir: dist,
  entryPoints: sheets,
  outdir: dist,
  outbase: dist,
  allowOverwrite: true,
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  platform: "neutral",
  mainFields: ["module", "main"],
  external: ["privet"],
  chunkNames: "sheets/[hash]",
  minify: true,
  keepNames: true, // errors have the names of their classes
  metafile: true,
  logLevel: "warning",
});
// Jest runs tests as CommonJS, where `require` reads no ES module: policy tests as one file with all that they need
const bundledForRequire = await build({
  absWorkingDir: dist,
  entryPoints: ["cli/policy-tests/runner.js"],
  outfile: join(dist, "entries/test.cjs"),
  bundle: true,
  format: "cjs",
  target: "node20",
  platform: "node",
  mainFields: ["module", "main"],
  alias: { privet: "./entries/core-inline.js", "privet/studio": "./entries/studio-node.js" },
  plugins: [lazily],
  logOverride: { "ignored-bare-import": "silent" }, // of the package's own modules, which have no effects
  banner: { js: 'const moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
  define: { "import.meta.url": "moduleUrl" },
  minify: true,
  keepNames: true,
  metafile: true,
  logLevel: "warning",
});
copyFileSync(join(dist, "cli/policy-tests/runner.d.ts"), join(dist, "entries/test.d.cts"));
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
const bundledPlugins = await build({
  absWorkingDir: dist,
  entryPoints: {
    ...Object.fromEntries(plugins.map((file) => [file.replace(/\.js$/, ""), file])),
    ...Object.fromEntries(loaders.map((path) => [`bundlers/${path}`, `unplugin/${path}`])),
  },
  outdir: dist,
  allowOverwrite: true,
  bundle: true,
  splitting: true,
  format: "esm",
  target: "node20",
  platform: "node",
  mainFields: ["module", "main"],
  external: ["privet", "privet/*", "webpack"],
  banner: {
    js: 'import { createRequire as pluginRequire } from "node:module"; const require = pluginRequire(import.meta.url);',
  },
  plugins: [unplugin],
  chunkNames: "bundlers/[hash]",
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
  ...Object.keys(bundledLibraries.metafile.outputs),
  ...Object.keys(bundledTools.metafile.outputs),
  ...Object.keys(bundledSheets.metafile.outputs),
  ...Object.keys(bundledForRequire.metafile.outputs),
  "entries/test.d.cts",
  ...Object.keys(bundledPlugins.metafile.outputs),
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
  [bundledLibraries, bundledTools, bundledSheets, bundledPlugins]
    .flatMap(({ metafile }) => Object.keys(metafile.inputs))
    .flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []),
);
const licences = [...libraries].sort().map((name) => {
  const folder = new URL(`../node_modules/${name}/`, import.meta.url);
  const file = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
  return `${name}\n\n${readFileSync(new URL(file, folder), "utf8").trim()}\n`;
});
writeFileSync(join(dist, "cli/LICENSES.txt"), licences.join("\n\n"));
