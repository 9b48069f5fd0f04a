// Writes the modules of dist that TypeScript cannot compile: the core's bytes as base64, and an import with unsupported syntax.
import { readFileSync, writeFileSync } from "node:fs";

const core = readFileSync(new URL("../wasm/core_bg.wasm", import.meta.url)).toString("base64");
const write = (name, text) => writeFileSync(new URL(`../dist/entries/${name}`, import.meta.url), text);

write("core-bytes.js", `export const base64 = "${core}";\n`);
write("studio-module.js", 'import source module from "../../wasm/studio_bg.wasm";\nexport default module;\n');
