// The studio's entry for Node.js.
import { readFile } from "node:fs/promises";
import { initSync } from "../wasm/studio.js";
import { Studio } from "./studio.js";

let loading: Promise<Studio> | undefined;

/** Loads the studio, once. */
export function studio(): Promise<Studio> {
  return (loading ??= load());
}

async function load(): Promise<Studio> {
  initSync({ module: await readFile(new URL("../wasm/studio_bg.wasm", import.meta.url)) });
  return new Studio();
}

export * from "./errors.js";
export type * from "./studio.js";
