// `privet` for Vercel's edge runtime, which does not compile bytes but imports modules by `?module`.
import module from "../../wasm/core_bg.wasm?module";
import { createOpen } from "../core/open.js";
import { instances, toLocalModule } from "../core/wasm-module.js";

/** Opens a pack. Synchronous, O(bytes). */
export const open = /* @__PURE__ */ createOpen(/* @__PURE__ */ instances(() => toLocalModule(module)));
export * from "./core-api.js";
