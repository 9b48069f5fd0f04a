// Ids: what one is of, and the error for one that nothing has.
import { UnknownIdError } from "./errors.js";
import type { Found, Program, What } from "./program.js";

/**
 * What has an id; `place` is where the id stood.
 *
 * @throws UnknownIdError
 */
export const find = <W extends What>({ index }: Program, what: W, id: unknown, place?: string): Found<W> =>
  index[what].get(id as string) ?? unknown(index, what, String(id), place);

function unknown(ids: Program["index"], what: What, id: string, place?: string): never {
  const [other] = Object.entries(ids).find(([what, known]) => what !== "verb" && known.has(id)) ?? [];
  const help = other
    ? `\`${id}\` is a${other === "operation" ? "n" : ""} ${other}`
    : (didYouMean(id, ids[what].keys()) ?? `the policy has no such ${what}`);
  throw new UnknownIdError("unknown-id", `unknown ${what} \`${id}\`${place ? ` in \`${place}\`` : ""}; ${help}`, id);
}

/** The question that names the candidate nearest to a word by edits, when it is near enough to be a slip: at most a third. */
export function didYouMean(wrong: string, candidates: Iterable<string>): string | undefined {
  const a = [...wrong];
  let best: string | undefined;
  let least = Infinity;
  if (a.length > 128) return best; // no slip of the pen, and the search would be its length squared
  for (const candidate of candidates) {
    const b = [...candidate];
    least = best ? least : Math.floor(Math.max(a.length, b.length) / 3) + 1;
    if (Math.abs(a.length - b.length) >= least) continue;
    const rows = [[...b.keys(), b.length]]; // insert, delete, replace, swap neighbours
    a.forEach((x, i) => {
      const row = (rows[i + 1] = [i + 1]);
      b.forEach((y, j) => {
        const swapped = i && j && x === b[j - 1] && y === a[i - 1] ? rows[i - 1]![j - 1]! : least;
        row.push(Math.min(rows[i]![j]! + +(x !== y), rows[i]![j + 1]! + 1, row[j]! + 1, swapped + 1));
      });
    });
    const edits = rows.at(-1)!.at(-1)!;
    if (edits < least) [least, best] = [edits, `did you mean \`${candidate}\`?`];
  }
  return best;
}

/** `` `a`, `b` or `c` ``. */
export const oneOf = (ids: readonly string[]): string => `\`${ids.join("`, `")}\``.replace(/, (\S+)$/, " or $1");
