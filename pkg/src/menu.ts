// The menu of planes. Rows and lists that are as they were when a menu was read last are the same objects.
import type { Program } from "./program.js";
import { states } from "./read.js";
import type { MenuItem } from "./types.js";

/** A bit of planes; a plane begins at a word. */
export const bit = (planes: Uint32Array, plane: number, index: number): number => (planes[plane + (index >>> 5)]! >>> (index & 31)) & 1;

/** The ids of the verbs of these bits, in policy order. */
const verbsOf = ({ outline }: Program, operations: readonly number[]): readonly string[] => {
  const bits = operations.reduce((all, operation) => all | outline.operations[operation]![2], 0);
  return Object.freeze(outline.verbs.filter((_, verb) => (bits >>> verb) & 1).map(([id]) => id));
};

/** The items below one, or at the top (-1). */
export function below(program: Program, planes: Uint32Array, parent: number): readonly MenuItem[] {
  const { lists } = program;
  const items = program.below[parent + 1]!.map((item) => row(program, planes, item));
  const before = lists[parent + 1];
  const same = before && items.every((item, place) => item === before[place]);
  return same ? before : (lists[parent + 1] = Object.freeze(items));
}

/** An item and what is below it. */
export function row(program: Program, planes: Uint32Array, item: number): MenuItem {
  const { rows, outline, placed } = program;
  const children = below(program, planes, item);
  const before = rows[item];
  const [, , , shown, hidden] = program.planes as number[];
  const state = states[bit(planes, shown!, item) ? 1 : bit(planes, hidden!, item) ? 0 : 2];
  const allowed = placed[item]!.filter((operation) => bit(planes, 0, operation));
  const same = before && before.state === state && before.children === children && before.operations.length === allowed.length && allowed.every((operation, place) => outline.operations[operation]![0] === before.operations[place]);
  if (same) return before;
  const [id, label] = outline.menu[item]!;
  const operations = Object.freeze(allowed.map((operation) => outline.operations[operation]![0]));
  return (rows[item] = Object.freeze({ id, label, state, verbs: verbsOf(program, allowed), operations, children }));
}
