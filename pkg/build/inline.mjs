// Writes the modules of dist that TypeScript cannot compile: the modules' bytes as text, and an import with unsupported syntax.
import { deepStrictEqual } from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { decodeLetters } from "../dist/core/letters.js";

/** Bytes as letters, see src/core/letters.ts. */
const lettersOf = (bytes) =>
  Array.from(bytes, (byte) => {
    const place = (byte + 5) % 256;
    return "~".repeat(Math.floor(place / 91)) + String.fromCharCode(35 + (place % 91));
  }).join("");

const core = readFileSync(new URL("../wasm/core_bg.wasm", import.meta.url));
const letters = lettersOf(core);
deepStrictEqual(decodeLetters(letters), new Uint8Array(core));
const write = (name, text) => writeFileSync(new URL(`../dist/entries/${name}`, import.meta.url), text);

const studio = gzipSync(readFileSync(new URL("../wasm/studio_bg.wasm", import.meta.url)), { level: 9 }).toString(
  "base64",
);
write("core-bytes.js", `export const letters = ${JSON.stringify(letters)};\n`);
write("studio-bytes.js", `export const base64 = "${studio}";\n`);
write("studio-module.js", 'import source module from "../../wasm/studio_bg.wasm";\nexport default module;\n');
