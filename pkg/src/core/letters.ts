/** The letters of bytes: 91 from `#` on, so that none needs an escape but the backslash. */
export const LETTERS = 91;
/** The letter of a byte minus the byte: the bytes that WebAssembly has most often are then one letter. */
export const SHIFT = 40;

/**
 * Decodes bytes that `build/inline.mjs` has written as ASCII: each as the letter 40 places behind it, after a `~` for each 91 places
 * that it would be too far. Unlike base64 this leaves repetitions as they are, so compression finds them. O(length).
 */
export function decodeLetters(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  let length = 0;
  let byte = -SHIFT;
  for (const letter of text) {
    if (letter === "~") byte += LETTERS;
    else {
      bytes[length++] = byte + letter.charCodeAt(0);
      byte = -SHIFT;
    }
  }
  return bytes.subarray(0, length);
}
