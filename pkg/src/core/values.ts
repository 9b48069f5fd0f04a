// Validates values as callers write them, and words the errors.
import { InvalidFactError, InvalidGrantError } from "./errors.js";
import { didYouMean, display, oneOf } from "./ids.js";
import type { Entry } from "./model.js";

/**
 * Validates a value and adds it to pairs of entry and value: nothing for no grant, 0 or 1 for a switch, 1 for a flag, the rank of
 * a level (from 1), the index of each option, ascending, or the number itself.
 *
 * @throws InvalidFactError, InvalidGrantError
 */
export function encodeValue(entry: Entry, value: unknown, pairs: number[]): void {
  const { index, kind, codes, range } = entry;
  if (kind === "set") {
    const chosen: number[] = [];
    for (const item of Array.isArray(value) ? value : reject(entry, value, true)) {
      const option = codes!.get(item) ?? reject(entry, item);
      if (chosen.includes(option))
        fail(entry, `duplicate option \`${item}\` for privilege \`${entry.id}\`; list it once`);
      chosen.push(option);
    }
    for (const option of chosen.sort((a, b) => a - b)) pairs.push(index, option);
  } else if (codes) {
    const code = codes.get(value as string) ?? reject(entry, value);
    if (code >= 0) pairs.push(index, code);
  } else {
    pairs.push(index, isWhole(value, ...range) ? value + 0 : reject(entry, value)); // never -0
  }
}

/** Whether it is a whole number in a range. */
export const isWhole = (value: unknown, least: number, most: number): value is number =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;

function fail({ what, id }: Entry, message: string): never {
  throw what === "fact"
    ? new InvalidFactError("invalid-fact", message, id)
    : new InvalidGrantError("invalid-grant", message, id);
}

/** Throws that an entry does not accept a value; `isSet` if it should be a list of options. */
function reject(entry: Entry, value: unknown, isSet?: boolean): never {
  const { what, id, kind, codes, range } = entry;
  const known = [...(codes?.keys() ?? [])] as string[];
  if (!isSet && typeof value === "string" && typeof known[0] === "string") {
    const noun = kind === "level" ? kind : "option";
    fail(entry, `${what} \`${id}\` has no ${noun} \`${value}\`; ${didYouMean(value, known) ?? `give ${oneOf(known)}`}`);
  }
  const text = display(value);
  const is = typeof value === "string" ? "text" : /^[-\d]/.test(text) ? "number" : "";
  const wrong = is === kind ? `cannot be \`${text}\`` : `is a ${kind} and cannot be ${is && `the ${is} `}\`${text}\``;
  const help = known[0] === undefined ? `a whole number from ${range.join(" to ")}` : oneOf(known);
  return fail(entry, `${what} \`${id}\` ${wrong}; give ${kind === "set" ? "a list of " : ""}${help}`);
}

/** Decodes a value: the form in which callers write it; of a set, one of its options. */
export function decodeValue({ codes }: Entry, value: number): boolean | number | string {
  for (const [name, code] of codes ?? []) if (code === value) return name;
  return codes ? false : value;
}
