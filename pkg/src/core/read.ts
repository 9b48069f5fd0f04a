// Reads snapshots without WebAssembly.
import { InvalidSnapshotError, UnknownIdError } from "./errors.js";
import { display, isId } from "./ids.js";
import type { AnySchema, MenuItem, OperationId, Schema } from "./types.js";

/** @internal The states of menu items, by their number in a snapshot. */
export const states = ["hidden", "shown", "undecided"] as const;

/** @internal A menu item of a snapshot: id, label, state, verbs, allowed operations, children. */
export type SnapshotRow = readonly [
  string,
  string,
  number,
  readonly string[],
  readonly string[],
  readonly SnapshotRow[],
];

/** @internal A snapshot as JSON: magic, format version, fingerprint, operation ids, a digit for each, the menu. */
export type Snapshot = readonly ["privet", 1, string, readonly string[], string, readonly SnapshotRow[]];

/** The content of a snapshot. */
export interface Reading<S extends Schema = AnySchema> {
  /** The fingerprint of the policy that decided. */
  readonly fingerprint: string;
  /**
   * Whether the operation was allowed. O(1).
   *
   * @throws UnknownIdError for an operation that the snapshot does not have.
   */
  can(operation: OperationId<S>): boolean;
  /** The menu as the subject saw it. */
  menu(): readonly MenuItem<S>[];
}

/**
 * Reads the result of `session.snapshot()`: decisions and menu, without WebAssembly. O(length). `read<Schema>`, with the
 * schema of the policy's module, types the ids.
 *
 * @throws InvalidSnapshotError for any other text.
 */
export function read<S extends Schema = AnySchema>(snapshot: string): Reading<S> {
  const [fingerprint, operations, bits, rows] = parse(snapshot);
  const allowed = new Map(operations.map((id, index) => [id, bits[index] === "1"]));
  const items = rows.map(item<S>);
  Object.freeze(items);
  return Object.freeze({
    fingerprint,
    can(operation: string): boolean {
      const answer = allowed.get(operation);
      if (answer !== undefined) return answer;
      const id = display(operation);
      throw new UnknownIdError("unknown-id", `unknown operation \`${id}\`; the snapshot has no such operation`, id);
    },
    menu: () => items,
  });
}

function parse(snapshot: string): [string, readonly string[], string, readonly SnapshotRow[]] {
  try {
    const parts: unknown = typeof snapshot === "string" && JSON.parse(snapshot);
    if (Array.isArray(parts) && parts.length === 6) {
      const [magic, version, fingerprint, operations, bits, menu] = parts as unknown as Snapshot;
      const isSnapshot = magic === "privet" && version === 1 && typeof fingerprint === "string" && isIds(operations);
      const fits = isSnapshot && typeof bits === "string" && /^[01]*$/.test(bits) && bits.length === operations.length;
      if (fits && new Set(operations).size === operations.length && isMenu(menu))
        return [fingerprint, operations, bits, menu];
    }
  } catch {
    // Text that is not JSON is reported below
  }
  throw new InvalidSnapshotError(
    "invalid-snapshot",
    "not a snapshot of this release; take another with `session.snapshot()`",
  );
}

const isIds = (value: unknown): value is string[] => Array.isArray(value) && value.every(isId);

/** The items of a policy's menu have at most 64 ancestors. */
const isMenu = (value: unknown, ancestors = 0): boolean =>
  Array.isArray(value) &&
  value.every(
    (row) =>
      ancestors <= 64 &&
      Array.isArray(row) &&
      row.length === 6 &&
      isId(row[0]) &&
      typeof row[1] === "string" &&
      states[row[2]] !== undefined &&
      typeof row[2] === "number" &&
      isIds(row[3]) &&
      isIds(row[4]) &&
      isMenu(row[5], ancestors + 1),
  );

function item<S extends Schema>([id, label, state, verbs, operations, children]: SnapshotRow): MenuItem<S> {
  const below = Object.freeze(children.map(item<S>));
  return Object.freeze<MenuItem<S>>({
    id,
    label,
    state: states[state] ?? "hidden",
    verbs,
    operations,
    children: below,
  });
}
