// Reads snapshots without WebAssembly.
import { InvalidSnapshotError, UnknownIdError } from "./errors.js";
import { display, isId } from "./ids.js";
import type { AnySchema, MenuItem, OperationId, Schema, Why } from "./types.js";

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
export type Snapshot = readonly ["privet", number, string, readonly string[], string, readonly SnapshotRow[]];

/** @internal A reason that a snapshot of version 2 carries. */
type CarriedRow = readonly [operation: string, why: Why<Schema>];

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
  /**
   * Why the operation was allowed or not, if the snapshot carries it: see `session.snapshot({ why })`.
   *
   * @throws UnknownIdError for an operation that the snapshot does not have.
   */
  why(operation: OperationId<S>): Why<S> | undefined;
}

/**
 * Reads the result of `session.snapshot()`: decisions and menu, without WebAssembly. O(length). `read<Schema>`, with the
 * schema of the policy's module, types the ids.
 *
 * @throws InvalidSnapshotError for any other text.
 */
export function read<S extends Schema = AnySchema>(snapshot: string): Reading<S> {
  const [fingerprint, operations, bits, rows, carried] = parse(snapshot);
  const allowed = new Map(operations.map((id, index) => [id, bits[index] === "1"]));
  const items = rows.map(item<S>);
  Object.freeze(items);
  const reasons = new Map(carried);
  const can = (operation: string): boolean => {
    const answer = allowed.get(operation);
    if (answer !== undefined) return answer;
    const id = display(operation);
    throw new UnknownIdError("unknown-id", `unknown operation \`${id}\`; the snapshot has no such operation`, id);
  };
  return Object.freeze<Reading<S>>({
    fingerprint,
    can,
    menu: () => items,
    why(operation) {
      can(operation);
      return reasons.get(operation) as Why<S> | undefined;
    },
  });
}

function parse(
  snapshot: string,
): [string, readonly string[], string, readonly SnapshotRow[], carried: readonly CarriedRow[]] {
  try {
    const parts: unknown = typeof snapshot === "string" && JSON.parse(snapshot);
    if (Array.isArray(parts)) {
      const [magic, version, fingerprint, operations, bits, menu, carried = []] = parts as unknown as [
        ...Snapshot,
        carried?: readonly CarriedRow[],
      ];
      // Version 2 carries reasons
      const hasParts = parts.length === 5 + version && (version === 1 || version === 2);
      const isSnapshot = magic === "privet" && hasParts && typeof fingerprint === "string" && isIds(operations);
      const fits = isSnapshot && typeof bits === "string" && /^[01]*$/.test(bits) && bits.length === operations.length;
      const known = new Set(operations);
      if (fits && known.size === operations.length && isMenu(menu) && carried.every((row) => isCarried(row, known)))
        return [fingerprint, operations, bits, menu, carried];
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

function isCarried(row: CarriedRow, operations: ReadonlySet<string>): boolean {
  const [id, { decision, sentence, reasons }] = row;
  const isDecision = ["allowed", "denied", "undecided"].includes(decision);
  return row.length === 2 && operations.has(id) && isDecision && typeof sentence === "string" && Array.isArray(reasons);
}

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
