// The exports of `privet` that do not depend on the runtime. Each entry beside this file adds `open`.
export * from "../core/errors.js";
export type * from "../core/interfaces.js";
export { createStore } from "../core/store.js";
export type * from "../core/types.js";
