// The size report: the bytes that each entry adds to a page, minified, raw and compressed.
import { build } from "esbuild";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { app, installed } from "./lib.mjs";

/** The target for the core without packs, in gzipped bytes. */
const TARGET = 6384;

async function bundled(contents, condition) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: app },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: [condition],
    external: ["*.wasm", "*.wasm?module", "node:*"],
    absWorkingDir: app,
  });
  return Buffer.from(outputFiles[0].contents);
}

/** The size of each entry by name: raw, gzip, brotli. */
export async function measured() {
  const wasm = (name) => readFileSync(join(installed, `wasm/${name}_bg.wasm`));
  const core = 'export { open } from "privet"';
  const all = [
    ["privet: JavaScript, separate module", await bundled(core, "workerd")],
    ["privet: core.wasm", wasm("core")],
    ["privet: module inlined", await bundled(core, "browser")],
    ["privet/read", await bundled('export { read } from "privet/read"', "browser")],
    ["privet/studio: JavaScript", await bundled('export { studio } from "privet/studio"', "browser")],
    ["privet/studio: studio.wasm", wasm("studio")],
  ];
  for (const id of ["contact", "dotdigital", "vicidial"]) {
    all.push([`privet/policies/${id}`, await bundled(`export { pack } from "privet/policies/${id}"`, "browser")]);
  }
  const size = (bytes) => ({
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes).length,
  });
  return new Map(all.map(([name, bytes]) => [name, size(bytes)]));
}

/** The report as text. */
export async function sizes() {
  const line = (name, ...numbers) => name.padEnd(38) + numbers.map((number) => String(number).padStart(10)).join("");
  const report = [line("bytes", "raw", "gzip -9", "brotli")];
  const all = await measured();
  for (const [name, { raw, gzip, brotli }] of all) report.push(line(name, raw, gzip, brotli));
  const [script, module] = all.values();
  const core = script.gzip + module.gzip;
  report.push(
    `privet with a separate module is ${core} bytes gzipped; the target is ${TARGET}, so ${Math.max(0, core - TARGET)} are left to save`,
  );
  return report.join("\n");
}
