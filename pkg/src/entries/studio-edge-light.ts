// `privet/studio` for Vercel's edge runtime.
import module from "../../wasm/studio_bg.wasm?module";
import { createLoader } from "../studio/load.js";

/** Loads the studio once; after a failure, the next call tries again. Pass a source where the module cannot be located. */
export const studio = /* @__PURE__ */ createLoader(() => module);
export * from "./studio-api.js";
