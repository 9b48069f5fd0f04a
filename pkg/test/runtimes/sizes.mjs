// The size report: what each entry costs a page, minified, raw and compressed.
import { build } from "esbuild";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { app, installed } from "./lib.mjs";

/** What the core is meant to cost, gzipped, packs excluded. */
const AIM = 6384;

async function bundled(contents, condition) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: app },
    bundle: true, minify: true, write: false, format: "esm", target: "es2022",
    conditions: [condition], external: ["*.wasm", "*.wasm?module", "node:*"], absWorkingDir: app,
  });
  return Buffer.from(outputFiles[0].contents);
}

/** What each entry costs, by its name: raw, gzip, brotli. */
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
  const size = (bytes) => ({ raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotliCompressSync(bytes).length });
  return new Map(all.map(([name, bytes]) => [name, size(bytes)]));
}

/** The report, to be printed. */
export async function sizes() {
  const line = (name, ...numbers) => name.padEnd(38) + numbers.map((number) => String(number).padStart(10)).join("");
  const report = [line("bytes", "raw", "gzip -9", "brotli")];
  const all = await measured();
  for (const [name, { raw, gzip, brotli }] of all) report.push(line(name, raw, gzip, brotli));
  const [script, module] = all.values();
  const core = script.gzip + module.gzip;
  report.push(`privet with a separate module is ${core} bytes gzipped; the aim is ${AIM}, so ${Math.max(0, core - AIM)} are left to cut`);
  const named = process.env.PRIVET_NAMED;
  if (named && existsSync(named)) report.push(largest(readFileSync(named)));
  return report.join("\n");
}

/** Reads numbers and names of a module, one after another. */
class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }
  number() {
    let value = 0;
    for (let shift = 0, byte = 128; byte & 128; shift += 7) value |= ((byte = this.bytes[this.at++]) & 127) << shift;
    return value >>> 0;
  }
  slice() {
    const size = this.number();
    return this.bytes.subarray(this.at, (this.at += size));
  }
}

/** What the code of a module that kept its functions' names is spent on: by Rust module, and the largest functions. */
function largest(bytes) {
  const names = new Map();
  const sizes = [];
  const imported = WebAssembly.Module.imports(new WebAssembly.Module(bytes)).filter(({ kind }) => kind === "function").length;
  for (const module = new Reader(bytes, 8); module.at < bytes.length; ) {
    const id = module.number();
    const section = new Reader(module.slice());
    if (id === 10) {
      for (let count = section.number(); count > 0; count--) sizes.push(section.slice().length);
    } else if (id === 0 && section.slice().toString() === "name") {
      while (section.at < section.bytes.length) {
        const kind = section.number();
        const map = new Reader(section.slice());
        if (kind !== 1) continue;
        for (let count = map.number(); count > 0; count--) names.set(map.number(), map.slice().toString());
      }
    }
  }
  const name = (index) => (names.get(index) ?? `function ${index}`).replace(/::h[0-9a-f]{16}/, "");
  const functions = sizes.map((size, index) => [name(imported + index), size]);
  const modules = new Map();
  for (const [name, size] of functions) {
    const module = /^<?(?:\w+::){1,2}/.exec(name)?.[0].replace(/^<|::$/g, "") ?? (/^\w+ multivalue shim$/.test(name) ? "exports" : "the rest");
    modules.set(module, (modules.get(module) ?? 0) + size);
  }
  const top = (list, count) => [...list].sort((a, b) => b[1] - a[1]).slice(0, count).map(([name, size]) => `${name} ${size}`).join(", ");
  return `core.wasm by module: ${top(modules, 12)}\ncore.wasm, largest functions: ${top(functions, 12)}`;
}
