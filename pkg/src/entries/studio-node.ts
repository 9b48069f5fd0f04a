// `privet/studio` for Node.js, whose `fetch` does not read files.
import { readFile } from "node:fs/promises";
import { createLoader } from "../studio/load.js";

/** Loads the studio once; after a failure, the next call tries again. Pass a source where the module cannot be located. */
export const studio = /* @__PURE__ */ createLoader(
  () => new URL("../../wasm/studio_bg.wasm", import.meta.url),
  async (url) => (url.protocol === "file:" ? new Uint8Array(await readFile(url)) : fetch(url)),
);
export * from "./studio-api.js";
