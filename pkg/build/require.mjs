// Writes the CommonJS form of the entries that have a condition `require`, for Jest, whose default is CommonJS, and for Node.js without
// require(esm). Each module that they reach becomes a file of its own, so that a class is the same object in every entry.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { pathsOf } from "./exports.mjs";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
/** Policy tests, which bundle.mjs has bundled with their libraries. */
const BUNDLED = "entries/test.cjs";
/** Modules below dist that an import refers to. */
const below = (from, specifier) => relative(dist, join(dist, from, "..", specifier));

/** The files of an extension that `exports` names, as paths within dist; for a pattern all files that it matches. */
function named(extension) {
  return pathsOf()
    .filter((path) => path.startsWith("./dist/") && path.endsWith(extension))
    .flatMap((path) => {
      const [folder, tail] = path.slice("./dist/".length).split("*");
      if (tail === undefined) return [folder];
      const source = tail.replace(/c([jt]s)$/, "$1");
      const files = readdirSync(join(dist, folder)).filter((file) => file.endsWith(source));
      return files.map((file) => `${folder}${file.slice(0, -source.length)}${tail}`);
    })
    .filter((path) => path !== BUNDLED)
    .map((path) => path.replace(/c([jt]s)$/, "$1"));
}

const modules = new Set(named(".cjs"));
/** Imports of other modules of dist stay imports; the glue of the studio's WebAssembly becomes a part of the module that imports it. */
const separate = (from) => ({
  name: "separate",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\.?\// }, ({ path, kind }) => {
      if (kind === "entry-point" || path.includes("/wasm/")) return undefined;
      // The studio's compressed module is 560 kB, and is needed where a bundler has moved the code: it is not there twice
      if (kind === "dynamic-import" && from === "entries/studio-node.js") return { path, external: true };
      modules.add(below(from, path));
      return { path: path.replace(/\.js$/, ".cjs"), external: true };
    }),
});
for (const file of modules) {
  const text = readFileSync(join(dist, file), "utf8");
  const banner = [
    ...(text.includes("import.meta.url")
      ? ['const moduleUrl = require("node:url").pathToFileURL(__filename).href;']
      : []),
    // Jest's jsdom has them not
    ...(text.includes("/wasm/") ? ['const { TextDecoder, TextEncoder } = require("node:util");'] : []),
  ];
  await build({
    absWorkingDir: dist,
    entryPoints: [file],
    outfile: join(dist, file.replace(/\.js$/, ".cjs")),
    bundle: true,
    format: "cjs",
    target: "node20",
    platform: "node",
    packages: "external",
    plugins: [separate(file)],
    supported: { "dynamic-import": file === "entries/studio-node.js" }, // Jest has no `import()` in CommonJS
    banner: { js: banner.join("\n") },
    define: { "import.meta.url": "moduleUrl" },
    charset: "utf8",
    logLevel: "warning",
  });
}

const declarations = new Set(named(".d.cts"));
for (const file of declarations) {
  const text = readFileSync(join(dist, file), "utf8");
  for (const [, path] of text.matchAll(/"(\.\.?\/[\w./-]+)\.js"/g)) declarations.add(below(file, `${path}.d.ts`));
  const required = text.replaceAll(/"(\.\.?\/[\w./-]+)\.js"/g, '"$1.cjs"');
  writeFileSync(join(dist, file.replace(/\.d\.ts$/, ".d.cts")), required);
}
