// Values as callers write them: whether one fits a fact or privilege, and what it is called where it does not.
import { InvalidFactError, InvalidGrantError } from "./errors.js";
import { didYouMean, oneOf } from "./ids.js";
import type { Entry } from "./program.js";

/** A value as a message shows it, without the backticks. */
export function shown(value: unknown): string {
  const type = typeof value;
  if (value !== null && type === "object") return Array.isArray(value) ? "[…]" : "{…}";
  return type === "function" || type === "symbol" ? type : String(value);
}

/**
 * A value as numbers: nothing for no grant, 0 or 1 for a switch, 1 for a flag, the rank of a level (from 1), the index of each
 * option, ascending, or the number itself.
 *
 * @throws InvalidFactError, InvalidGrantError
 */
export function fit(entry: Entry, value: unknown): readonly number[] {
  const { what, id, kind, values, min, max } = entry;
  const type = typeof value;
  const fail = (message: string): never => {
    if (what === "fact") throw new InvalidFactError("invalid-fact", message, id);
    throw new InvalidGrantError("invalid-grant", message, id);
  };
  const misfit = (value: unknown): never => {
    const text = shown(value);
    const is = typeof value === "string" ? "text" : /^[-\d]/.test(text) ? "number" : "";
    const expected =
      kind === "number" ? `a whole number from ${min} to ${max}` : values.length ? (kind === "set" ? "a list of " : "") + oneOf(values) : "`true` or `false`";
    return fail(`${what} \`${id}\` ${is === kind ? "cannot be" : `is a ${kind}, which${is && ` the ${is}`}`} \`${text}\`${is === kind ? "" : " is not"}; give ${expected}`);
  };
  const option = (text: unknown): number => {
    if (typeof text !== "string") return misfit(text);
    const index = values.indexOf(text);
    if (index >= 0) return index;
    return fail(`${what} \`${id}\` has no ${kind === "level" ? kind : "option"} \`${text}\`; ${didYouMean(text, values) ?? `give ${oneOf(values)}`}`);
  };
  if (type === "boolean" && (kind === "flag" || kind === "switch")) return value || what === "fact" ? [+(value as boolean)] : [];
  if (kind === "number" && Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return [(value as number) + 0]; // never -0
  if (kind === "set" && Array.isArray(value)) {
    const chosen: number[] = [];
    for (const item of value) {
      const index = option(item);
      if (chosen.includes(index)) fail(`duplicate option \`${item}\` for privilege \`${id}\`; give it once`);
      chosen.push(index);
    }
    return chosen.sort(ascending);
  }
  if (type === "string" && (kind === "level" || kind === "choice")) return [option(value) + +(kind === "level")];
  return misfit(value);
}

/** A value of a grant or fact as callers write it: of a set, one of its options. */
export function written({ kind, values }: Entry, value: number): boolean | number | string {
  return kind === "number" ? value : kind === "flag" || kind === "switch" ? value > 0 : values[kind === "level" ? value - 1 : value]!;
}

/** For sorting numbers. */
export const ascending = (a: number, b: number): number => a - b;
