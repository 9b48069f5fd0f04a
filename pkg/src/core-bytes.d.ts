// The build writes core-bytes.js (build/inline.mjs).
/** The core module. */
export declare const base64: string;
