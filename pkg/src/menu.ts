// The menu of what was decided. Rows and lists that are as they were when a menu was read last are the same objects.
import { bit } from "./engine.js";
import type { Outputs } from "./engine.js";
import type { Policy } from "./policy.js";
import type { MenuItem } from "./types.js";

/** A list, or one with the same items. */
const keep = <T>(list: readonly T[], before: readonly T[] | undefined): readonly T[] =>
  list.length === before?.length && list.every((item, place) => item === before[place]) ? before : Object.freeze(list);

/** An item and what is below it; behind the last item, the whole menu. */
export function row(policy: Policy, outputs: Outputs, item: number): MenuItem {
  const { rows, menuRows, operationRows } = policy;
  const before = rows[item];
  const [label, , placed, below] = menuRows[item]!;
  const allowed = placed.filter((operation) => bit(outputs, operation));
  const children = keep(
    below.map((item) => row(policy, outputs, item)),
    before?.children,
  );
  const operations = keep(
    allowed.map((operation) => policy.operations[operation]!),
    before?.operations,
  );
  const has = (state: string) => children.some((child) => child.state === state);
  const state =
    allowed.length || has("shown")
      ? "shown"
      : has("undecided") || !placed.every((operation) => bit(outputs, operation, 1))
        ? "undecided"
        : "hidden";
  if (before && before.state === state && before.children === children && before.operations === operations)
    return before;
  const bits = allowed.reduce((all, operation) => all | operationRows[operation]![0], 0);
  const verbs = Object.freeze(policy.verbs.filter((_, verb) => (bits >>> verb) & 1));
  return (rows[item] = Object.freeze({ id: policy.menu[item]!, label, state, verbs, operations, children }));
}
