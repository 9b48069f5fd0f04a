// The reasons section of a pack, as `docs/format.md` defines it.
import type { Program } from "../core/model.js";
import { decodeUtf8 } from "../core/utf8.js";
import { ReasonsError } from "./errors.js";

/** A leaf, or a connective (0 all, 1 any, 2 not) and its parts. Leaves are tests of a requirement, or slot references of a test. */
export type Tree = number | Branch;

interface Branch extends ReadonlyArray<Tree> {}

/** A test: what it is about, its kind, its truth now and if grants had their effect, its bound, what it needs; more of sets. */
export type Test = readonly [
  about: number,
  kind: number,
  truth: Tree,
  withEffect: Tree,
  bound: 0 | readonly [isLeast: number, value: number],
  decided: number,
  unknown: number,
  negated?: number,
  options?: readonly number[],
];

type Texts = readonly string[];

export interface Section {
  readonly version: number;
  readonly texts: Texts;
  /** Facts, privileges, roles, operations, conditions: the label, a fact's place or a condition's id, the words for values. */
  readonly subjects: readonly Texts[];
  readonly needs: Texts;
  /** By kind of tests: three codes, seven clauses. */
  readonly kinds: readonly Texts[];
  /** The costs of privileges. */
  readonly costs: readonly number[];
  /** The requirements of operations, then of conditions. */
  readonly trees: readonly Tree[];
  /** Of each privilege that has requirements: the own one, then those of levels. */
  readonly requires: readonly (0 | readonly Tree[])[];
  readonly tests: readonly Test[];
}

/** @throws ReasonsError */
export function fail(what: "missing" | "invalid" = "invalid"): never {
  throw new ReasonsError(`reasons-${what}`, `the reasons of the pack are ${what}; compile it with them`);
}

/** The section of a pack, with texts where texts are; numbers are checked where they are used. O(length). */
function read(pack: Uint8Array): Section {
  const [names, words, length] = [5, 9, 13].map((at) => new DataView(pack.buffer).getUint32(at, true));
  const start = 21 + names! + words!;
  if (!length) fail("missing");
  const section = JSON.parse(decodeUtf8(pack.subarray(start, start + length!))) as Section;
  const { version, texts, subjects, needs, kinds } = section;
  if (version !== 1 || [texts, needs, subjects, kinds].flat(2).some((text) => typeof text !== "string")) fail();
  return section;
}

/**
 * The section of a policy, read once.
 *
 * @throws ReasonsError
 */
export function sectionOf(program: Program): Section {
  program.reasons ??= read(program.pack);
  return program.reasons as Section;
}
