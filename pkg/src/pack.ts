import { intact } from "./crc.js";
import { InvalidPackError } from "./errors.js";

/**
 * @internal Everything of a policy but what decides, as the pack has it. A verdict is its place among those that deciding
 * gives: of an operation or menu item its index, and of a privilege that of the first.
 */
export interface Outline {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly layout: string;
  readonly verbs: readonly (readonly [id: string, label: string])[];
  readonly guides: readonly (readonly [id: string, label: string])[];
  readonly facts: readonly Row[];
  readonly privileges: readonly Row[];
  readonly roles: readonly (readonly [id: string, grants: readonly (readonly [privilege: number, value: number])[], verdict: number])[];
  readonly menu: readonly (readonly [id: string, label: string, parent: number])[];
  readonly operations: readonly (readonly [
    id: string,
    menu: readonly number[],
    verbs: number,
    restricts: 0 | 1,
    obligations: readonly (readonly [id: string, verdict: number])[],
  ])[];
}

/** A fact or privilege: `values` are levels, options, or tests; `numbers` the least, the greatest, and those that roles give. */
export type Row = readonly [id: string, kind: Kind, values: readonly string[] & readonly number[], verdict: number, numbers?: readonly number[]];

export type Kind = "switch" | "flag" | "level" | "choice" | "set" | "number";

const HEADER = 49;
const MOST = 64 << 20;

/**
 * What `use` makes of the outline and the words of a pack, with its fingerprint; `false` says that they are malformed. O(bytes).
 *
 * @throws InvalidPackError
 */
export function unpack<T extends object>(pack: Uint8Array, use: (outline: Outline, words: Uint32Array) => T | false): T & { readonly fingerprint: string } {
  const refuse = (wrong: boolean, what: string, at: number, help: string): void => {
    if (wrong) throw new InvalidPackError("invalid-pack", `${what} at byte ${at}; ${help}`);
  };
  const view = new DataView(pack.buffer);
  const size = (at: number) => view.getUint32(at, true);
  const text = (from: number, to: number) => new TextDecoder().decode(pack.subarray(from, to));
  const end = pack.length;
  refuse(text(0, 4) !== "PRVT", "not a Privet pack", 0, "pass the bytes that `compile` returned");
  refuse(pack[4] !== 2, "unsupported pack version", 4, "compile the policy again with this release");
  const fits = end > HEADER && end <= MOST && HEADER + size(5) + size(9) + size(13) + 4 === end;
  refuse(!fits, "pack is cut short, has bytes to spare or is too large", end, "load it again, as binary data");
  refuse(!intact(pack), "pack is damaged: its checksum does not match", end - 4, "load or compile it again");
  let made: T | false = false;
  try {
    const words = HEADER + size(5);
    made = use(JSON.parse(text(HEADER, words)) as Outline, new Uint32Array(pack.slice(words, words + size(9)).buffer));
  } catch {
    // said below: what is not there cannot be used
  }
  refuse(!made, "malformed pack", HEADER, "compile the policy again");
  const fingerprint = Array.from(pack.subarray(17, HEADER), (byte) => (256 + byte).toString(16).slice(1)).join("");
  return { ...(made as T), fingerprint };
}
