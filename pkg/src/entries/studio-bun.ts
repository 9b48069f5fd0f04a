// `privet/studio` for Bun, whose bundler includes a file that is imported with the type `file`.
import { readFile } from "node:fs/promises";
import path from "../../wasm/studio_bg.wasm" with { type: "file" };
import { createLoader } from "../studio/load.js";

/** Loads the studio once; after a failure, the next call tries again. Pass a source where the module cannot be located. */
export const studio = /* @__PURE__ */ createLoader(() => readFile(path as unknown as string));
export * from "./studio-api.js";
