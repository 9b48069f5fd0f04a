// Makes of the modules of dist one file for each entry of the package, and one for what several of them share: a process
// that imports an entry reads few files, and what stands in two entries is the same class in both. Of types it leaves those
// that an entry tells of.
import { build } from "esbuild";
import { readFileSync, readdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const { exports } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const paths = new Set(
  Object.values(exports).flatMap((entry) => (typeof entry === "string" ? [] : Object.values(entry))),
);
/** The files of entries with this ending, by their names in dist. */
const entriesIn = (ending) =>
  [...paths]
    .filter((path) => path.startsWith("./dist/") && !path.includes("*") && path.endsWith(ending))
    .map((path) => path.slice("./dist/".length));
/** Syntax that esbuild does not know. */
const left = "studio-source.js";

const { metafile } = await build({
  absWorkingDir: dist,
  entryPoints: entriesIn(".js"),
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
const types = new Set(entriesIn(".d.ts"));
for (const name of types) {
  for (const [, other] of readFileSync(dist + name, "utf8").matchAll(/"\.\/([\w-]+)\.js"/g)) types.add(`${other}.d.ts`);
}
const made = new Set([...Object.keys(metafile.outputs), left, ...types]);
for (const name of readdirSync(dist)) if (/\.(js|d\.ts)$/.test(name) && !made.has(name)) rmSync(dist + name);
