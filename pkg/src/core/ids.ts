// Looks ids up, and words the error for an unknown id.
import { UnknownIdError } from "./errors.js";
import { fail } from "./fail.js";
import * as texts from "./messages.js";
import type { EntityKind, Lookup, Program } from "./model.js";
import { say } from "./say.js";

/** A value as messages show it, without the backticks. Of a text beyond any id only a part: a message has less room than a text. */
export function display(value: unknown): string {
  const type = typeof value;
  return Array.isArray(value)
    ? "[…]"
    : value && type === "object"
      ? "{…}"
      : type === "function" || type === "symbol"
        ? type
        : String(value).slice(0, 1e6);
}

/** Whether it is an id. */
export const isId = (text: unknown): text is string =>
  typeof text === "string" && text.length < 129 && /^[A-Za-z0-9]+([-._:][A-Za-z0-9]+)*$/.test(text);

/**
 * Looks an id up; `place` says in messages where the id was written, as they show it: `` `roles` ``.
 *
 * @throws UnknownIdError
 */
export const find = <K extends EntityKind>({ index }: Program, kind: K, id: unknown, place?: string): Lookup<K> =>
  index[kind].get(id as string) ?? unknown(index, kind, display(id), place);

function unknown(ids: Program["index"], kind: EntityKind, id: string, place?: string): never {
  const [other] = Object.entries(ids).find(([kind, known]) => kind !== "verb" && known.has(id)) ?? [];
  const help = other
    ? say(texts.isA, id, other === "operation" ? "n" : "", other)
    : (didYouMean(id, ids[kind].keys()) ?? say(texts.noSuch, kind));
  fail(UnknownIdError, "unknown-id", id, texts.unknownId, kind, id, place ? say(texts.inPlace, place) : "", help);
}

/** The bound of a search, in pairs of letters: some tenths of a second. The Rust library has the same, so that messages are the same. */
const MOST_CELLS = 1 << 23;

/**
 * The question ``did you mean `x`?`` for the nearest candidate, if its distance is at most a third of the longer text. The
 * distance is that of optimal string alignment: insertions, deletions, substitutions and swaps of neighbours.
 * O(candidates × length²), up to a bound: the candidates after it are not compared.
 */
export function didYouMean(wrong: string, candidates: Iterable<string>): string | undefined {
  const a = [...wrong.slice(0, 257)]; // more than 128 letters, if it has more
  let best: string | undefined;
  let least = Infinity;
  let cells = 0;
  if (a.length > 128) return best; // ids have at most 128 bytes, and the search is quadratic in the length
  for (const candidate of candidates) {
    const b = [...candidate];
    least = best ? least : Math.floor(Math.max(a.length, b.length) / 3) + 1;
    if (Math.abs(a.length - b.length) >= least) continue;
    cells += a.length * b.length;
    if (cells > MOST_CELLS) break;
    const rows = [[...b.keys(), b.length]]; // insertion, deletion, substitution, transposition
    a.forEach((x, i) => {
      const row = (rows[i + 1] = [i + 1]);
      b.forEach((y, j) => {
        const swapped = i && j && x === b[j - 1] && y === a[i - 1] ? rows[i - 1]![j - 1]! : least;
        row.push(Math.min(rows[i]![j]! + +(x !== y), rows[i]![j + 1]! + 1, row[j]! + 1, swapped + 1));
      });
    });
    const edits = rows[a.length]![b.length]!;
    if (edits < least) [least, best] = [edits, say(texts.didYouMean, candidate)];
  }
  return best;
}

/** Formats ids as `` `a`, `b` or `c` ``. */
export const oneOf = (ids: readonly string[]): string => `\`${ids.join("`, `")}\``.replace(/, (\S+)$/, " or $1");
