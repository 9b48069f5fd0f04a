// What `privet` is, whatever starts its engine: the entries beside this add `open`.
export * from "./errors.js";
export type { OperationHandle, Policy } from "./policy.js";
export type { Session } from "./session.js";
export { createStore } from "./store.js";
export type { Store } from "./store.js";
export type * from "./types.js";
