// Guards requests: the token in a verified JWT is decided by the same pack as the page that the request came from.
import { open } from "privet";
import { verifier } from "./edge-jwt.js";
import type { Claims, TokenOptions } from "./edge-jwt.js";
import { ProblemError } from "./edge-problem.js";
import type { ProblemCode, ProblemDetails } from "./edge-problem.js";
import { InvalidOptionsError, InvalidTokenError, PrivetError, StaleTokenError } from "./errors.js";
import type { Policy } from "./policy.js";
import type { Session } from "./session.js";
import type { AnySchema, Decision, Facts, ObligationId, OperationId, Pack, Schema, Subject } from "./types.js";

export type { Claims, JWKSource, TokenOptions } from "./edge-jwt.js";
export { ProblemError } from "./edge-problem.js";
export type { ProblemCode, ProblemDetails } from "./edge-problem.js";
export { InvalidSignatureError, openSigned } from "./edge-signed.js";
export { InvalidOptionsError } from "./errors.js";

type Awaitable<T> = T | Promise<T>;

/** Policies that are in force together, the newest first: of two that read the same tokens, the first decides. */
export type Policies<S extends Schema = AnySchema> = readonly (Pack<S> | Uint8Array | Policy<S>)[];

/** What a guard is made of. */
export interface GuardOptions<S extends Schema = AnySchema> extends TokenOptions {
  /**
   * The policies: a list, or what returns one for each request, so that a store can put a new one before the old. A token is
   * decided by the first whose layout it has. Packs are opened once each: return the same objects until they change.
   */
  readonly policies: Policies<S> | (() => Awaitable<Policies<S>>);
  /** The claim that holds the token; `privet` when not given. */
  readonly claim?: string;
  /** Whether a token that verifies was revoked. Anything but `false` refuses it. */
  readonly revoked?: (claims: Claims) => Awaitable<boolean>;
  /** What is known of the subject now, for the policy that decides. Not told is unknown. */
  readonly facts?: (request: Request, claims: Claims, policy: Policy<S>) => Awaitable<Facts<S> | null | undefined>;
  /** Told of each decision of `require`. What it throws is written to the console and changes nothing. */
  readonly onDecision?: (record: DecisionRecord<S>) => unknown;
  /** Whether answers name operations, obligations and facts. */
  readonly verbose?: boolean;
}

/** What is kept of a decision: plain data; it never holds the token. */
export interface DecisionRecord<S extends Schema = AnySchema> {
  /** When, as ISO 8601 in UTC. */
  readonly at: string;
  /** The claim `sub`. */
  readonly subject: string | null;
  readonly policy: { readonly id: string; readonly version: string; readonly fingerprint: string };
  readonly operation: OperationId<S>;
  readonly decision: Decision;
  /** What is owed. */
  readonly obligations: readonly ObligationId<S>[];
  /** What of that the handler discharges. */
  readonly discharged: readonly ObligationId<S>[];
  /** What of the subject was read: `policy.session(inputs)` decides the operation the same. */
  readonly inputs: Subject<S>;
}

/** Guards requests. */
export interface Guard<S extends Schema = AnySchema> {
  /**
   * The session of a request's token.
   *
   * @throws ProblemError: 401 for the token, 500 and 503 where facts, keys or policies fail.
   */
  session(request: Request): Promise<Session<S>>;
  /**
   * The session of a request whose token allows the operation, and owes nothing that `discharges` lacks.
   *
   * @throws ProblemError: also 403. UnknownIdError for an operation that none of the policies has.
   */
  require(request: Request, operation: OperationId<S>, options?: RequireOptions<S>): Promise<Session<S>>;
}

/** What a handler sees to. */
export interface RequireOptions<S extends Schema = AnySchema> {
  /** The obligations that the handler fulfils when the operation owes them. One that is never owed does no harm. */
  readonly discharges?: readonly ObligationId<S>[];
}

/** Who asks, and by which of the policies it is decided. */
interface Asked<S extends Schema> {
  readonly session: Session<S>;
  readonly subject: string | null;
  readonly policies: readonly Policy<S>[];
}

/**
 * A guard for fetch handlers. Everything that is wrong, missing or unknown refuses the request.
 *
 * @throws InvalidOptionsError for options that would leave something unguarded; InvalidPackError for packs of a list.
 */
