// The menu of planes. Rows and lists that are as they were when a menu was read last are the same objects.
import type { Policy } from "./policy.js";
import { states } from "./read.js";
import type { MenuItem } from "./types.js";

/** A bit of planes; a plane begins at a word. */
export const bit = (planes: readonly number[], plane: number, index: number): number => (planes[plane + (index >>> 5)]! >>> (index & 31)) & 1;

/** A list, or one with the same items. */
const keep = <T>(list: readonly T[], before: readonly T[] | undefined): readonly T[] =>
  list.length === before?.length && list.every((item, place) => item === before[place]) ? before : Object.freeze(list);

/** An item and what is below it; behind the last item, the whole menu. */
export function row(policy: Policy, planes: readonly number[], item: number): MenuItem {
  const { rows, items, steps, planes: at } = policy;
  const before = rows[item];
  const [label, , placed, below] = items[item]!;
  const allowed = placed.filter((operation) => bit(planes, 0, operation));
  const children = keep(below.map((item) => row(policy, planes, item)), before?.children);
  const operations = keep(allowed.map((operation) => policy.operations[operation]!), before?.operations);
  const state = states[bit(planes, at[3]!, item) || 2 * (1 - bit(planes, at[4]!, item))]!;
  if (before && before.state === state && before.children === children && before.operations === operations) return before;
  const bits = allowed.reduce((all, operation) => all | steps[operation]![0], 0);
  const verbs = Object.freeze(policy.verbs.filter((_, verb) => (bits >>> verb) & 1));
  return (rows[item] = Object.freeze({ id: policy.menu[item]!, label, state, verbs, operations, children }));
}
