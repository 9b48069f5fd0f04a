// `privet/studio` for Deno: importing the module needs no permission, reading a file does.
import { createLoader } from "../studio/load.js";

/** Loads the studio once; after a failure, the next call tries again. Pass a source where the module cannot be located. */
export const studio = /* @__PURE__ */ createLoader(async () => (await import("./studio-module.js")).default);
export * from "./studio-api.js";
