// `privet` for Cloudflare's workerd, which does not compile bytes but runs a module that its bundler imports.
import module from "../../wasm/core_bg.wasm";
import { createOpen } from "../core/open.js";
import { instances } from "../core/wasm-module.js";

/** Opens a pack. Synchronous, O(bytes). */
export const open = /* @__PURE__ */ createOpen(/* @__PURE__ */ instances(() => module));
export * from "./core-api.js";
