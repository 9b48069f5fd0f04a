// The menu of planes. Rows and lists that are as they were when a menu was read last are the same objects.
import { verdict } from "./engine.js";
import type { Planes } from "./engine.js";
import type { Program } from "./program.js";
import { states } from "./read.js";
import type { MenuItem } from "./types.js";

/** A list, or one with the same items. */
const keep = <T>(list: readonly T[], before: readonly T[] | undefined): readonly T[] =>
  list.length === before?.length && list.every((item, place) => item === before[place]) ? before : Object.freeze(list);

/** An item and what is below it; behind the last item, the whole menu. */
export function row(policy: Program, planes: Planes, item: number): MenuItem {
  const { rows, outline } = policy;
  const before = rows[item];
  const allowed = policy.placed[item]!.filter((operation) => verdict(planes, operation) === 1).map((operation) => outline.operations[operation]!);
  const children = keep(policy.below[item]!.map((item) => row(policy, planes, item)), before?.children);
  const operations = keep(allowed.map(([id]) => id), before?.operations);
  const state = states[2 - verdict(planes, outline.operations.length + item)]!;
  if (before && before.state === state && before.children === children && before.operations === operations) return before;
  const [id = "", label = ""] = outline.menu[item] ?? [];
  const bits = allowed.reduce((all, [, , bits]) => all | bits, 0);
  const verbs = outline.verbs.flatMap(([id], verb) => ((bits >>> verb) & 1 ? [id] : []));
  return (rows[item] = Object.freeze({ id, label, state, verbs: Object.freeze(verbs), operations, children }));
}
