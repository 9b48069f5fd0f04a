/** Levels of a subject that are looked at; it has 4. Deeper ones, and rings, are sent as what they are: no subject. */
const NESTING = 6;

/**
 * Any value as the text that an engine reads: a letter for the kind, and lengths before what they measure, so that no
 * text in it can be taken for anything else. Whether it is a subject is the engine's to say.
 */
export function wire(value: unknown, depth = 0): string {
  switch (typeof value) {
    case "string":
      return `s${text(value)}`;
    case "boolean":
      return value ? "t" : "f";
    case "number":
      return Number.isInteger(value) && value >= 0 && value <= 0xffffffff ? `i${value};` : `x${text(String(value))}`;
    case "object":
      if (value === null) return "n";
      if (depth < NESTING && Array.isArray(value))
        return list(
          "[",
          [...value].map((item) => wire(item, depth + 1)),
        );
      if (depth < NESTING && isPlain(value)) {
        const given = Object.entries(value).filter(([, item]) => item !== undefined);
        return list(
          "{",
          given.map(([key, item]) => text(key) + wire(item, depth + 1)),
        );
      }
      return `x${text(Array.isArray(value) ? "[…]" : "{…}")}`;
    default:
      return `x${text(typeof value === "bigint" ? String(value) : typeof value)}`;
  }
}

function text(value: string): string {
  return `${value.length}:${value}`;
}

function list(letter: string, items: readonly string[]): string {
  return `${letter}${items.length};${items.join("")}`;
}

/** An object literal, of this realm or another; a Map or class instance would lose what it holds. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
