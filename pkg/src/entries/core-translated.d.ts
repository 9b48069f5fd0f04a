// The build writes core-translated.js (build/translate.mjs).
import type { Exports } from "../core/engine.js";

/** A new instance of the core's WebAssembly module, translated to JavaScript. */
export declare function instantiate(): Exports;
