// The entry for everything that compiles bytes: the module is inside, so no file is looked for, in a bundle neither.
import { bytes } from "./bytes.js";
import { base64 } from "./core-bytes.js";
import { opener } from "./start.js";

/** Opens a pack. Synchronous, O(bytes). */
export const open = /* @__PURE__ */ opener(() => bytes(base64));
export * from "./api.js";
