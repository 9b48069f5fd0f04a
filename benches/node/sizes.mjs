// The download size of each engine: minified by esbuild, with its WebAssembly if any, without policies.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { packed } from "./load.mjs";

const { build } = createRequire(new URL("../../pkg/package.json", import.meta.url))("esbuild");

/** Raw, gzip and brotli bytes by engine. Closures are the product's own code, without a library. */
export async function sizes(here) {
  const installed = process.env.PRIVET_INSTALLED;
  const module = (name) => readFileSync(join(packed, `wasm/${name}_bg.wasm`));
  const cedar = join(here, "node_modules/@cedar-policy/cedar-wasm/web");
  const entries = {
    privet: [await bundled('export { open } from "privet"', installed, "workerd"), module("core")],
    closures: [],
    "@casl/ability": [await bundled('export { createMongoAbility } from "@casl/ability"', here)],
    accesscontrol: [await bundled('export { AccessControl } from "accesscontrol"', here)],
    "json-logic-js": [await bundled('export { default } from "json-logic-js"', here)],
    "@cedar-policy/cedar-wasm": [
      await bundled('export * from "./cedar_wasm.js"', cedar),
      readFileSync(join(cedar, "cedar_wasm_bg.wasm")),
    ],
    casbin: [await bundled('export { newEnforcer } from "casbin"', here)],
    "privet, module inlined": [await bundled('export { open } from "privet"', installed)],
    "privet/read": [await bundled('export * from "privet/read"', installed)],
    "privet/studio": [await bundled('export * from "privet/studio"', installed), module("studio")],
  };
  const total = (parts, size) => parts.reduce((sum, part) => sum + size(part), 0);
  const measured = (parts) => ({
    raw: total(parts, (part) => part.length),
    gzip: total(parts, (part) => gzipSync(part, { level: 9 }).length),
    brotli: total(parts, (part) => brotliCompressSync(part).length),
  });
  return Object.fromEntries(Object.entries(entries).map(([name, parts]) => [name, measured(parts)]));
}

async function bundled(contents, resolveDir, condition = "browser") {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    logLevel: "error",
    conditions: [condition],
    external: ["*.wasm", "*.wasm?module", "node:*", "fs", "path", "crypto", "events", "util", "assert"],
  });
  return Buffer.from(outputFiles[0].contents);
}
