// The entry for Node.js: reads the module beside it and starts at once.
import { readFileSync } from "node:fs";
import { initSync } from "../wasm/core.js";

initSync({ module: readFileSync(new URL("../wasm/core_bg.wasm", import.meta.url)) });

export * from "./errors.js";
export { open } from "./policy.js";
export type { OperationHandle, Policy } from "./policy.js";
export type { Session } from "./session.js";
export { createStore } from "./store.js";
export type { Store } from "./store.js";
export type * from "./types.js";
