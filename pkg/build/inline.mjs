// Writes the modules of dist that TypeScript cannot compile: the modules' bytes as text, and an import with unsupported syntax.
import { deepStrictEqual } from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { decodeLetters, LETTERS, SHIFT } from "../dist/core/letters.js";

const FIRST = "#".charCodeAt(0);

/** Bytes as letters, which `decodeLetters` of src/core/letters.ts reads. */
const lettersOf = (bytes) =>
  Array.from(bytes, (byte) => {
    const place = (byte + SHIFT - FIRST) % 256;
    return "~".repeat(Math.floor(place / LETTERS)) + String.fromCharCode(FIRST + (place % LETTERS));
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
