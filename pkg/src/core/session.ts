import { failConflict, rejectOverridden } from "./conflicts.js";
import { InvalidSubjectError } from "./errors.js";
import { fail } from "./fail.js";
import { giversOf } from "./givers.js";
import { find } from "./ids.js";
import type { CarriedReasons, OperationHandle, Session as SessionInterface } from "./interfaces.js";
import { buildMenu, verbsAt } from "./menu.js";
import * as texts from "./messages.js";
import { bit, internals } from "./model.js";
import type { Evaluation, OpenedPolicy, Program, State } from "./model.js";
import { states } from "./read.js";
import type { Snapshot, SnapshotRow } from "./read.js";
import { writeSubject } from "./record.js";
import { change as changeState, keyOf } from "./state.js";
import type {
  AnySchema,
  Change,
  Decided,
  Difference,
  Facts,
  GrantValue,
  Holding,
  MenuItem,
  MenuItemId,
  ObligationId,
  OperationId,
  PrivilegeId,
  Schema,
  Subject,
  VerbId,
  Verbs,
} from "./types.js";
import { decodeValue } from "./values.js";

/** The most sessions that {@link Session.under} keeps. */
const MOST_KEPT = 1024;

/** Evaluates a state. O(program + state). */
function evaluate(program: Program, state: State): (() => void) & Evaluation {
  const [outputs, conflict] = program.engine.decide(state, program.outputs);
  const session = (() => {}) as (() => void) & { -readonly [key in keyof Evaluation]: Evaluation[key] };
  session.program = program;
  session.state = state;
  session.outputs = outputs;
  session.operations = program.index.operation;
  session.order = program.order;
  session.next = 0;
  session.givers = giversOf;
  if (conflict) failConflict(session, program.entries[conflict - 1]!);
  return session;
}

/** Implements the interface `Session` over copied output bits. */
export class Session<out S extends Schema = AnySchema> implements SessionInterface<S> {
  readonly [internals]: (() => void) & Evaluation;

  constructor(
    readonly policy: OpenedPolicy<S>,
    state: State,
  ) {
    this[internals] = evaluate(policy[internals], state);
  }

  get validUntil(): number | undefined {
    const { ends } = this[internals].state;
    return ends && [...ends.values()].reduce((first, end) => Math.min(first, end));
  }

  can(operation: OperationId<S>): boolean {
    const session = this[internals];
    const { order } = session;
    // A menu asks in the order of the document: the operation behind the last one is compared before the table is searched
    let index = session.next;
    if (order[index] !== operation)
      index = session.operations.get(operation) ?? find(session.program, "operation", operation);
    session.next = index + 1 < order.length ? index + 1 : 0;
    return bit(session.outputs, index) === 1;
  }

  canHandle(handle: OperationHandle): boolean {
    const { outputs, program } = this[internals];
    // Anything but an index is looked up as an id, and so refused: shifting `null`, a fraction or text would give index 0.
    const isIndex = typeof handle === "number" && handle >>> 0 === handle && handle < program.rows.length;
    return bit(outputs, isIndex ? handle : find(program, "operation", handle)) === 1;
  }

  canAny(...operations: readonly OperationId<S>[]): boolean {
    return operations.map((operation) => this.can(operation)).includes(true);
  }

  canAll(...operations: readonly OperationId<S>[]): boolean {
    return !operations.map((operation) => this.can(operation)).includes(false);
  }

  decide(operation: OperationId<S>): Decided<S> {
    const { outputs, program } = this[internals];
    const index = this.policy.handle(operation);
    const isDenied = bit(outputs, program.denied + index);
    const decision = bit(outputs, index) ? "allowed" : isDenied ? "denied" : "undecided";
    return Object.freeze({ decision, obligations: Object.freeze(owed(this[internals], index)) });
  }

  allowed(): readonly OperationId<S>[] {
    const session = this[internals];
    const { rows, ids } = session.program;
    return (session.allowed ??= Object.freeze(
      ids.operations.filter((_, index) => !rows[index]!.restricts && bit(session.outputs, index)),
    ));
  }

  menu(): readonly MenuItem<S>[] {
    const session = this[internals];
    return (session.menu ??= buildMenu(session)) as readonly MenuItem<S>[];
  }

