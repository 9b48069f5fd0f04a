// Tokens: a subject's grants as bits, highest first, behind what its policy's tokens begin with and before a checksum.
import { crc, join } from "./engine.js";
import { InvalidTokenError, StaleTokenError } from "./errors.js";
import type { Pair, Program } from "./program.js";
import type { State } from "./subject.js";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** Letters of the checksum. */
const SEAL = 6;

/** The lowest bits of a number, so many of them. */
const bitsOf = (number: number, width: number): string =>
  width ? number.toString(2).padStart(width, "0").slice(-width) : "";

/**
 * Writes grants by `code`, or reads those that `code` gives: whether there are any, and then every privilege in as many bits as
 * it has states.
 */
function section({ entries }: Program, pairs: readonly Pair[], code: (value: number, width: number) => number): Pair[] {
  const read: Pair[] = [];
  let at = 0;
  if (code(pairs.length && 1, 1)) {
    for (const entry of entries.privilege) {
      const { kind, names } = entry;
      const held: number[] = [];
      for (; pairs[at]?.[0] === entry; at++) held.push(pairs[at]![1]);
      const [value = -1] = held;
      const grant = (value: number) => read.push([entry, value]);
      const first = +(kind === "choice");
      if (kind === "set") names!.forEach((_, option) => code(+held.includes(option), 1) && grant(option));
      else if (names) {
        const rank = code(
          held.length && value + first,
          32 - Math.clz32(kind === "flag" ? 1 : names.length - 1 + first),
        );
        if (rank) grant(rank - first);
      } else if (code(held.length, 1)) {
        // Of its digits the first is 1: how many follow it, and those.
        const digits = code(value && 1, 1) && 1 + code(31 - Math.clz32(value), 5);
        grant(digits && 2 ** (digits - 1) + code(value, digits - 1));
      }
    }
  }
  return read;
}

/** The letters of bits, six each. */
const letters = (bits: string) => bits.replace(/.{1,6}/g, (six) => ALPHABET[parseInt(six.padEnd(6, "0"), 2)]!);

/** The checksum that stands behind a text. */
const seal = (text: string) => letters(bitsOf(crc(new TextEncoder().encode(text)), 36));

/** The token of own grants and those that roles give together. */
function sealed(policy: Program, ...sections: (readonly Pair[])[]): string {
  let bits = "";
  for (const pairs of sections) {
    section(policy, pairs, (value, width) => {
      bits += bitsOf(value, width);
      return value;
    });
  }
  const text = policy.layout + letters(bits);
  return text + seal(text);
}

/** The token of a state. */
export function token(policy: Program, { given, inline }: State): string {
  const all = join([...given.map(([entry]) => entry.grants ?? []), ...inline]);
  // A choice that roles give different options is the subject's own, which alone counts.
  const alone = all.filter(
    ([entry], at) => entry.kind !== "choice" || (entry !== all[at - 1]?.[0] && entry !== all[at + 1]?.[0]),
  );
  return sealed(
    policy,
    given.filter(([entry]) => entry.what === "privilege"),
    alone,
  );
}

/**
 * The own grants of a token, and those of all its roles.
 *
 * @throws InvalidTokenError, StaleTokenError
 */
export function untoken(policy: Program, token: string): readonly [own: readonly Pair[], roles: readonly Pair[]] {
  if (seal(token.slice(0, -SEAL)) === token.slice(-SEAL)) {
    if (!token.startsWith(policy.layout)) {
      throw new StaleTokenError("stale-token", "token belongs to another version of the policy; issue a new one");
    }
    const bits = token.replace(/./g, (letter) => bitsOf(ALPHABET.indexOf(letter), 6));
    let at = 72;
    const code = (_: number, width: number) => parseInt(bits.slice(at, (at += width)), 2) || 0;
    const found = [section(policy, [], code), section(policy, [], code)] as const;
    const fits = ([{ names, range }, value]: Pair) =>
      names ? names[value] != null : value >= range![0] && value <= range![1];
    if (found.flat().every(fits) && sealed(policy, ...found) === token) return found;
  }
  throw new InvalidTokenError("invalid-token", "not a token of Privet; ask for a new one");
}
