// The build writes core-bytes.js (build/inline.mjs).
/** The WebAssembly module of the core, in base64. */
export declare const base64: string;
