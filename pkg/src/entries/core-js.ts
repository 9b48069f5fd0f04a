// `privet` where WebAssembly is not: the engine is its module translated to JavaScript.
import { createOpen } from "../core/open.js";
import { instantiate } from "./core-translated.js";

/** Opens a pack. Synchronous, O(bytes). */
export const open = /* @__PURE__ */ createOpen(instantiate);
export * from "./core-api.js";
