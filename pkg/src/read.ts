import { InvalidSnapshotError, UnknownIdError } from "./errors.js";
import type { MenuItem } from "./types.js";

/** @internal The states of menu items, by their numbers in a snapshot. */
export const states = ["hidden", "shown", "undecided"] as const;

/** @internal A menu item of a snapshot: id, label, state, verbs, allowed operations, what is below. */
export type SnapshotRow = readonly [string, string, number, readonly string[], readonly string[], readonly SnapshotRow[]];

/** @internal What a snapshot is as JSON: mark, version, fingerprint, operations, a digit for each, the menu. */
export type Snapshot = readonly ["privet", 1, string, readonly string[], string, readonly SnapshotRow[]];

/** A snapshot, opened. */
export interface Reading {
  /** Of the policy that decided. */
  readonly fingerprint: string;
  /**
   * Whether the operation was allowed.
   *
   * @throws UnknownIdError for an operation that the policy lacks; it is never answered.
   */
  can(operation: string): boolean;
  /** The menu as the subject saw it. */
  menu(): readonly MenuItem[];
}

/**
 * Reads what `session.snapshot()` wrote: decisions and menu, with no WebAssembly. O(length).
 *
 * @throws InvalidSnapshotError for any other text.
 */
export function read(snapshot: string): Reading {
  const [fingerprint, operations, bits, rows] = parse(snapshot);
  const allowed = new Map(operations.map((id, index) => [id, bits[index] === "1"]));
  const items = rows.map(item);
  Object.freeze(items);
  return Object.freeze({
    fingerprint,
    can(operation: string): boolean {
      const answer = allowed.get(operation);
      if (answer !== undefined) return answer;
      throw new UnknownIdError("unknown-id", `unknown operation \`${operation}\`; the snapshot has no such operation`, operation);
    },
    menu: () => items,
  });
}

function parse(snapshot: string): [string, readonly string[], string, readonly SnapshotRow[]] {
  try {
    const parts: unknown = JSON.parse(snapshot);
    if (Array.isArray(parts) && parts.length === 6) {
      const [mark, version, fingerprint, operations, bits, menu] = parts as unknown as Snapshot;
      const whole = mark === "privet" && version === 1 && typeof fingerprint === "string" && isTexts(operations);
      const fits = whole && typeof bits === "string" && /^[01]*$/.test(bits) && bits.length === operations.length;
      if (fits && new Set(operations).size === operations.length && isMenu(menu)) return [fingerprint, operations, bits, menu];
    }
  } catch {
    // said below
  }
  throw new InvalidSnapshotError("invalid-snapshot", "not a snapshot of this release; take another with `session.snapshot()`");
}

const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every((text) => typeof text === "string");

const isMenu = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every((row) => Array.isArray(row) && row.length === 6 && isTexts(row.slice(0, 2)) && states[row[2]] !== undefined && typeof row[2] === "number" && isTexts(row[3]) && isTexts(row[4]) && isMenu(row[5]));

function item([id, label, state, verbs, operations, children]: SnapshotRow): MenuItem {
  const below = Object.freeze(children.map(item));
  return Object.freeze({ id, label, state: states[state] ?? "hidden", verbs, operations, children: below });
}
