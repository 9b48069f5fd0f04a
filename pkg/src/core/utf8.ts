/**
 * Decodes UTF-8, also a byte order mark. Throws for anything else. `TextDecoder` is not in every engine without WebAssembly: Hermes
 * and QuickJS have what ECMAScript defines alone. The other way is slower.
 */
export const decodeUtf8 = (bytes: Uint8Array): string =>
  typeof TextDecoder === "function"
    ? new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)
    : decodeURIComponent(Array.from(bytes, (byte) => `%${(byte + 256).toString(16).slice(1)}`).join(""));
