// The text form in which values are passed to the engine.

/** Maximum nesting depth. Valid subjects need 4; deeper or cyclic values are encoded as unsupported. */
const MAX_DEPTH = 6;

/**
 * Encodes any value as the text that the engine reads: a letter for the kind, and lengths before the content, so that no content
 * can be mistaken for structure. The engine validates it. O(value).
 */
export function encode(value: unknown, depth = 0): string {
  switch (typeof value) {
    case "string":
      return `s${text(value)}`;
    case "boolean":
      return value ? "t" : "f";
    case "number":
      return Number.isInteger(value) && value >= 0 && value <= 0xffffffff ? `i${value};` : unsupported(String(value));
    case "object":
      if (value === null) return "n";
      if (depth < MAX_DEPTH && Array.isArray(value))
        return list(
          "[",
          [...value].map((item) => encode(item, depth + 1)),
        );
      if (depth < MAX_DEPTH && isPlain(value)) {
        const properties = Object.entries(value).filter(([, item]) => item !== undefined);
        return list(
          "{",
          properties.map(([key, item]) => text(key) + encode(item, depth + 1)),
        );
      }
      return unsupported(Array.isArray(value) ? "[…]" : "{…}");
    default:
      return unsupported(typeof value === "bigint" ? String(value) : typeof value);
  }
}

/** A value that no subject contains, in the form that messages show. */
function unsupported(shown: string): string {
  return `x${text(shown)}`;
}

function text(value: string): string {
  return `${value.length}:${value}`;
}

function list(letter: string, items: readonly string[]): string {
  return `${letter}${items.length};${items.join("")}`;
}

/** Whether it is an object literal of any realm: a Map or class instance would silently lose its content. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