  verbs(menuItem: MenuItemId<S>): Verbs<S> {
    const { program } = this[internals];
    const names = verbsAt(this[internals], find(program, "menu item", menuItem));
    return { has: (verb: VerbId<S>) => names.includes(verb) || find(program, "verb", verb) < 0, names };
  }

  holds<P extends PrivilegeId<S>>(privilege: P): Holding<S["grantValues"][P], S> {
    const { program, state } = this[internals];
    const entry = find(program, "privilege", privilege);
    const held = program.engine.holding(state, entry.index);
    const [granted, effective] = held.map((values) => {
      const names = values?.map((value) => decodeValue(entry, value)) ?? ["undecided"];
      return (values && entry.kind === "set" && names[0] ? names : names[0]) as GrantValue | undefined;
    });
    const all = (held[0] ?? []).map((value) => [decodeValue(entry, value), giversOf(this[internals], entry, value)]);
    const from = entry.kind === "set" ? Object.fromEntries(all) : (all[0]?.[1] ?? []);
    return Object.freeze({ granted, effective, from }) as unknown as Holding<S["grantValues"][P], S>;
  }

  with(change: Change<S>): Session<S> {
    const { program, state: before } = this[internals];
    const [state, set, removed] = changeState(program, change, before);
    const after = new Session<S>(this.policy, state);
    rejectOverridden(after[internals], set, removed);
    return after;
  }

  under(facts: Facts<S>): Session<S> {
    const session = this[internals];
    const kept = (session.under ??= new Map());
    const key = keyOf(session.program, facts);
    const found = kept.get(key);
    if (found) return found as Session<S>;
    const after = this.with({ facts });
    // Facts with many values, such as amounts, would fill the memory
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(key, after);
    return after;
  }

  diff(other: Session<S>): Difference<S> {
    const [program, others] = [this, other].map((session) => session?.[internals]?.program);
    if (!others || other.policy.fingerprint !== this.policy.fingerprint || others.rows.length !== program!.rows.length)
      fail(InvalidSubjectError, "invalid-subject", "", texts.otherPolicy);
    const only = (a: Session<S>, b: Session<S>) => a.allowed().filter((operation) => !b.can(operation));
    const owing = (a: Session<S>, b: Session<S>) =>
      this.policy.operations.flatMap((operation, index) => {
        const known = owed(b[internals], index);
        return owed(a[internals], index).flatMap((obligation) =>
          known.includes(obligation) ? [] : [{ operation, obligation }],
        );
      });
    return {
      gained: only(other, this),
      lost: only(this, other),
      obligations: { added: owing(other, this), removed: owing(this, other) },
    };
  }

  subject(): Subject<S> {
    const { program, state } = this[internals];
    return writeSubject(program, state) as Subject<S>;
  }

  inputs(operation: OperationId<S>): Subject<S> {
    const { program, state } = this[internals];
    return writeSubject(program, state, this.policy.handle(operation)) as Subject<S>;
  }

  token(): string {
    const { program, state } = this[internals];
    return program.engine.writeToken(state);
  }

  snapshot({ why, operations: asked }: CarriedReasons<S> = {}): string {
    const row = ({ id, label, state, verbs, operations, children }: MenuItem): SnapshotRow => [
      id,
      label,
      states.indexOf(state),
      verbs,
      operations,
      children.map(row),
    ];
    const { outputs } = this[internals];
    const { fingerprint, operations } = this.policy;
    const bits = operations.map((_, index) => bit(outputs, index)).join("");
    const snapshot = ["privet", 1, fingerprint, operations, bits, this.menu().map(row)] satisfies Snapshot;
    if (!why) return JSON.stringify(snapshot);
    const carried = (asked ?? operations.filter((id) => !this.can(id))).map((id) => [id, why(this, id)] as const);
    return JSON.stringify(["privet", 2, ...snapshot.slice(2), carried]);
  }
}

/** The obligations that an operation owes. */
function owed({ outputs, program }: Evaluation, index: number): ObligationId[] {
  const { obligations, owed: first } = program.rows[index]!;
  return obligations.filter((_, place) => bit(outputs, index) && !bit(outputs, program.owed + first + place));
}
