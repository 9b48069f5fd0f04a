// The studio's entry for browsers: bundlers see the address and bring the file along.
import { loader } from "./studio-start.js";

/** Loads the studio, once; after a failure the next call tries again. Give it a source where it cannot find its own. */
export const studio = /* @__PURE__ */ loader(() => new URL("../wasm/studio_bg.wasm", import.meta.url));
export * from "./studio-api.js";
