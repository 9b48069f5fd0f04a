import { refuseConflict, rejectOverridden } from "./conflicts.js";
import { evaluate, outputBit } from "./engine.js";
import type { Outputs } from "./engine.js";
import { holding } from "./holdings.js";
import { find } from "./ids.js";
import type { OperationHandle, Session as SessionInterface } from "./interfaces.js";
import { menuRow } from "./menu.js";
import type { OpenedPolicy, State } from "./model.js";
import { states } from "./read.js";
import type { Snapshot, SnapshotRow } from "./read.js";
import { writeSubject } from "./record.js";
import { apply } from "./subject.js";
import { writeToken } from "./token.js";
import type {
  AnySchema,
  Change,
  Decided,
  Difference,
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

/** Implements the interface `Session` over copied output bits. */
export class Session<out S extends Schema = AnySchema> implements SessionInterface<S> {
  readonly policy: OpenedPolicy<S>;
  readonly #outputs: Outputs;
  #allowed: readonly OperationId<S>[] | undefined;
  #menu: readonly MenuItem<S>[] | undefined;

  constructor(
    policy: OpenedPolicy<S>,
    /** The resolved subject. */
    readonly state: State,
  ) {
    this.policy = policy;
    this.#outputs = evaluate(policy, state);
    refuseConflict(policy, state);
  }

  can(operation: OperationId<S>): boolean {
    return !!outputBit(this.#outputs, this.policy.handle(operation));
  }

  canHandle(handle: OperationHandle): boolean {
    // Anything but an index is looked up as an id, and so refused: shifting `null`, a fraction or text would give index 0.
    const isIndex = handle >>> 0 === handle && handle < this.policy.operations.length;
    return !!outputBit(this.#outputs, isIndex ? handle : this.policy.handle(handle as never));
  }

  canAny(...operations: readonly OperationId<S>[]): boolean {
    return operations.map(this.can, this).includes(true);
  }

  canAll(...operations: readonly OperationId<S>[]): boolean {
    return !operations.map(this.can, this).includes(false);
  }

  decide(operation: OperationId<S>): Decided<S> {
    const index = this.policy.handle(operation);
    const decision = outputBit(this.#outputs, index)
      ? "allowed"
      : outputBit(this.#outputs, index, 1)
        ? "denied"
        : "undecided";
    return Object.freeze({ decision, obligations: Object.freeze(this.#owed(index)) });
  }

  allowed(): readonly OperationId<S>[] {
    const opens = (_: string, index: number) =>
      !this.policy.operationRows[index]![1] && outputBit(this.#outputs, index);
    return (this.#allowed ??= Object.freeze(this.policy.operations.filter(opens)));
  }

  menu(): readonly MenuItem<S>[] {
    return (this.#menu ??= menuRow(this.policy, this.#outputs, this.policy.menu.length)
      .children as readonly MenuItem<S>[]);
  }

  verbs(menuItem: MenuItemId<S>): Verbs<S> {
    const { verbs: names } = menuRow(this.policy, this.#outputs, find(this.policy, "menu item", menuItem));
    return { has: (verb: VerbId<S>) => names.includes(verb) || find(this.policy, "verb", verb) < 0, names };
  }

  holds<P extends PrivilegeId<S>>(privilege: P): Holding<S["grantValues"][P]> {
    return Object.freeze(holding(this.policy, this.state, find(this.policy, "privilege", privilege))) as Holding<
      S["grantValues"][P]
    >;
  }

  with(change: Change<S>): Session<S> {
    const [state, set, removed] = apply(this.policy, change, this.state);
    const after = new Session<S>(this.policy, state);
    rejectOverridden(this.policy, state, set, removed);
    return after;
  }

  diff(other: Session<S>): Difference<S> {
    if (other.policy.fingerprint !== this.policy.fingerprint) {
      throw new TypeError("sessions of different policies; compare the policies instead");
    }
    const only = (a: Session<S>, b: Session<S>) => a.allowed().filter((operation) => !b.can(operation));
    const owing = (a: Session<S>, b: Session<S>) =>
      this.policy.operations.flatMap((operation, index) =>
        a
          .#owed(index)
          .flatMap((obligation) => (b.#owed(index).includes(obligation) ? [] : [{ operation, obligation }])),
      );
    return {
      gained: only(other, this),
      lost: only(this, other),
      obligations: { added: owing(other, this), removed: owing(this, other) },
    };
  }

  subject(): Subject<S> {
    return writeSubject(this.policy, this.state) as Subject<S>;
  }

  inputs(operation: OperationId<S>): Subject<S> {
    return writeSubject(this.policy, this.state, this.policy.handle(operation)) as Subject<S>;
  }

  token(): string {
    return writeToken(this.policy, this.state);
  }

  snapshot(): string {
    const row = ({ id, label, state, verbs, operations, children }: MenuItem): SnapshotRow => [
      id,
      label,
      states.indexOf(state),
      verbs,
      operations,
      children.map(row),
    ];
    const { fingerprint, operations } = this.policy;
    const bits = operations.map((_, index) => outputBit(this.#outputs, index)).join("");
    return JSON.stringify(["privet", 1, fingerprint, operations, bits, this.menu().map(row)] satisfies Snapshot);
  }

  #owed(index: number): ObligationId<S>[] {
    const [, , obligations, first] = this.policy.operationRows[index]!;
    return obligations.filter(
      (_, obligation) => outputBit(this.#outputs, index) && !outputBit(this.#outputs, first + obligation, 1),
    );
  }
}
