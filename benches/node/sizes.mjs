// The download size of each engine: minified by esbuild, with its WebAssembly if any, without policies.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bundled, sizeOf } from "../../pkg/build/sizes.mjs";
import { packed } from "./load.mjs";

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
  return Object.fromEntries(Object.entries(entries).map(([name, parts]) => [name, sizeOf(...parts)]));
}
