// Values as callers write them: whether one fits, and what it is called where it does not.
import { InvalidFactError, InvalidGrantError } from "./errors.js";
import { didYouMean, oneOf } from "./ids.js";
import type { Entry } from "./program.js";

/** A value as a message shows it, without the backticks. */
export function shown(value: unknown): string {
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
 * A value as numbers: nothing for no grant, 0 or 1 for a switch, 1 for a flag or role, the rank of a level (from 1), the index
 * of each option, ascending, or the number itself.
 *
 * @throws InvalidFactError, InvalidGrantError
 */
export function fit({ what, id, kind, names, range }: Entry, value: unknown): readonly number[] {
  const fail = (message: string): never => {
    throw what === "fact"
      ? new InvalidFactError("invalid-fact", message, id)
      : new InvalidGrantError("invalid-grant", message, id);
  };
  const known = () => names!.filter((name) => name !== null) as string[];
  const misfit = (value: unknown): never => {
    const text = shown(value);
    const is = typeof value === "string" ? "text" : /^[-\d]/.test(text) ? "number" : "";
    const wrong = is === kind ? `cannot be \`${text}\`` : `is a ${kind}, which ${is && `the ${is} `}\`${text}\` is not`;
    return fail(
      `${what} \`${id}\` ${wrong}; give ${names ? (kind === "set" ? "a list of " : "") + oneOf(known()) : `a whole number from ${range!.join(" to ")}`}`,
    );
  };
  const option = (name: unknown): number => {
    const index = names!.indexOf((name ?? NaN) as string);
    if (index >= 0) return index;
    if (typeof name !== "string" || typeof known()[0] !== "string") return misfit(name);
    return fail(
      `${what} \`${id}\` has no ${kind === "level" ? kind : "option"} \`${name}\`; ${didYouMean(name, known()) ?? `give ${oneOf(known())}`}`,
    );
  };
  if (kind === "set") {
    const chosen: number[] = [];
    for (const item of Array.isArray(value) ? value : misfit(value)) {
      const index = option(item);
      if (chosen.includes(index)) fail(`duplicate option \`${item}\` for privilege \`${id}\`; give it once`);
      chosen.push(index);
    }
    return chosen.sort((a, b) => a - b);
  }
  if (!names)
    return Number.isInteger(value) && (value as number) >= range![0] && (value as number) <= range![1]
      ? [(value as number) + 0]
      : misfit(value); // never -0
  const index = option(value);
  return names[index] !== false ? [index] : what === "fact" ? [0] : [];
}

/** A value as callers write it: of a set, one of its options. */
export const written = ({ names }: Entry, value: number): boolean | number | string =>
  names ? (names[value] ?? false) : value;
