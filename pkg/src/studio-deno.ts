// The studio's entry for Deno: an import of the module needs no permission, where reading a file does.
import { loader } from "./studio-start.js";

/** Loads the studio, once; after a failure the next call tries again. Give it a source where it cannot find its own. */
export const studio = /* @__PURE__ */ loader(async () => (await import("./studio-source.js")).default);
export * from "./studio-api.js";
