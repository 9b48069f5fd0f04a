// Writes the modules of dist that TypeScript cannot compile: the modules' bytes as base64, and an import with unsupported syntax.
import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const core = readFileSync(new URL("../wasm/core_bg.wasm", import.meta.url)).toString("base64");
const write = (name, text) => writeFileSync(new URL(`../dist/entries/${name}`, import.meta.url), text);

const studio = gzipSync(readFileSync(new URL("../wasm/studio_bg.wasm", import.meta.url)), { level: 9 }).toString(
  "base64",
);
write("core-bytes.js", `export const base64 = "${core}";\n`);
write("studio-bytes.js", `export const base64 = "${studio}";\n`);
write("studio-module.js", 'import source module from "../../wasm/studio_bg.wasm";\nexport default module;\n');
