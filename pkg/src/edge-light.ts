// The entry for Vercel's edge runtime, which compiles no bytes and asks for a module by `?module`.
import module from "../wasm/core_bg.wasm?module";
import { ours } from "./realm.js";
import { opener } from "./start.js";

/** Opens a pack. Synchronous, O(bytes). */
export const open = /* @__PURE__ */ opener(() => ours(module));
export * from "./api.js";
