// Validates values as callers write them, and words the errors.
import { InvalidFactError, InvalidGrantError } from "./errors.js";
import { fail } from "./fail.js";
import { didYouMean, display, oneOf } from "./ids.js";
import * as texts from "./messages.js";
import type { Entry } from "./model.js";
import { say } from "./say.js";
import type { Message, Part } from "./say.js";

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
      if (chosen.includes(option)) refuse(entry, texts.duplicateOption, item, entry.id);
      chosen.push(option);
    }
    for (const option of chosen.sort((a, b) => a - b)) pairs.push(index, option);
  } else if (codes) {
    // Many values are `true`, for which the search in a map is slow
    const code = value === true && kind === "flag" ? 1 : (codes.get(value as string) ?? reject(entry, value));
    if (code >= 0) pairs.push(index, code);
  } else {
    pairs.push(index, isWhole(value, ...range) ? value + 0 : reject(entry, value)); // never -0
  }
}

/** Whether it is a whole number in a range. */
export const isWhole = (value: unknown, least: number, most: number): value is number =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;

function refuse<Parts extends readonly Part[]>({ what, id }: Entry, message: Message<Parts>, ...parts: Parts): never {
  return what === "fact"
    ? fail(InvalidFactError, "invalid-fact", id, message, ...parts)
    : fail(InvalidGrantError, "invalid-grant", id, message, ...parts);
}

/** Throws that an entry does not accept a value; `isSet` if it should be a list of options. */
function reject(entry: Entry, value: unknown, isSet?: boolean): never {
  const { what, id, kind, codes, range } = entry;
  const known = [...(codes?.keys() ?? [])] as string[];
  const isText = typeof value === "string";
  if (!isSet && isText && typeof known[0] === "string") {
    const help = didYouMean(value, known) ?? say(texts.give, oneOf(known));
    refuse(entry, texts.noValue, what, id, kind === "level" ? kind : "option", value, help);
  }
  const shown = display(value);
  const isNumber = !isText && /^[-\d]/.test(shown);
  const values = known[0] === undefined ? say(texts.wholeNumber, ...range) : oneOf(known);
  const help = say(texts.give, kind === "set" ? say(texts.listOf, values) : values);
  if (isNumber && kind === "number") refuse(entry, texts.outOfRange, what, id, shown, help);
  return refuse(
    entry,
    texts.wrongKind,
    what,
    id,
    kind,
    isText ? texts.theText : isNumber ? texts.theNumber : "",
    shown,
    help,
  );
}

/** Decodes a value: the form in which callers write it; of a set, one of its options. */
export function decodeValue({ codes }: Entry, value: number): boolean | number | string {
  for (const [name, code] of codes ?? []) if (code === value) return name;
  return codes ? false : value;
}
