// Guards requests: verifies the JWT, restores the session of the token in it, and decides by the same pack as the page.
import { open } from "privet";
import { InvalidOptionsError, InvalidTokenError, PrivetError, StaleTokenError } from "../core/errors.js";
import type { Policy, Session } from "../core/interfaces.js";
import type { DecisionRecord } from "../core/decision-record.js";
import type { AnySchema, EpochSeconds, Facts, ObligationId, OperationId, Pack, Schema } from "../core/types.js";
import { createVerifier } from "./jwt.js";
import type { Claims, TokenOptions } from "./jwt.js";
import { ProblemError } from "./problem.js";
import type { ProblemCode, ProblemDetails } from "./problem.js";

type Awaitable<T> = T | Promise<T>;

/** Policies that are in force together, the newest first: of several policies with the layout of a token, the first decides. */
export type Policies<S extends Schema = AnySchema> = readonly (Pack<S> | Uint8Array | Policy<S>)[];

/** Options of a guard. */
export interface GuardOptions<S extends Schema = AnySchema> extends TokenOptions {
  /**
   * The policies: a list, or a function that returns the current list for each request, so that new versions can be added at run
   * time. The first policy with the layout of a token decides. Each pack is opened once and cached by identity, so a function
   * should return the same objects until they change.
   */
  readonly policies: Policies<S> | (() => Awaitable<Policies<S>>);
  /** The claim that holds the token; by default `privet`. */
  readonly claim?: string;
  /** Whether a valid token was revoked. Any result but `false` refuses it. */
  readonly revoked?: (claims: Claims) => Awaitable<boolean>;
  /** Returns the current facts of the subject for the policy that decides. Facts that it does not return are unknown. */
  readonly facts?: (request: Request, claims: Claims, policy: Policy<S>) => Awaitable<Facts<S> | null | undefined>;
  /** Called after each decision of `require`. Its errors are written to the console and do not change the result. */
  readonly onDecision?: (record: DecisionRecord<S>) => unknown;
  /** Whether responses name operations, obligations and facts; by default they do not. */
  readonly verbose?: boolean;
}

/** Guards requests. */
export interface Guard<S extends Schema = AnySchema> {
  /**
   * The session of a request's token.
   *
   * @throws ProblemError: 401 for the token, 500 for invalid facts, 503 if keys, policies, facts or revocation are unavailable.
   */
  session(request: Request): Promise<Session<S>>;
  /**
   * The session of a request whose token allows the operation, if `discharges` contains all obligations that are owed.
   *
   * @throws ProblemError: as {@link Guard.session}, and 403 if the operation is not allowed or owes an obligation that is not
   * discharged. UnknownIdError for an operation that none of the policies has.
   */
  require(request: Request, operation: OperationId<S>, options?: RequireOptions<S>): Promise<Session<S>>;
}

/** Options of {@link Guard.require}. */
export interface RequireOptions<S extends Schema = AnySchema> {
  /** The obligations that the handler fulfils if the operation owes them. Others are ignored. */
  readonly discharges?: readonly ObligationId<S>[];
}

/** An authenticated request. */
interface Authenticated<S extends Schema> {
  readonly session: Session<S>;
  readonly subject: string | null;
  readonly policies: readonly Policy<S>[];
}

/**
 * Creates a guard for fetch handlers. Anything wrong, missing or unknown refuses the request.
 *
 * @throws InvalidOptionsError for unsafe or invalid options; InvalidPackError for invalid packs of a list.
 */
