// Builds the menu of an evaluation. Rows and lists that equal those of the menu that was built before are reused, so that
// frameworks see the same objects.
import { bit } from "./model.js";
import type { Evaluation, Outputs, Program } from "./model.js";
import type { MenuItem } from "./types.js";

/** The states of menu items, by the engine's number. */
const STATES = ["hidden", "undecided", "shown"] as const;

/** The previous list if it has the same items, else the new list, frozen. */
const reuse = <T>(list: readonly T[], before: readonly T[] | undefined): readonly T[] =>
  list.length === before?.length && list.every((item, place) => item === before[place]) ? before : Object.freeze(list);

/** The allowed operations that are placed at an item. */
const allowedAt = ({ items }: Program, outputs: Outputs, item: number): readonly number[] =>
  items[item]!.placed.filter((operation) => bit(outputs, operation));

/** The verbs of operations, in policy order. */
function verbsOf({ rows, ids }: Program, operations: readonly number[]): readonly string[] {
  let bits = 0;
  for (const operation of operations) bits |= rows[operation]!.verbs;
  return Object.freeze(ids.verbs.filter((_, verb) => (bits >> verb) & 1));
}

/** The verbs of the allowed operations that are placed at a menu item. */
export const verbsAt = ({ program, outputs }: Evaluation, item: number): readonly string[] =>
  verbsOf(program, allowedAt(program, outputs, item));

/** The top level of the menu. O(operations + items); only items that differ from the menu before are built. */
export function buildMenu({ program, outputs }: Evaluation): readonly MenuItem[] {
  const { engine, ids, rows: operations, items, menu } = program;
  const states = engine.menu(outputs);
  const rows = [...(menu?.rows ?? [])];
  const isChanged: boolean[] = [];
  operations.forEach((operation, index) => {
    if (!menu || bit(outputs, index) !== bit(menu.outputs, index))
      for (const item of operation.items) isChanged[item] = true;
  });
  // Parents precede their children, but the root is last
  const root = ids.menu.length;
  for (let place = root; place-- >= 0; ) {
    const item = place < 0 ? root : place;
    const before = rows[item];
    const state = STATES[states[item]!]!;
    if (before && !isChanged[item] && (before.state === state || item === root)) continue;
    const { label, meta, children: below, parent } = items[item]!;
    const allowed = allowedAt(program, outputs, item);
    const children = reuse(
      below.map((child) => rows[child]!),
      before?.children,
    );
    const names = reuse(
      allowed.map((operation) => ids.operations[operation]!),
      before?.operations,
    );
    if (before && before.state === state && before.children === children && before.operations === names) continue;
    const verbs = verbsOf(program, allowed);
    rows[item] = Object.freeze({
      id: ids.menu[item]!,
      label,
      ...(meta !== undefined && { meta }),
      state,
      verbs,
      operations: names,
      children,
    });
    isChanged[parent] = true;
  }
  program.menu = { outputs, rows };
  return rows[root]!.children;
}
