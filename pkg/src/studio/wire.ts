// The JSON in which subjects, changes and options are passed to the engine.
import { InvalidOptionsError } from "../core/errors.js";

/** The most letters of the texts that one call passes to the engine. No policy needs as many, and the engine has 4 GiB at most. */
export const MOST_TEXT = 1 << 26;

/** Maximum nesting depth. Valid subjects need 4; deeper or cyclic values are encoded as unsupported. */
const MAX_DEPTH = 6;

/**
 * Encodes any value as JSON. What JSON cannot express, and no subject contains, becomes `{ "$unsupported": text }` with the text that
 * messages show. The engine validates the result. O(value).
 *
 * @throws InvalidOptionsError for a value with a text of more than {@link MOST_TEXT} letters; what getters of the value throw.
 */
export function encode(value: unknown): string {
  const json = toJson(value, 0);
  try {
    return JSON.stringify(json);
  } catch {
    throw tooLarge(); // longer than any text
  }
}

const tooLarge = () =>
  new InvalidOptionsError("invalid-options", `texts have more than ${MOST_TEXT} letters; pass less`);

function toJson(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case "string":
      return wellFormed(value);
    case "boolean":
      return value;
    case "number":
      return Number.isInteger(value) && value >= 0 && value <= 0xffffffff ? value : unsupported(String(value));
    case "object":
      if (value === null) return value;
      if (depth < MAX_DEPTH && Array.isArray(value)) return Array.from(value, (item) => toJson(item, depth + 1));
      if (depth < MAX_DEPTH && isPlain(value)) {
        const properties = Object.entries(value).filter(([, item]) => item !== undefined);
        return Object.fromEntries(properties.map(([key, item]) => [wellFormed(key), toJson(item, depth + 1)]));
      }
      return unsupported(Array.isArray(value) ? "[…]" : "{…}");
    default:
      return unsupported(typeof value === "bigint" ? String(value) : typeof value);
  }
}

const unsupported = (text: string) => ({ $unsupported: text });

/** The text with U+FFFD for lone surrogates, which UTF-8 cannot express. */
function wellFormed(text: string): string {
  if (text.length > MOST_TEXT) throw tooLarge();
  return text.replace(/\p{Surrogate}/gu, "\ufffd");
}

/** Whether it is an object literal of any realm: a Map or class instance would silently lose its content. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
