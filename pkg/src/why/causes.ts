// Causes: the tests that decide, each once. The studio's `explain` follows the same rules (src/studio/explain/reasons.rs).
import type { Reason, Schema } from "../core/types.js";

/** A reason, with what its comparison and its words need. */
export interface Cause extends Omit<Reason<Schema>, "alternative" | "text"> {
  /** What it is about, as an index among the subjects of the section. */
  readonly about: number;
  /** The group of alternatives that it is one of; 0 if it is required. */
  readonly group: number;
  readonly bound: 0 | readonly [isLeast: number, value: number];
  /** The reason in words. */
  readonly words: () => string;
}

/** Whether whoever mends one cause has mended the other one too; or both say the same. */
function includes(one: Cause, other: Cause): boolean {
  const [a, b] = [one.bound, other.bound];
  const covers = a && b && a[0] === b[0] ? (a[0] ? a[1] >= b[1] : a[1] <= b[1]) : one.needed === other.needed;
  return one.code === other.code && one.held === other.held && (covers || (one.code === "value" && !!one.held));
}

/** The causes without those that others include; of alternatives, without those that include others. */
function merged(causes: readonly Cause[], areAllNeeded: boolean): Cause[] {
  const found: Cause[] = [];
  for (const cause of causes) {
    const at = found.findIndex((one) => one.id === cause.id && (includes(one, cause) || includes(cause, one)));
    if (at < 0) found.push(cause);
    else if (includes(cause, found[at]!) === areAllNeeded) found[at] = cause;
  }
  return found;
}

/** Tells each cause once, and only alternatives that are not told otherwise. */
export function plainly(causes: readonly Cause[]): Cause[] {
  const of = (number: number) =>
    merged(
      causes.filter(({ group }) => group === number),
      !number,
    );
  const groups = [...new Set(causes.flatMap(({ group }) => group || []))].map(of);
  const single = groups.flatMap(([cause, more]) => (cause && !more ? { ...cause, group: 0 } : []));
  const required = merged([...of(0), ...single], true);
  const byId = new Map(required.map((cause) => [cause.id, cause]));
  const told = new Set<string>();
  const isNew = (group: readonly Cause[]) => {
    const isMended = group.some((cause) => byId.has(cause.id) && includes(byId.get(cause.id)!, cause));
    const key = group.map(({ code, id, needed, held }) => [code, id, needed, held].join("\n")).join("\n");
    return group[1] && !isMended && !told.has(key) && told.add(key);
  };
  return [...required, ...groups.filter(isNew).flat()];
}

/** Whether a test holds because of what the subject has. */
export const isOfHeld = ({ code, held }: Cause): boolean =>
  /^(granted|on|set|included)$/.test(code) || (code === "value" && !!held);
