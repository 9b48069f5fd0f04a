// What `privet/studio` is, whatever its module comes from: the entries beside this add `studio`.
export * from "./errors.js";
export type * from "./review.js";
export type * from "./studio.js";
export type { WasmSource } from "./studio-start.js";
