// The build writes studio-bytes.js (build/inline.mjs).
/** The WebAssembly module of the studio, compressed by gzip, in base64. */
export declare const base64: string;
