// `privet/studio` for Node.js, whose `fetch` does not read files.
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { createLoader } from "../studio/load.js";

/** The module's file, or what the package has of it as JavaScript where a bundler has moved the code away from the file. */
async function located(): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readFile(new URL("../../wasm/studio_bg.wasm", import.meta.url)));
  } catch {
    // Next.js makes an address of the site of this URL; other bundlers leave it, and do not copy the file
    const { base64 } = await import("./studio-bytes.js");
    return new Uint8Array(gunzipSync(Buffer.from(base64, "base64")));
  }
}

/** Loads the studio once; after a failure, the next call tries again. A source is not needed: bundles include the module. */
export const studio = /* @__PURE__ */ createLoader(located, async (url) =>
  url.protocol === "file:" ? new Uint8Array(await readFile(url)) : fetch(url),
);
export * from "./studio-api.js";
