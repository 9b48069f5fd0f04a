// The entry for everything that compiles bytes: the module is inside, so no file is looked for, in a bundle neither.
import { base64 } from "./core-bytes.js";
import { opener } from "./start.js";

/** Opens a pack. Synchronous, O(bytes). */
export const open = /* @__PURE__ */ opener(() => Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0)));
export * from "./api.js";
