// The public interfaces of policies, sessions and stores. They refer to each other, so they are in one file; the classes
// that implement them import this file and not each other's types.
import type {
  AnySchema,
  Change,
  Decided,
  Difference,
  EpochSeconds,
  FactId,
  Facts,
  GuideId,
  Holding,
  MenuItem,
  MenuItemId,
  OperationId,
  PrivilegeId,
  RoleId,
  Schema,
  SessionOptions,
  Subject,
  VerbId,
  Verbs,
  Why,
} from "./types.js";

/** An index of an operation of one policy, for hot loops: {@link Policy.handle} returns it. */
export type OperationHandle = number & { readonly operation: unique symbol };

/** An opened policy: plain data and queries. There is nothing to free. */
export interface Policy<out S extends Schema = AnySchema> {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  /** SHA-256 of the canonical document, in hexadecimal. */
  readonly fingerprint: string;
  /** The prefix of its tokens. Two policies with the same layout read each other's tokens. */
  readonly layout: string;
  /** Operation ids, in policy order. */
  readonly operations: readonly OperationId<S>[];
  /** Privilege ids, in policy order. */
  readonly privileges: readonly PrivilegeId<S>[];
  /** Fact ids, in policy order. */
  readonly facts: readonly FactId<S>[];
  /** Role ids, in policy order. */
  readonly roles: readonly RoleId<S>[];
  /** Guide ids, in policy order. */
  readonly guides: readonly GuideId<S>[];
  /** Verb ids, in policy order. */
  readonly verbs: readonly VerbId<S>[];
  /** Menu item ids, parents before their children. */
  readonly menu: readonly MenuItemId<S>[];

  /**
   * Evaluates a subject: every decision in one call of the engine. O(program + subject).
   *
   * @throws UnknownIdError, InvalidGrantError, InvalidFactError, InvalidSubjectError, ConflictingChoiceError; TimeMissingError
   * for a grant or role that ends, if no time is given; InvalidOptionsError for a time that is none.
   */
  session(subject?: Subject<S>, options?: SessionOptions): Session<S>;
  /**
   * The session of a token, with the facts that are known now. Listed roles come back by id, inline roles as one inline role
   * with their join.
   *
   * @throws StaleTokenError for a token of another layout; InvalidTokenError for text that is not a token or is damaged;
   * what {@link Policy.session} throws for the facts.
   */
  restore(token: string, facts?: Facts<S>): Session<S>;
  /**
   * The handle of an operation, for {@link Session.canHandle}. O(1).
   *
   * @throws UnknownIdError
   */
  handle(operation: OperationId<S>): OperationHandle;
}

/**
 * One subject evaluated against one policy: an immutable value. Queries read copied bits; they do not call WebAssembly,
 * and there is nothing to free.
 */
export interface Session<out S extends Schema = AnySchema> {
  /** The policy that it was evaluated against. */
  readonly policy: Policy<S>;
  /** When the first of the grants and roles that count ends; `undefined` if none does. From then on the session is not valid. */
  readonly validUntil: EpochSeconds | undefined;

  /**
   * Whether the operation is allowed; false when it is undecided. O(1).
   *
   * @throws UnknownIdError for an operation that the policy does not have.
   */
  can(operation: OperationId<S>): boolean;
  /**
   * {@link Session.can} for a handle of the same policy. The result for a handle of another policy is meaningless.
   *
   * @throws UnknownIdError for a value that is not a handle.
   */
  canHandle(handle: OperationHandle): boolean;
  /**
   * Whether at least one of the operations is allowed; false for an empty list.
   *
   * @throws UnknownIdError if the policy does not have one of them, whatever the other results are.
   */
  canAny(...operations: readonly OperationId<S>[]): boolean;
  /**
   * Whether all of the operations are allowed; true for an empty list.
   *
   * @throws UnknownIdError if the policy does not have one of them, whatever the other results are.
   */
  canAll(...operations: readonly OperationId<S>[]): boolean;
  /**
   * The decision on an operation, with its obligations.
   *
   * @throws UnknownIdError
   */
  decide(operation: OperationId<S>): Decided<S>;
  /** The allowed operations in policy order, without those that restrict. Memoised. */
  allowed(): readonly OperationId<S>[];
  /** The menu as the subject sees it, including hidden items. Memoised and frozen. */
  menu(): readonly MenuItem<S>[];
  /**
   * The verbs of the allowed operations placed at a menu item.
   *
   * @throws UnknownIdError
   */
  verbs(menuItem: MenuItemId<S>): Verbs<S>;
  /**
   * The value of a privilege, as granted and as effective, and who gives it. Evaluates the subject again: O(program + subject).
   *
   * @throws UnknownIdError
   */
  holds<P extends PrivilegeId<S>>(privilege: P): Holding<S["grantValues"][P], S>;
  /**
   * The session after a change. This session stays as it is.
   *
   * @throws what {@link Policy.session} throws; HeldByRoleError, HeldByFactError where a role still grants more.
   */
  with(change: Change<S>): Session<S>;
  /**
   * The session with other facts, for one record of many: sessions are kept by the facts that they were asked for, so records of
   * the same kind cost a lookup. Facts that are not named stay as they are. O(facts) after the first of a kind.
   *
   * @throws what {@link Session.with} throws.
   */
  under(facts: Facts<S>): Session<S>;
  /**
   * The operations and obligations that differ between this session and another one of the same policy.
   *
   * @throws InvalidSubjectError for anything but a session of this policy.
   */
  diff(other: Session<S>): Difference<S>;
  /** The subject: its roles and own grants, with their ends, and known facts. */
  subject(): Subject<S>;
  /**
   * The part of the subject that the decision on an operation and its obligations depend on; facts that are read and unknown
   * are `null`. `policy.session(inputs)` decides the operation in the same way, so an audit record needs nothing else.
   *
   * @throws UnknownIdError
   */
  inputs(operation: OperationId<S>): Subject<S>;
  /**
   * The subject's grants as a short string that is safe in URLs and headers, for {@link Policy.restore}. Its checksum detects
   * damage; only a signature proves its origin. It has no ends of grants and roles: what carries it must expire at
   * {@link validUntil}, as the claims of `issue` in `privet/edge` do.
   */
  token(): string;
  /**
   * The decisions and the menu as a string that `privet/read` reads without WebAssembly; with `why` also reasons.
   *
   * @throws UnknownIdError; what `why` throws.
   */
  snapshot(carried?: CarriedReasons<S>): string;
}

/** The reasons that a snapshot or a page carries. */
export interface CarriedReasons<S extends Schema = AnySchema> {
  /** `why` of `privet/why`. */
  why?(session: Session<S>, operation: OperationId<S>): Why<S>;
  /** The operations whose reasons are carried; by default those that are not allowed. */
  readonly operations?: readonly OperationId<S>[] | undefined;
}

/** An observable session, as frameworks subscribe to it (React's `useSyncExternalStore`, signals, Svelte). */
export interface Store<S extends Schema = AnySchema> {
  /** The current session. */
  get(): Session<S>;
  /** Replaces the session and calls the listeners, unless it is the same object. */
  set(next: Session<S>): void;
  /** Calls `listener` after each change, until the returned function is called. */
  subscribe(listener: () => void): () => void;
}
