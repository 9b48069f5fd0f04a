// `privet/read`: snapshots, without WebAssembly.
export { read } from "../core/read.js";
export type { Reading } from "../core/read.js";
