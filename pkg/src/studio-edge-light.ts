// The studio's entry for Vercel's edge runtime.
import module from "../wasm/studio_bg.wasm?module";
import { loader } from "./studio-start.js";

/** Loads the studio, once; after a failure the next call tries again. Give it a source where it cannot find its own. */
export const studio = /* @__PURE__ */ loader(() => module);
export * from "./studio-api.js";
