// Ids: what has one, where it is found, and the error for one that nothing has.
import { UnknownIdError } from "./errors.js";
import type { Outline } from "./pack.js";

/** What has an id, in the order in which messages look for one elsewhere, and its table in an outline. */
const tables = {
  fact: "facts",
  privilege: "privileges",
  role: "roles",
  operation: "operations",
  "menu item": "menu",
  guide: "guides",
  verb: "verbs",
} as const;

/** The word for what has an id. */
export type What = keyof typeof tables;

/** The indices of all ids, by what they are of, in policy order. */
export type Ids = ReadonlyMap<What, ReadonlyMap<string, number>>;

/** The ids of an outline; an id that is there twice, which no outline has, throws. */
export function idsOf(outline: Outline): Ids {
  const table = ([what, name]: [string, (typeof tables)[What]]) => {
    const ids = new Map((outline[name] as readonly (readonly [id: string, ...unknown[]])[]).map(([id], index) => [id, index]));
    if (ids.size < outline[name].length) throw what;
    return [what, ids] as [What, Map<string, number>];
  };
  return new Map(Object.entries(tables).map(table));
}

/**
 * The index of an id; `place` is where it stood.
 *
 * @throws UnknownIdError
 */
export function find(ids: Ids, what: What, id: unknown, place?: string): number {
  return ids.get(what)!.get(id as string) ?? unknown(ids, what, String(id), place);
}

function unknown(ids: Ids, what: What, id: string, place?: string): never {
  const [elsewhere] = [...ids].find(([other, known]) => other !== "verb" && known.has(id)) ?? [];
  const help = elsewhere ? `\`${id}\` is a${elsewhere === "operation" ? "n" : ""} ${elsewhere}` : didYouMean(id, ids.get(what)!.keys()) ?? `the policy has no such ${what}`;
  throw new UnknownIdError("unknown-id", `unknown ${what} \`${id}\`${place ? ` in \`${place}\`` : ""}; ${help}`, id);
}

/** The question that names the candidate nearest to a word by edits, when it is near enough to be a slip: at most a third. */
export function didYouMean(wrong: string, candidates: Iterable<string>): string | undefined {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const word = bytes(wrong);
  let bound: number | undefined;
  let best: string | undefined;
  if (word.length > 128) return best; // no slip of the pen, and the search would be its length squared
  for (const candidate of candidates) {
    const other = bytes(candidate);
    const within = bound ?? Math.floor(Math.max(word.length, other.length) / 3) + 1;
    if (Math.abs(word.length - other.length) >= within) continue;
    const edits = distance(word, other);
    if (edits < within) [bound, best] = [edits, `did you mean \`${candidate}\`?`];
  }
  return best;
}

/** Edits between two texts: insert, delete, replace, swap neighbours. */
function distance(a: Uint8Array, b: Uint8Array): number {
  const rows = [[...b.keys(), b.length]];
  a.forEach((x, row) => {
    const last = rows[row]!;
    const next = [row + 1];
    b.forEach((y, column) => {
      const swapped = row && column && x === b[column - 1] && y === a[row - 1] ? rows[row - 1]![column - 1]! + 1 : Infinity;
      next.push(Math.min(last[column]! + +(x !== y), last[column + 1]! + 1, next[column]! + 1, swapped));
    });
    rows.push(next);
  });
  return rows[a.length]![b.length]!;
}

/** `` `a`, `b` or `c` ``. */
export function oneOf(ids: readonly string[]): string {
  return ids
    .map((id) => `\`${id}\``)
    .join(", ")
    .replace(/, (\S+)$/, " or $1");
}
