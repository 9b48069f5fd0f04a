// The build writes core-bytes.js (build/inline.mjs).
/** The WebAssembly module of the core, see core/letters.ts. */
export declare const letters: string;
