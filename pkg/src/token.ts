// Tokens: a subject's grants as bits, highest first, behind what its policy's tokens begin with and before a checksum.
import { bytes } from "./bytes.js";
import { crc } from "./crc.js";
import { join } from "./engine.js";
import { InvalidTokenError, StaleTokenError } from "./errors.js";
import type { Entry, Program } from "./program.js";
import type { Pairs, State } from "./subject.js";
import { written } from "./values.js";

/** Letters that are read whatever the policy: a longer token may be of another one, and is stale then, not damaged. */
const ALWAYS_READ = 8192;
/** Letters that a privilege takes at most: of a set of 256 options in both sections. */
const LONGEST = 86;

const decoded = (text: string) => bytes(text.replace(/-/g, "+").replace(/_/g, "/"));

function encoded(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

/** How many bits a flag, level or choice takes: enough for its values and none. */
const width = ({ values }: Entry) => 32 - Math.clz32(values.length || 1);

/** Whether anything is granted, and then every privilege in as many bits as it has states. */
function section({ privileges }: Program, pairs: Pairs): string {
  let at = 0;
  const bits = privileges.map((entry, index) => {
    const { kind, values } = entry;
    const held: number[] = [];
    for (; pairs[at] === index; at += 2) held.push(pairs[at + 1]!);
    if (kind === "set") return values.map((_, option) => +held.includes(option)).join("");
    const [value] = held;
    const digits = (value ?? 0).toString(2);
    if (kind === "number") return value ? `11${(digits.length - 1).toString(2).padStart(5, "0")}${digits.slice(1)}` : value === 0 ? "10" : "0";
    // Roles that give a choice different options leave it to the subject's own, which alone counts.
    const number = held.length === 1 ? value! + +(kind === "choice") : 0;
    return number.toString(2).padStart(width(entry), "0");
  });
  const all = bits.join("");
  return /1/.test(all) ? `1${all}` : "0";
}

function sealed(program: Program, own: Pairs, roles: Pairs): string {
  const bits = section(program, own) + section(program, roles);
  const packed = bits.match(/.{1,8}/g)!.map((byte) => parseInt(byte.padEnd(8, "0"), 2));
  const body = [...decoded(program.outline.layout), ...packed];
  const sum = crc(body);
  return encoded(Uint8Array.from([...body, sum, sum >>> 8, sum >>> 16, sum >>> 24]));
}

/** The token of a state. */
export function token(program: Program, [, own, roles, ...inline]: State): string {
  return sealed(program, own, join(program, [...roles.map((role) => program.outline.roles[role]![1]), ...inline]));
}

/**
 * The own grants of a token, and those of all its roles.
 *
 * @throws InvalidTokenError, StaleTokenError
 */
export function untoken(program: Program, token: string): readonly [own: Pairs, roles: Pairs] {
  const { privileges, outline } = program;
  const invalid = (): never => {
    throw new InvalidTokenError("invalid-token", "not a token of Privet; ask for a new one; it may have been cut or changed on its way");
  };
  if (token.length > ALWAYS_READ + LONGEST * privileges.length) invalid();
  const all = read(token) ?? invalid();
  const [version] = all;
  const end = all.length - 4;
  if (encoded(all) !== token || end < 9 || version !== 1 || crc(all.subarray(0, end)) !== new DataView(all.buffer).getUint32(end, true)) invalid();
  if (!token.startsWith(outline.layout)) {
    throw new StaleTokenError("stale-token", "token belongs to another version of the policy; issue a new one, or keep the policy that it was issued for open");
  }
  const bits = Array.from(all.subarray(9, end), (byte) => byte.toString(2).padStart(8, "0")).join("");
  let at = 0;
  const take = (width: number) => parseInt(bits.slice(at, (at += width)), 2) || 0;
  const grants = () => {
    const pairs: number[] = [];
    if (!take(1)) return pairs;
    privileges.forEach((entry, index) => {
      const { kind, values, min, max } = entry;
      const grant = (value: number) => {
        const fits = kind === "number" ? value >= min && value <= max : written(entry, value);
        pairs.push(index, fits ? value : invalid());
      };
      if (kind === "set") values.forEach((_, option) => take(1) && grant(option));
      else if (kind !== "number") {
        const value = take(width(entry));
        if (value) grant(value - +(kind === "choice"));
      } else if (take(1)) {
        const rest = take(1) ? take(5) : -1;
        grant(rest < 0 ? 0 : 2 ** rest + take(rest));
      }
    });
    return pairs;
  };
  const [own, roles] = [grants(), grants()];
  if (sealed(program, own, roles) !== token) invalid(); // bits to spare
  return [own, roles];
}

function read(token: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return decoded(token);
  } catch {
    return undefined;
  }
}
