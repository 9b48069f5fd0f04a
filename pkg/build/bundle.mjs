// Makes of the modules of dist one file for each entry of the package, and one for what several of them share: a process
// that imports an entry reads few files, and what stands in two entries is the same class in both.
import { build } from "esbuild";
import { readFileSync, readdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const { exports } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const paths = new Set(Object.values(exports).flatMap((entry) => (typeof entry === "string" ? [] : Object.values(entry))));
const entries = [...paths].filter((path) => /^\.\/dist\/[^*]*\.js$/.test(path)).map((path) => path.slice("./dist/".length));
/** Syntax that esbuild does not know. */
const left = "studio-source.js";

const { metafile } = await build({
  absWorkingDir: dist,
  entryPoints: entries,
  outdir: dist,
  allowOverwrite: true,
  bundle: true,
  splitting: true,
  format: "esm",
  target: "esnext",
  packages: "external",
  external: ["../wasm/*", `./${left}`],
  chunkNames: "shared-[hash]",
  metafile: true,
  logLevel: "warning",
});
const made = new Set([...Object.keys(metafile.outputs), left]);
for (const name of readdirSync(dist)) if (name.endsWith(".js") && !made.has(name)) rmSync(dist + name);
