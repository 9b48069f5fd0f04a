// The entry for Cloudflare's workerd, which compiles no bytes but takes a module that its bundler imports.
import module from "../wasm/core_bg.wasm";
import { opener } from "./start.js";

/** Opens a pack. Synchronous, O(bytes). */
export const open = /* @__PURE__ */ opener(() => module);
export * from "./api.js";
