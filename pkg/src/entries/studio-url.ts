// `privet/studio` for browsers. Bundlers recognise this form of URL and include the file.
import { createLoader } from "../studio/load.js";

/** Loads the studio once; after a failure, the next call tries again. Pass a source where the module cannot be located. */
export const studio = /* @__PURE__ */ createLoader(() => new URL("../../wasm/studio_bg.wasm", import.meta.url));
export * from "./studio-api.js";
