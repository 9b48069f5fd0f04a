// Tokens: the layout prefix of the policy, the subject's grants as bits, highest first, and a checksum, in base64url letters.
import { crc, join } from "./engine.js";
import { InvalidTokenError, StaleTokenError } from "./errors.js";
import type { EntryValue, Program, State } from "./model.js";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** The length of the checksum, in letters. */
const CHECKSUM = 6;

/** The lowest `width` bits of a number. */
const bitsOf = (number: number, width: number): string =>
  width ? number.toString(2).padStart(width, "0").slice(-width) : "";

/**
 * Encodes or decodes grants, so that both directions share one definition of the format. `code(value, width)` writes `value` and
 * returns it, or ignores it and returns the value that it reads. The first bit says whether there are any grants; then each
 * privilege takes as many bits as its states need.
 */
function section(
  { entries }: Program,
  pairs: readonly EntryValue[],
  code: (value: number, width: number) => number,
): EntryValue[] {
  const read: EntryValue[] = [];
  let at = 0;
  if (code(pairs.length && 1, 1)) {
    for (const entry of entries.privilege) {
      const { kind, names } = entry;
      const held: number[] = [];
      for (; pairs[at]?.[0] === entry; at++) held.push(pairs[at]![1]);
      const [value = -1] = held;
      const grant = (value: number) => read.push([entry, value]);
      const first = +(kind === "choice");
      if (kind === "set")
        names!.forEach((_, option) => {
          if (code(+held.includes(option), 1)) grant(option);
        });
      else if (names) {
        const rank = code(
          held.length && value + first,
          32 - Math.clz32(kind === "flag" ? 1 : names.length - 1 + first),
        );
        if (rank) grant(rank - first);
      } else if (code(held.length, 1)) {
        // One bit for whether it is above 0; if so, 5 bits for the number of binary digits after the leading 1, then those digits.
        const digits = code(value && 1, 1) && 1 + code(31 - Math.clz32(value), 5);
        grant(digits && 2 ** (digits - 1) + code(value, digits - 1));
      }
    }
  }
  return read;
}

/** Bits as letters, six bits each. */
const letters = (bits: string) => bits.replace(/.{1,6}/g, (six) => ALPHABET[parseInt(six.padEnd(6, "0"), 2)]!);

/** The checksum of a text. */
const checksum = (text: string) => letters(bitsOf(crc(new TextEncoder().encode(text)), 36));

/** The token of own grants and of the join of role grants. */
function formatToken(policy: Program, ...sections: (readonly EntryValue[])[]): string {
  let bits = "";
  for (const pairs of sections) {
    section(policy, pairs, (value, width) => {
      bits += bitsOf(value, width);
      return value;
    });
  }
  const text = policy.layout + letters(bits);
  return text + checksum(text);
}

/** The token of a state. O(privileges + state). */
export function writeToken(policy: Program, { assigned, inline }: State): string {
  const all = join([...assigned.map(([entry]) => entry.grants ?? []), ...inline]);
  // Where roles grant different options of a choice, only the subject's own option counts: leave theirs out.
  const alone = all.filter(
    ([entry], at) => entry.kind !== "choice" || (entry !== all[at - 1]?.[0] && entry !== all[at + 1]?.[0]),
  );
  return formatToken(
    policy,
    assigned.filter(([entry]) => entry.what === "privilege"),
    alone,
  );
}

/**
 * The own grants of a token, and the join of its roles' grants. O(length).
 *
 * @throws InvalidTokenError, StaleTokenError
 */
export function parseToken(
  policy: Program,
  token: string,
): readonly [own: readonly EntryValue[], roles: readonly EntryValue[]] {
  if (checksum(token.slice(0, -CHECKSUM)) === token.slice(-CHECKSUM)) {
    if (!token.startsWith(policy.layout)) {
      throw new StaleTokenError("stale-token", "token belongs to another version of the policy; issue a new one");
    }
    const bits = token.replace(/./g, (letter) => bitsOf(ALPHABET.indexOf(letter), 6));
    let at = 72;
    const code = (_: number, width: number) => parseInt(bits.slice(at, (at += width)), 2) || 0;
    const found = [section(policy, [], code), section(policy, [], code)] as const;
    const fits = ([{ names, range }, value]: EntryValue) =>
      names ? names[value] != null : value >= range![0] && value <= range![1];
    if (found.flat().every(fits) && formatToken(policy, ...found) === token) return found;
  }
  throw new InvalidTokenError("invalid-token", "not a Privet token; request a new one");
}
