// The studio's entry for Node.js, whose `fetch` reads no files.
import { readFile } from "node:fs/promises";
import { loader } from "./studio-start.js";

/** Loads the studio, once; after a failure the next call tries again. Give it a source where it cannot find its own. */
export const studio = /* @__PURE__ */ loader(
  () => new URL("../wasm/studio_bg.wasm", import.meta.url),
  async (url) => (url.protocol === "file:" ? new Uint8Array(await readFile(url)) : fetch(url)),
);
export * from "./studio-api.js";
