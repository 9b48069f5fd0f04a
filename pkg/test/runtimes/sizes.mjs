// The size report: what each entry costs a page, minified, raw and compressed.
import { build } from "esbuild";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { app, installed } from "./lib.mjs";

async function bundled(contents, condition) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: app },
    bundle: true, minify: true, write: false, format: "esm", target: "es2022",
    conditions: [condition], external: ["*.wasm", "*.wasm?module", "node:*"], absWorkingDir: app,
  });
  return Buffer.from(outputFiles[0].contents);
}

export async function sizes() {
  const wasm = (name) => readFileSync(join(installed, `wasm/${name}_bg.wasm`));
  const rows = [
    ["privet: JavaScript, separate module", await bundled('export { open } from "privet"', "workerd")],
    ["privet: core.wasm", wasm("core")],
    ["privet: module inlined", await bundled('export { open } from "privet"', "browser")],
    ["privet/studio: JavaScript", await bundled('export { studio } from "privet/studio"', "browser")],
    ["privet/studio: studio.wasm", wasm("studio")],
  ];
  for (const id of ["contact", "dotdigital", "vicidial"]) {
    rows.push([`privet/policies/${id}`, await bundled(`export { pack } from "privet/policies/${id}"`, "browser")]);
  }
  const line = (name, ...numbers) => name.padEnd(38) + numbers.map((number) => String(number).padStart(10)).join("");
  const each = rows.map(([name, bytes]) => [name, bytes.length, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes).length]);
  const sum = [1, 2, 3].map((column) => each[0][column] + each[1][column]);
  each.splice(2, 0, ["privet: both", ...sum]);
  const parts = sections(wasm("core")).map(([name, size]) => `${name} ${size}`);
  return [line("bytes", "raw", "gzip -9", "brotli"), ...each.map((row) => line(...row)), `core.wasm by section: ${parts.join(", ")}`].join("\n");
}

/** The larger sections of a module. */
function sections(bytes) {
  const names = { 1: "types", 2: "imports", 3: "functions", 4: "tables", 6: "globals", 7: "exports", 9: "elements", 10: "code", 11: "data" };
  const found = [];
  for (let at = 8; at < bytes.length; ) {
    const id = bytes[at++];
    let size = 0;
    for (let shift = 0, byte = 128; byte & 128; shift += 7) size |= ((byte = bytes[at++]) & 127) << shift;
    found.push([names[id] ?? `section ${id}`, size]);
    at += size;
  }
  return found.filter(([, size]) => size > 500);
}