export function guard<S extends Schema = AnySchema>(options: GuardOptions<S>): Guard<S> {
  const { verbose = false, onDecision } = options;
  const problem = (code: ProblemCode, details: ProblemDetails) => new ProblemError(code, { ...details, verbose });
  const authenticate = createAuthenticator(options, problem);

  const require: Guard<S>["require"] = async (request, operation, { discharges = [] } = {}) => {
    const { session, subject, policies } = await authenticate(request);
    const { policy } = session;
    if (!policy.operations.includes(operation) && policies.some(({ operations }) => operations.includes(operation))) {
      throw problem("stale-token", { message: `operation \`${operation}\` is newer than the token`, operation });
    }
    const { decision, obligations } = session.decide(operation);
    // A set also of a string: `includes` of a string would match parts of it
    const fulfilled = new Set<string>(discharges);
    const owed = obligations.filter((obligation) => !fulfilled.has(obligation));
    if (onDecision) {
      const { id, version, fingerprint } = policy;
      const discharged = obligations.filter((obligation) => fulfilled.has(obligation));
      const inputs = session.inputs(operation);
      const at = new Date().toISOString();
      report(onDecision, {
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
  return Object.freeze({ session: async (request: Request) => (await authenticate(request)).session, require });
}

/** Verifies the JWT, selects the policy, gets the facts and restores the session. Each step refuses by its own problem. */
function createAuthenticator<S extends Schema>(
  options: GuardOptions<S>,
  problem: (code: ProblemCode, details: ProblemDetails) => ProblemError,
) {
  const { policies, claim = "privet", revoked, facts, verbose = false } = options;
  const verify = createVerifier(options, verbose);
  const fixed = typeof policies === "function" ? undefined : openAll(policies);

  const hook = async <T>(code: ProblemCode, call: () => Awaitable<T>): Promise<T> => {
    try {
      return await call();
    } catch (cause) {
      throw problem(code, { cause });
    }
  };
  const current = async () => fixed ?? openAll(await (policies as () => Awaitable<Policies<S>>)());
  return async (request: Request): Promise<Authenticated<S>> => {
    const claims = await verify(request);
    if (revoked && (await hook("revocation-unavailable", () => revoked(claims))) !== false)
      throw problem("revoked-token", {});
    const token = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
    if (typeof token !== "string")
      throw problem("invalid-token", { message: `claim \`${claim}\` does not hold a token` });
    const list = await hook("policies-unavailable", current);
    const policy = list.find(({ layout }) => token.startsWith(layout)) ?? (list[0] as Policy<S>);
    if (!token.startsWith(policy.layout)) restore(policy, token, {}, problem);
    const known = facts && (await hook("facts-unavailable", () => facts(request, claims, policy)));
    const subject = typeof claims.sub === "string" ? claims.sub : null;
    return { session: restore(policy, token, known ?? {}, problem), subject, policies: list };
  };
}

function restore<S extends Schema>(
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
    if (thrown instanceof PrivetError && thrown.code !== "load-failed") {
      const code = thrown.code === "conflicting-choice" ? thrown.code : "invalid-facts";
      throw problem(code, { message: thrown.message, cause: thrown });
    }
    throw thrown;
  }
}

const cache = new WeakMap<Uint8Array, Policy>();

/** Opens the packs of a non-empty list, each once. */
function openAll<S extends Schema>(policies: Policies<S>): readonly Policy<S>[] {
  const fault = (text: string) => new InvalidOptionsError("invalid-options", `option \`policies\` ${text}`, "policies");
  if (!Array.isArray(policies) || policies.length === 0)
    throw fault("must be a non-empty list: without a policy, nothing can be decided");
  return (policies as Policies<S>).map((policyOrPack) => {
    if (!ArrayBuffer.isView(policyOrPack)) {
      if (typeof (policyOrPack as Policy<S> | undefined)?.restore !== "function")
        throw fault("has a value that is neither a policy nor a pack");
      return policyOrPack;
    }
    const policy = (cache.get(policyOrPack) as Policy<S> | undefined) ?? open<S>(policyOrPack);
    cache.set(policyOrPack, policy as Policy);
    return policy;
  });
}

/** Calls `onDecision`; its errors are written to the console. */
function report<S extends Schema>(onDecision: (record: DecisionRecord<S>) => unknown, record: DecisionRecord<S>): void {
  const failed = (error: unknown) => console.error("privet: onDecision failed:", error);
  try {
    Promise.resolve(onDecision(record)).catch(failed); // `resolve` also adopts promises of other realms and libraries
  } catch (error) {
    failed(error);
  }
}

/** The time after which a session's grants and roles do not all count, as the registered claim of a JWT. */
interface Expiry {
  readonly exp?: EpochSeconds;
}

/**
 * The claim that carries a session's grants in a JWT, and, if some of them end, the time at which the JWT must expire: tokens
 * carry no ends. The issuer signs the JWT, for example with `jose`, with this `exp` or an earlier one.
 */
export function issue(session: Session): { privet: string } & Expiry;
export function issue<C extends string>(session: Session, claim: C): { [claim in C]: string } & Expiry;
export function issue(session: Session, claim = "privet"): object {
  const exp = session.validUntil;
  return { [claim]: session.token(), ...(exp !== undefined && { exp }) };
}
