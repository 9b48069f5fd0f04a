// Writes dist/entries/core-translated.js: the core's WebAssembly module as JavaScript, by binaryen's wasm2js, for places where
// WebAssembly is not. `instantiate()` makes an instance with a memory of its own, as `new WebAssembly.Instance` does.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const wasm = here("../wasm/core_bg.wasm");
const module = new WebAssembly.Module(readFileSync(wasm));
if (WebAssembly.Module.imports(module).length) throw new Error("core.wasm has imports, which the translation has not");

const folder = mkdtempSync(join(tmpdir(), "privet-"));
try {
  const file = join(folder, "core.js");
  // In the form for Emscripten the result is a function, instead of one instance for all that import it
  const options = [wasm, "-O3", "--emscripten", "-o", file];
  execFileSync(process.execPath, [here("../node_modules/binaryen/bin/wasm2js"), ...options], { stdio: "inherit" });
  const text = readFileSync(file, "utf8");
  if (/\bBigInt\b/.test(text)) throw new Error("the translation uses BigInt");
  // wasm2js adds `_` to names that are reserved in JavaScript
  const names = WebAssembly.Module.exports(module).map(({ name }) => name);
  const renamed = names.filter((name) => text.includes(`"${name}_":`));
  const exports = renamed.reduce((text, name) => text.replace(`"${name}_":`, `"${name}":`), text);
  const { code } = transformSync(`export ${exports}`, { format: "esm", target: "es2020", minify: true });
  writeFileSync(here("../dist/entries/core-translated.js"), code);
} finally {
  rmSync(folder, { recursive: true });
}

const { instantiate } = await import("../dist/entries/core-translated.js");
const instance = instantiate();
const missing = WebAssembly.Module.exports(module).filter(({ name }) => !(name in instance));
if (missing.length) throw new Error(`the translation has no export ${missing.map(({ name }) => name)}`);
