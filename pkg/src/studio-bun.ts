// The studio's entry for Bun, whose bundler brings along a file that is imported as such.
import path from "../wasm/studio_bg.wasm" with { type: "file" };
import { readFile } from "node:fs/promises";
import { loader } from "./studio-start.js";

/** Loads the studio, once; after a failure the next call tries again. Give it a source where it cannot find its own. */
export const studio = /* @__PURE__ */ loader(() => readFile(path as unknown as string));
export * from "./studio-api.js";
