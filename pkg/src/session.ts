import { bit, run } from "./engine.js";
import type { Outputs } from "./engine.js";
import { refuseClash, refuseUndone } from "./held.js";
import { holding } from "./holding.js";
import { find } from "./ids.js";
import { row } from "./menu.js";
import type { OperationHandle, Policy } from "./policy.js";
import { states } from "./read.js";
import type { Snapshot, SnapshotRow } from "./read.js";
import { record } from "./record.js";
import { apply } from "./subject.js";
import type { State } from "./subject.js";
import { token } from "./token.js";
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

/**
 * One subject resolved against one policy: a plain immutable value over copied bits. Reading is a bit test; nothing
 * crosses into WebAssembly, and there is nothing to free.
 */
export class Session<out S extends Schema = AnySchema> {
  /** The policy that it was resolved against. */
  readonly policy: Policy<S>;
  readonly #outputs: Outputs;
  #allowed: readonly OperationId<S>[] | undefined;
  #menu: readonly MenuItem<S>[] | undefined;

  /** @internal */
  constructor(
    policy: Policy<S>,
    /** @internal The subject. */
    readonly state: State,
  ) {
    this.policy = policy;
    this.#outputs = run(policy, state);
    refuseClash(policy, state);
  }

  /**
   * Whether the operation is allowed: undecided is not.
   *
   * @throws UnknownIdError for an operation that the policy lacks; it is never answered.
   */
  can(operation: OperationId<S>): boolean {
    return !!bit(this.#outputs, this.policy.handle(operation));
  }

  /**
   * {@link can} for a handle of the same policy; one of another policy means nothing here.
   *
   * @throws UnknownIdError for what is no handle.
   */
  canHandle(handle: OperationHandle): boolean {
    // What is no place of an operation is looked up as an id: `null`, a fraction or text would be shifted to the first one's.
    const isPlace = handle >>> 0 === handle && handle < this.policy.operations.length;
    return !!bit(this.#outputs, isPlace ? handle : this.policy.handle(handle as never));
  }

  /**
   * Whether at least one of the operations is allowed; of none, none is.
   *
   * @throws UnknownIdError for any that the policy lacks, whatever the others are.
   */
  canAny(...operations: readonly OperationId<S>[]): boolean {
    return operations.map(this.can, this).includes(true);
  }

  /**
   * Whether all of the operations are allowed; of none, all are.
   *
   * @throws UnknownIdError for any that the policy lacks, whatever the others are.
   */
  canAll(...operations: readonly OperationId<S>[]): boolean {
    return !operations.map(this.can, this).includes(false);
  }

  /**
   * The decision on an operation, and what it owes.
   *
   * @throws UnknownIdError
   */
  decide(operation: OperationId<S>): Decided<S> {
    const index = this.policy.handle(operation);
    const decision = bit(this.#outputs, index) ? "allowed" : bit(this.#outputs, index, 1) ? "denied" : "undecided";
    return Object.freeze({ decision, obligations: Object.freeze(this.#owed(index)) });
  }

  /** The allowed operations in policy order, without those that stand for a restriction. Memoised. */
  allowed(): readonly OperationId<S>[] {
    const opens = (_: string, index: number) => !this.policy.operationRows[index]![1] && bit(this.#outputs, index);
    return (this.#allowed ??= Object.freeze(this.policy.operations.filter(opens)));
  }

  /** The menu as the subject sees it, hidden items too. Memoised and frozen. */
  menu(): readonly MenuItem<S>[] {
    return (this.#menu ??= row(this.policy, this.#outputs, this.policy.menu.length).children as readonly MenuItem<S>[]);
  }

  /**
   * The verbs of the allowed operations placed at a menu item.
   *
   * @throws UnknownIdError
   */
  verbs(menuItem: MenuItemId<S>): Verbs<S> {
    const { verbs: names } = row(this.policy, this.#outputs, find(this.policy, "menu item", menuItem));
    return { has: (verb: VerbId<S>) => names.includes(verb) || find(this.policy, "verb", verb) < 0, names };
  }

  /**
   * What the subject holds of a privilege, as granted and as far as it has an effect.
   *
   * @throws UnknownIdError
   */
  holds<P extends PrivilegeId<S>>(privilege: P): Holding<S["grantValues"][P]> {
    return Object.freeze(holding(this.policy, this.state, find(this.policy, "privilege", privilege))) as Holding<
      S["grantValues"][P]
    >;
  }

  /**
   * The session after a change. This one stays as it is.
   *
   * @throws what {@link Policy.session} throws, and HeldByRoleError, HeldByFactError where a role still gives more.
   */
  with(change: Change<S>): Session<S> {
    const [state, set, removed] = apply(this.policy, change, this.state);
    const after = new Session<S>(this.policy, state);
    refuseUndone(this.policy, state, set, removed);
    return after;
  }

  /**
   * What another session of the same policy allows and owes that this one does not, and the reverse.
   *
   * @throws TypeError for a session of another policy.
   */
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

  /** The subject that was resolved: its roles, own grants and known facts. */
  subject(): Subject<S> {
    return record(this.policy, this.state) as Subject<S>;
  }

  /**
   * What of the subject the decision on an operation, and what it owes, rest on; facts that are read and unknown are `null`.
   * The policy's session of it decides that operation the same, so it is what to keep of a decision.
   *
   * @throws UnknownIdError
   */
  inputs(operation: OperationId<S>): Subject<S> {
    return record(this.policy, this.state, this.policy.handle(operation)) as Subject<S>;
  }

  /**
   * The subject's grants as a short string that is safe in URLs and headers, for {@link Policy.restore}. It catches
   * damage; only what signs it proves where it comes from.
   */
  token(): string {
    return token(this.policy, this.state);
  }

  /** The decisions and the menu as a string that `privet/read` reads without WebAssembly. */
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
    const bits = operations.map((_, index) => bit(this.#outputs, index)).join("");
    return JSON.stringify(["privet", 1, fingerprint, operations, bits, this.menu().map(row)] satisfies Snapshot);
  }

  #owed(index: number): ObligationId<S>[] {
    const [, , obligations, first] = this.policy.operationRows[index]!;
    return obligations.filter(
      (_, obligation) => bit(this.#outputs, index) && !bit(this.#outputs, first + obligation, 1),
    );
  }
}
