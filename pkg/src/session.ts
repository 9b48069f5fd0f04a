import type { OperationHandle, Policy } from "./policy.js";
import { states } from "./read.js";
import type { Snapshot, SnapshotRow } from "./read.js";
import type {
  AnySchema,
  Change,
  Decided,
  Decision,
  Difference,
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
import { wire } from "./wire.js";

/**
 * One subject resolved against one policy: a plain immutable value over copied bits. Reading is a bit test; nothing
 * crosses into WebAssembly, and there is nothing to free.
 */
export class Session<out S extends Schema = AnySchema> {
  /** The policy that it was resolved against. */
  readonly policy: Policy<S>;
  readonly #words: Uint32Array;
  /** Where the planes begin, with that of allowed operations. */
  readonly #allowedAt: number;
  #allowed: readonly OperationId<S>[] | undefined;
  #menu: readonly MenuItem<S>[] | undefined;

  /** @internal The length of the state, the state, the planes. */
  constructor(policy: Policy<S>, words: Uint32Array) {
    this.policy = policy;
    this.#words = words;
    this.#allowedAt = 1 + (words[0] ?? 0);
  }

  /** @internal The subject, as the engines read it. */
  get state(): Uint32Array {
    return this.#words.subarray(1, this.#allowedAt);
  }

  /**
   * Whether the operation is allowed: undecided is not.
   *
   * @throws UnknownIdError for an operation that the policy lacks; it is never answered.
   */
  can(operation: OperationId<S>): boolean {
    const index = this.policy.index.get(operation);
    if (index === undefined) return this.policy.unknown("operation", operation);
    return this.#bit(0, index);
  }

  /** {@link can} for a handle of the same policy; one of another policy means nothing here. */
  canHandle(handle: OperationHandle): boolean {
    if (!(handle < this.policy.operations.length)) return this.policy.unknown("operation", handle);
    return this.#bit(0, handle);
  }

  /**
   * Whether at least one of the operations is allowed; of none, none is.
   *
   * @throws UnknownIdError for any that the policy lacks, whatever the others are.
   */
  canAny(...operations: readonly OperationId<S>[]): boolean {
    return operations.map((operation) => this.can(operation)).includes(true);
  }

  /**
   * Whether all of the operations are allowed; of none, all are.
   *
   * @throws UnknownIdError for any that the policy lacks, whatever the others are.
   */
  canAll(...operations: readonly OperationId<S>[]): boolean {
    return !operations.map((operation) => this.can(operation)).includes(false);
  }

  /**
   * The decision on an operation, and what it owes.
   *
   * @throws UnknownIdError
   */
  decide(operation: OperationId<S>): Decided<S> {
    const index = this.policy.handle(operation);
    const decision = this.#verdict(index);
    return Object.freeze({ decision, obligations: Object.freeze(this.#owed(index)) });
  }

  /** The allowed operations in policy order, without those that stand for a restriction. Memoised. */
  allowed(): readonly OperationId<S>[] {
    const opens = (_: string, index: number) => this.#opens(index);
    return (this.#allowed ??= Object.freeze(this.policy.operations.filter(opens)));
  }

  /** The menu as the subject sees it, hidden items too. Memoised and frozen. */
  menu(): readonly MenuItem<S>[] {
    return (this.#menu ??= this.#below(-1));
  }

  /**
   * The verbs of the allowed operations placed at a menu item.
   *
   * @throws UnknownIdError
   */
  verbs(menuItem: MenuItemId<S>): Verbs<S> {
    const item = this.policy.menu.indexOf(menuItem);
    if (item < 0) return this.policy.unknown("menu item", menuItem);
    const names = this.#verbs(item);
    const has = (verb: VerbId<S>) => names.includes(verb) || (!this.policy.verbs.includes(verb) && this.policy.unknown("verb", verb));
    return { has, names };
  }

  /**
   * What the subject holds of a privilege, as granted and as far as it has an effect.
   *
   * @throws UnknownIdError
   */
  holds<P extends PrivilegeId<S>>(privilege: P): Holding<S["grantValues"][P]> {
    const text = this.policy.asked.ask((engine, handle) => engine.holds(handle, this.state, String(privilege)));
    const [granted, effective] = (JSON.parse(text) as (GrantValue[] | null)[]).map((held) =>
      held === null ? undefined : held.length === 0 ? "undecided" : held[0],
    );
    return Object.freeze({ granted, effective }) as Holding<S["grantValues"][P]>;
  }

  /**
   * The session after a change, resolved in one call of the engine. This one stays as it is.
   *
   * @throws what {@link Policy.session} throws, and HeldByRoleError, HeldByFactError where a role still gives more.
   */
  with(change: Change<S>): Session<S> {
    const { policy } = this;
    return new Session(policy, policy.asked.ask((engine, handle) => engine.with(handle, this.state, wire(change))));
  }

  /**
   * What another session of the same policy allows and owes that this one does not, and the reverse.
   *
   * @throws TypeError for a session of another policy.
   */
  diff(other: Session<S>): Difference<S> {
    if (other.policy.fingerprint !== this.policy.fingerprint) {
      throw new TypeError("sessions of different policies have no difference; compare the policies instead");
    }
    const only = (a: Session<S>, b: Session<S>) => a.allowed().filter((operation) => !b.can(operation));
    const owing = (a: Session<S>, b: Session<S>) =>
      this.policy.operations.flatMap((operation, index) => {
        const already = b.#owed(index);
        const more = a.#owed(index).filter((obligation) => !already.includes(obligation));
        return more.map((obligation) => ({ operation, obligation }));
      });
    const obligations = { added: owing(other, this), removed: owing(this, other) };
    return { gained: only(other, this), lost: only(this, other), obligations };
  }

  /** The subject that was resolved: its roles, own grants and known facts. */
  subject(): Subject<S> {
    return this.#inputs("");
  }

  /**
   * What of the subject the decision on an operation, and what it owes, rest on; facts that are read and unknown are `null`.
   * The policy's session of it decides that operation the same, so it is what to keep of a decision.
   *
   * @throws UnknownIdError
   */
  inputs(operation: OperationId<S>): Subject<S> {
    this.policy.handle(operation);
    return this.#inputs(operation);
  }

  #inputs(operation: string): Subject<S> {
    return JSON.parse(this.policy.asked.ask((engine, handle) => engine.inputs(handle, this.state, operation))) as Subject<S>;
  }

  /**
   * The subject's grants as a short string that is safe in URLs and headers, for {@link Policy.restore}. It catches
   * damage; only what signs it proves where it comes from.
   */
  token(): string {
    return this.policy.asked.ask((engine, handle) => engine.token(handle, this.state));
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
    const bits = operations.map((_, index) => (this.#bit(0, index) ? "1" : "0")).join("");
    const snapshot: Snapshot = ["privet", 1, fingerprint, operations, bits, this.menu().map(row)];
    return JSON.stringify(snapshot);
  }

  #bit(plane: number, index: number): boolean {
    return (((this.#words[this.#allowedAt + plane + (index >>> 5)] ?? 0) >>> (index & 31)) & 1) === 1;
  }

  #verdict(index: number): Decision {
    if (this.#bit(0, index)) return "allowed";
    return this.#bit(this.policy.plan.denied, index) ? "denied" : "undecided";
  }

  #opens(index: number): boolean {
    return this.policy.outline.operations[index]?.[3] === 0 && this.#bit(0, index);
  }

  #owed(operation: number): ObligationId<S>[] {
    const { owed, firstOwed } = this.policy.plan;
    const obligations = this.policy.outline.operations[operation]?.[4] ?? [];
    return obligations.filter((_, index) => this.#bit(owed, (firstOwed[operation] ?? 0) + index));
  }

  /** Indices of the allowed operations placed at a menu item. */
  #placed(item: number): number[] {
    return (this.policy.plan.placed[item] ?? []).filter((operation) => this.#bit(0, operation));
  }

  #verbs(item: number): readonly VerbId<S>[] {
    const { operations, verbs } = this.policy.outline;
    const bits = this.#placed(item).reduce((all, index) => all | (operations[index]?.[2] ?? 0), 0);
    return Object.freeze(verbs.filter((_, verb) => (bits >>> verb) & 1).map(([id]) => id));
  }

  #below(parent: number): readonly MenuItem<S>[] {
    const { plan, outline, operations } = this.policy;
    const items = (plan.below[parent + 1] ?? []).map((item) => {
      const [id = "", label = ""] = outline.menu[item] ?? [];
      const shown = this.#bit(plan.shown, item);
      const state = shown ? "shown" : this.#bit(plan.hidden, item) ? "hidden" : "undecided";
      const placed = Object.freeze(this.#placed(item).map((operation) => operations[operation] ?? ""));
      const children = this.#below(item);
      return Object.freeze<MenuItem<S>>({ id, label, state, verbs: this.#verbs(item), operations: placed, children });
    });
    return Object.freeze(items);
  }
}
