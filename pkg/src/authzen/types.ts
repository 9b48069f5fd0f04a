// What callers of `privet/authzen` write: the mapping from the entities of a request to people, facts and operations.
import type { Policy, Session } from "../core/interfaces.js";
import type { AnySchema, Facts, OperationId, Schema, Subject } from "../core/types.js";
import type { Guard } from "../edge/guard.js";

/** A value, or a promise of it. */
export type Awaitable<T> = T | Promise<T>;

/** The attributes that a request states; `{}` if it states none. The caller of the API states them, so they are as good as it is. */
export interface Properties {
  readonly [name: string]: unknown;
}

/** A subject or resource of a request. */
export interface Entity {
  readonly type: string;
  readonly id: string;
  readonly properties: Properties;
}

/** An action of a request. */
export interface Action {
  readonly name: string;
  readonly properties: Properties;
}

/** What mappers may read besides their entity. */
export interface Asked<S extends Schema = AnySchema> {
  /** The policy that decides. */
  readonly policy: Policy<S>;
  /** The `context` of the request; `{}` if it has none. */
  readonly context: Properties;
  /** The HTTP request; its body is already read. */
  readonly request: Request;
  /** Aborted when the time for the request is over. */
  readonly signal: AbortSignal;
  /** The session of the caller's token, if a guard authenticates callers. */
  readonly caller?: Session<S>;
}

/** The person of a subject; nothing for a subject that is not known, which nothing is allowed to. */
export type ToSubject<S extends Schema = AnySchema> = (
  subject: Entity,
  asked: Asked<S>,
) => Awaitable<Subject<S> | null | undefined>;

/** The facts of a resource; nothing for a resource that is not known, on which nothing is allowed. */
export type ToFacts<S extends Schema = AnySchema> = (
  resource: Entity,
  asked: Asked<S>,
) => Awaitable<Facts<S> | null | undefined>;

/** An operation, with facts that the action or the context state. */
export interface OperationUnder<S extends Schema = AnySchema> {
  readonly operation: OperationId<S>;
  readonly facts: Facts<S>;
}

/** The operation of an action on a resource; nothing for an action that is not known, which is not allowed. */
export type ToOperation<S extends Schema = AnySchema> = (
  action: Action,
  resource: Entity,
  asked: Asked<S>,
) => Awaitable<OperationId<S> | OperationUnder<S> | null | undefined>;

/** A member of a search: its id, or its id with the properties under which it is decided. */
export type Candidate = string | { readonly id: string; readonly properties?: Properties };

/** All members of a type in an order that does not change between pages: a list, or a function that returns them. */
export type Candidates<S extends Schema = AnySchema> =
  | readonly Candidate[]
  | ((
      wanted: Omit<Entity, "id">,
      asked: Asked<S>,
    ) => Awaitable<Iterable<Candidate> | AsyncIterable<Candidate> | null | undefined>);

/** What can be searched. */
export interface Search<S extends Schema = AnySchema> {
  /** The subjects, by type. Without it there is no subject search. */
  readonly subject?: { readonly [type: string]: Candidates<S> };
  /** The resources, by type. Without it there is no resource search. */
  readonly resource?: { readonly [type: string]: Candidates<S> };
  /** The names of actions, by the type of the resource; by default those of the table `action`. */
  readonly action?: { readonly [resourceType: string]: readonly string[] };
}

/** The most that a request may ask for. */
export interface AuthzenLimits {
  /** Bytes of a body; by default 1,048,576. A longer one is not read: 413. */
  readonly body?: number;
  /** Evaluations of a batch; by default 1,000. More of them are refused with 400. */
  readonly evaluations?: number;
  /** Results of a page; by default 1,000. A larger limit is lowered to it. */
  readonly page?: number;
  /** Candidates that a search decides for a page; by default 10,000. A page may have fewer results because of it. */
  readonly candidates?: number;
}

/** Options of {@link authzen}. Either `policy` or `guard` is needed. */
export interface AuthzenOptions<S extends Schema = AnySchema> {
  /** The policy that decides, or a function that returns the current one. A request is decided by one policy. */
  readonly policy?: Policy<S> | (() => Awaitable<Policy<S>>);
  /** Authenticates the callers of the API, by their tokens; the policy of the token decides. */
  readonly guard?: Guard<S>;
  /** Whether the caller of the API is accepted; anything but `true` refuses it with 401. A thrown ProblemError answers with its status. */
  readonly authenticate?: (request: Request) => Awaitable<boolean>;
  /** From subjects to people, by type. */
  readonly subject: ToSubject<S> | { readonly [type: string]: ToSubject<S> };
  /** From resources to facts, by type. */
  readonly resource: ToFacts<S> | { readonly [type: string]: ToFacts<S> };
  /** From actions to operations, by the type of the resource and the name of the action. */
  readonly action:
    | ToOperation<S>
    | { readonly [resourceType: string]: { readonly [name: string]: OperationId<S> | ToOperation<S> } };
  /** What can be searched; by default the names of actions. */
  readonly search?: Search<S>;
  /** The identifier of this decision point: an https URL without query. By default the origin of each request, as https. */
  readonly url?: string;
  /** The most that a request may ask for. */
  readonly limits?: AuthzenLimits;
  /** The most milliseconds that a request may take, by default 10,000; then 503. */
  readonly timeout?: number;
  /** Replaces `Date.now`, in milliseconds, for tests. */
  readonly clock?: () => number;
  /** What to say of an operation that is not allowed, as `context.reasons`: any JSON. By default nothing. */
  readonly reasons?: (session: Session<S>, operation: OperationId<S>) => unknown;
  /** Told what a mapper, the policy or `reasons` threw; by default it is written to the console. */
  readonly onProblem?: (error: unknown, about: { readonly request: Request }) => void;
}

/** Why a decision is `false`. */
export type RefusalCode =
  | "denied"
  | "undecided"
  | "unknown-subject"
  | "unknown-resource"
  | "unknown-action"
  | "conflicting-choice"
  | "invalid-request"
  | "internal-error";

/** The `context` of a decision. */
export interface DecisionContext {
  /** Why it is `false`. */
  readonly code?: RefusalCode;
  /** The facts that are unknown and needed, of an undecided operation. */
  readonly unknown?: readonly string[];
  /** What an allowed operation still owes. A caller that cannot fulfil all of it must treat the decision as `false`. */
  readonly obligations?: readonly string[];
  /** What the option `reasons` said. */
  readonly reasons?: unknown;
  /** The fault of an evaluation of a batch. */
  readonly error?: { readonly status: number; readonly message: string };
}

/** A decision of the API. */
export interface AuthzenDecision {
  readonly decision: boolean;
  readonly context?: DecisionContext;
}
