// What `privet/studio` is, whatever its module comes from: the entries beside this add `studio`.
export * from "./errors.js";
export type { Studio } from "./studio.js";
export type * from "./studio-population.js";
export type * from "./studio-types.js";
export type { WasmSource } from "./studio-start.js";
