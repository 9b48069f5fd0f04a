// Builds the menu of an evaluation. Rows and lists that equal those of the previous menu are reused, so that frameworks see
// the same objects.
import { outputBit } from "./engine.js";
import type { Outputs } from "./engine.js";
import type { OpenedPolicy } from "./model.js";
import type { MenuItem } from "./types.js";

/** The previous list if it has the same items, else the new list, frozen. */
const reuse = <T>(list: readonly T[], before: readonly T[] | undefined): readonly T[] =>
  list.length === before?.length && list.every((item, place) => item === before[place]) ? before : Object.freeze(list);

/** Builds the row of a menu item with its children. The index after the last item is the menu's root. O(items + operations). */
export function menuRow(policy: OpenedPolicy, outputs: Outputs, item: number): MenuItem {
  const { rows, menuRows, operationRows } = policy;
  const before = rows[item];
  const [label, , placed, below] = menuRows[item]!;
  const allowed = placed.filter((operation) => outputBit(outputs, operation));
  const children = reuse(
    below.map((item) => menuRow(policy, outputs, item)),
    before?.children,
  );
  const operations = reuse(
    allowed.map((operation) => policy.operations[operation]!),
    before?.operations,
  );
  const has = (state: string) => children.some((child) => child.state === state);
  const state =
    allowed.length || has("shown")
      ? "shown"
      : has("undecided") || !placed.every((operation) => outputBit(outputs, operation, 1))
        ? "undecided"
        : "hidden";
  if (before && before.state === state && before.children === children && before.operations === operations)
    return before;
  const bits = allowed.reduce((all, operation) => all | operationRows[operation]![0], 0);
  const verbs = Object.freeze(policy.verbs.filter((_, verb) => (bits >>> verb) & 1));
  return (rows[item] = Object.freeze({ id: policy.menu[item]!, label, state, verbs, operations, children }));
}
