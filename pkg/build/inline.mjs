// Writes the modules of dist that TypeScript does not make: the core's bytes as text, and an import that it cannot read.
import { readFileSync, writeFileSync } from "node:fs";

const core = readFileSync(new URL("../wasm/core_bg.wasm", import.meta.url)).toString("base64");
const write = (name, text) => writeFileSync(new URL(`../dist/${name}`, import.meta.url), text);

write("core-bytes.js", `export const base64 = "${core}";\n`);
write("studio-source.js", 'import source module from "../wasm/studio_bg.wasm";\nexport default module;\n');