export function guard<S extends Schema = AnySchema>(options: GuardOptions<S>): Guard<S> {
  const { verbose = false, onDecision } = options;
  const problem = (code: ProblemCode, details: ProblemDetails) => new ProblemError(code, { ...details, verbose });
  const ask = asker(options, problem);

  const require: Guard<S>["require"] = async (request, operation, { discharges = [] } = {}) => {
    const { session, subject, policies } = await ask(request);
    const { policy } = session;
    if (!policy.operations.includes(operation) && policies.some(({ operations }) => operations.includes(operation))) {
      throw problem("stale-token", { message: `operation \`${operation}\` is newer than the token`, operation });
    }
    const { decision, obligations } = session.decide(operation);
    const seenTo = new Set<string>(discharges); // also of a text: its letters discharge nothing, where parts of it could
    const owed = obligations.filter((obligation) => !seenTo.has(obligation));
    if (onDecision) {
      const { id, version, fingerprint } = policy;
      const discharged = obligations.filter((obligation) => seenTo.has(obligation));
      const inputs = session.inputs(operation);
      const at = new Date().toISOString();
      tell(onDecision, {
        at,
        subject,
        policy: { id, version, fingerprint },
        operation,
        decision,
        obligations,
        discharged,
        inputs,
      });
    }
    if (decision !== "allowed")
      throw problem(decision, { message: `operation \`${operation}\` is ${decision}`, operation });
    if (owed.length > 0) {
      const message = `operation \`${operation}\` owes ${owed.map((obligation) => `\`${obligation}\``).join(", ")}`;
      throw problem("obligation-owed", { message, operation, owed });
    }
    return session;
  };
  return Object.freeze({ session: async (request: Request) => (await ask(request)).session, require });
}

/** Verifies, chooses the policy, asks for the facts, restores: each step refuses by itself. */
function asker<S extends Schema>(
  options: GuardOptions<S>,
  problem: (code: ProblemCode, details: ProblemDetails) => ProblemError,
) {
  const { policies, claim = "privet", revoked, facts, verbose = false } = options;
  const verify = verifier(options, verbose);
  const fixed = typeof policies === "function" ? undefined : opened(policies);

  const hook = async <T>(code: ProblemCode, ask: () => Awaitable<T>): Promise<T> => {
    try {
      return await ask();
    } catch (cause) {
      throw problem(code, { cause });
    }
  };
  const current = async () => fixed ?? opened(await (policies as () => Awaitable<Policies<S>>)());
  return async (request: Request): Promise<Asked<S>> => {
    const claims = await verify(request);
    if (revoked && (await hook("revocation-unavailable", () => revoked(claims))) !== false)
      throw problem("revoked-token", {});
    const token = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
    if (typeof token !== "string") throw problem("invalid-token", { message: `claim \`${claim}\` has no token` });
    const list = await hook("policies-unavailable", current);
    const policy = list.find(({ layout }) => token.startsWith(layout)) ?? (list[0] as Policy<S>);
    if (!token.startsWith(policy.layout)) restored(policy, token, {}, problem);
    const known = facts && (await hook("facts-unavailable", () => facts(request, claims, policy)));
    const subject = typeof claims.sub === "string" ? claims.sub : null;
    return { session: restored(policy, token, known ?? {}, problem), subject, policies: list };
  };
}

function restored<S extends Schema>(
  policy: Policy<S>,
  token: string,
  facts: Facts<S>,
  problem: (code: ProblemCode, details: ProblemDetails) => ProblemError,
): Session<S> {
  try {
    return policy.restore(token, facts);
  } catch (thrown) {
    if (thrown instanceof StaleTokenError) throw problem("stale-token", {});
    if (thrown instanceof InvalidTokenError)
      throw problem("invalid-token", { message: "the token in the claim is damaged" });
    if (thrown instanceof PrivetError && thrown.code !== "load-failed")
      throw problem("invalid-facts", { message: thrown.message, cause: thrown });
    throw thrown;
  }
}

const known = new WeakMap<Uint8Array, Policy>();

/** The policies of packs, each opened once; at least one. */
function opened<S extends Schema>(policies: Policies<S>): readonly Policy<S>[] {
  const fault = (text: string) => new InvalidOptionsError("invalid-options", `option \`policies\` ${text}`, "policies");
  if (!Array.isArray(policies) || policies.length === 0)
    throw fault("must be a list of one policy or more: nothing could be decided");
  return (policies as Policies<S>).map((given) => {
    if (!ArrayBuffer.isView(given)) {
      if (typeof (given as Policy<S> | undefined)?.restore !== "function")
        throw fault("has something that is no policy and no pack");
      return given;
    }
    const policy = (known.get(given) as Policy<S> | undefined) ?? open<S>(given);
    known.set(given, policy as Policy);
    return policy;
  });
}

/** Tells of a decision; whatever comes of it, the answer stays. */
function tell<S extends Schema>(onDecision: (record: DecisionRecord<S>) => unknown, record: DecisionRecord<S>): void {
  const failed = (error: unknown) => console.error("privet: onDecision failed:", error);
  try {
    Promise.resolve(onDecision(record)).catch(failed); // also a promise of another realm or library
  } catch (error) {
    failed(error);
  }
}

/** The claim by which a JWT carries a session's grants: for the issuer, who signs it with `jose`. */
export function issue(session: Session): { privet: string };
export function issue<C extends string>(session: Session, claim: C): { [claim in C]: string };
export function issue(session: Session, claim = "privet"): { [claim: string]: string } {
  return { [claim]: session.token() };
}
