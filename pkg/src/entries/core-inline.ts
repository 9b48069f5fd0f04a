// `privet` for runtimes that compile bytes. The module is inlined, so that no file has to be located at run time or by a bundler.
import { decodeLetters } from "../core/letters.js";
import { createOpen } from "../core/open.js";
import { instances } from "../core/wasm-module.js";
import { letters } from "./core-bytes.js";

/** Opens a pack. Synchronous, O(bytes). */
export const open = /* @__PURE__ */ createOpen(/* @__PURE__ */ instances(() => decodeLetters(letters)));
export * from "./core-api.js";
