// Validates values as callers write them, and words the errors.
import { InvalidFactError, InvalidGrantError } from "./errors.js";
import { didYouMean, oneOf } from "./ids.js";
import type { Entry } from "./model.js";

/** A value as messages show it, without the backticks. */
export function display(value: unknown): string {
  const type = typeof value;
  return Array.isArray(value)
    ? "[…]"
    : value && type === "object"
      ? "{…}"
      : type === "function" || type === "symbol"
        ? type
        : String(value);
}

/**
 * Validates a value and encodes it as numbers: empty for no grant, 0 or 1 for a switch, 1 for a flag or role, the rank of a
 * level (from 1), the index of each option, ascending, or the number itself.
 *
 * @throws InvalidFactError, InvalidGrantError
 */
export function encodeValue({ what, id, kind, names, range }: Entry, value: unknown): readonly number[] {
  const fail = (message: string): never => {
    throw what === "fact"
      ? new InvalidFactError("invalid-fact", message, id)
      : new InvalidGrantError("invalid-grant", message, id);
  };
  const known = () => names!.filter((name) => name !== null) as string[];
  const reject = (value: unknown): never => {
    const text = display(value);
    const is = typeof value === "string" ? "text" : /^[-\d]/.test(text) ? "number" : "";
    const wrong = is === kind ? `cannot be \`${text}\`` : `is a ${kind} and cannot be ${is && `the ${is} `}\`${text}\``;
    return fail(
      `${what} \`${id}\` ${wrong}; give ${names ? (kind === "set" ? "a list of " : "") + oneOf(known()) : `a whole number from ${range!.join(" to ")}`}`,
    );
  };
  const option = (name: unknown): number => {
    const index = names!.indexOf((name ?? NaN) as string);
    if (index >= 0) return index;
    if (typeof name !== "string" || typeof known()[0] !== "string") return reject(name);
    return fail(
      `${what} \`${id}\` has no ${kind === "level" ? kind : "option"} \`${name}\`; ${didYouMean(name, known()) ?? `give ${oneOf(known())}`}`,
    );
  };
  if (kind === "set") {
    const chosen: number[] = [];
    for (const item of Array.isArray(value) ? value : reject(value)) {
      const index = option(item);
      if (chosen.includes(index)) fail(`duplicate option \`${item}\` for privilege \`${id}\`; list it once`);
      chosen.push(index);
    }
    return chosen.sort((a, b) => a - b);
  }
  if (!names)
    return Number.isInteger(value) && (value as number) >= range![0] && (value as number) <= range![1]
      ? [(value as number) + 0]
      : reject(value); // never -0
  const index = option(value);
  return names[index] !== false ? [index] : what === "fact" ? [0] : [];
}

/** Decodes a value: the form in which callers write it; of a set, one of its options. */
export const decodeValue = ({ names }: Entry, value: number): boolean | number | string =>
  names ? (names[value] ?? false) : value;
