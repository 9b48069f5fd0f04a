// Guards requests: verifies the JWT, gets the session of its subject, and decides by the same pack as the page.
import type { DecisionRecord } from "../core/decision-record.js";
import type { Session } from "../core/interfaces.js";
import type { AnySchema, EpochSeconds, ObligationId, OperationId, Schema } from "../core/types.js";
import { deliver, traceOf } from "./audit.js";
import type { OnDecision } from "./audit.js";
import { createAuthenticator } from "./authenticate.js";
import type { AuthenticatorOptions } from "./authenticate.js";
import { outlive, tell, TIMEOUT } from "./hooks.js";
import type { OnProblem, WaitUntil } from "./hooks.js";
import { duringOf, InvalidRequestError, ProblemError } from "./problem.js";
import type { ProblemCode, ProblemDetails } from "./problem.js";

/** Options of a guard. */
export interface GuardOptions<S extends Schema = AnySchema> extends AuthenticatorOptions<S> {
  /**
   * Called after each decision of `require`. A promise that it returns is given to `waitUntil` (that of the request's options, of
   * `cloudflare:workers` or of Vercel), and awaited before `require` returns where there is none. Its errors do not change the
   * result; `onProblem` is called.
   */
  readonly onDecision?: OnDecision<S>;
  /**
   * Told of each error that is not the client's: hooks and sources that throw or do not answer, claims and facts that do not match
   * the policy, keys that cannot be refreshed. Without it, they are written to the console.
   */
  readonly onProblem?: OnProblem;
  /** Whether responses name operations, obligations, claims and facts; by default they do not. */
  readonly verbose?: boolean;
}

/** Guards requests. */
export interface Guard<S extends Schema = AnySchema> {
  /**
   * The session of a request's token.
   *
   * @throws ProblemError: 401 for the token, 403 for claims that do not give a subject, 500 for invalid facts, 503 if keys, policies,
   * subjects, facts or revocation are unavailable. InvalidRequestError for anything but a Request of the fetch standard.
   */
  session(request: Request, options?: RequestOptions): Promise<Session<S>>;
  /**
   * The session of a request whose token allows the operation, if `discharges` contains all obligations that are owed.
   *
   * @throws ProblemError: as {@link Guard.session}, and 403 if the operation is not allowed or owes an obligation that is not
   * discharged. UnknownIdError for an operation that none of the policies has.
   */
  require(request: Request, operation: OperationId<S>, options?: RequireOptions<S>): Promise<Session<S>>;
}

/** Options of a guarded request. */
export interface RequestOptions {
  /** Keeps promises of `onDecision` and `onProblem` running after the response, such as `(promise) => context.waitUntil(promise)`. */
  readonly waitUntil?: WaitUntil | undefined;
}

/** Options of {@link Guard.require}. */
export interface RequireOptions<S extends Schema = AnySchema> extends RequestOptions {
  /** The obligations that the handler fulfils if the operation owes them. Others are ignored. */
  readonly discharges?: readonly ObligationId<S>[];
}

/**
 * Creates a guard for fetch handlers. Anything wrong, missing or unknown refuses the request.
 *
 * @throws InvalidOptionsError for unsafe or invalid options; InvalidPackError for invalid packs of a list.
 */
export function guard<S extends Schema = AnySchema>(options: GuardOptions<S>): Guard<S> {
  const { verbose = false, onDecision, onProblem, timeout = TIMEOUT, clock = Date.now } = options;
  const problem = (code: ProblemCode, details: ProblemDetails) => new ProblemError(code, { ...details, verbose });
  const authenticate = createAuthenticator(options, problem, onProblem);

  /** Runs a call for a request, and tells of its problems if they are not the client's. */
  const telling = async <T>(request: Request, waitUntil: WaitUntil | undefined, call: () => Promise<T>): Promise<T> => {
    if (typeof request?.headers?.get !== "function") throw new InvalidRequestError("invalid-request", NOT_A_REQUEST);
    try {
      return await call();
    } catch (error) {
      const during = error instanceof ProblemError ? duringOf(error.code) : undefined;
      const told = during && tell(onProblem, error, { during, request });
      if (told) await outlive(told, waitUntil, timeout).catch(() => {}); // the refusal is more important
      throw error;
    }
  };

  const require: Guard<S>["require"] = (request, operation, { discharges = [], waitUntil } = {}) =>
    telling(request, waitUntil, async () => {
      const { session, subject, policies, isToken, ignored } = await authenticate(request);
      const { policy } = session;
      if (
        isToken &&
        !policy.operations.includes(operation) &&
        policies.some(({ operations }) => operations.includes(operation))
      ) {
        throw problem("stale-token", { message: `operation \`${operation}\` is newer than the token`, operation });
      }
      const { decision, obligations } = session.decide(operation);
      // A set also of a string: `includes` of a string would match parts of it
      const fulfilled = new Set<string>(discharges);
      const owed = obligations.filter((obligation) => !fulfilled.has(obligation));
      if (onDecision) {
        const { id, version, fingerprint } = policy;
        const traceId = traceOf(request);
        const record: DecisionRecord<S> = {
          at: new Date(clock()).toISOString(),
          subject,
          policy: { id, version, fingerprint },
          operation,
          decision,
          obligations,
          discharged: obligations.filter((obligation) => fulfilled.has(obligation)),
          inputs: session.inputs(operation),
          ...(traceId !== undefined && { traceId }),
          ...(ignored && { ignored }),
        };
        await deliver(onDecision, record, request, waitUntil, timeout, onProblem);
      }
      if (decision !== "allowed")
        throw problem(decision, { message: `operation \`${operation}\` is ${decision}`, operation });
      if (owed.length > 0) {
        const message = `operation \`${operation}\` owes ${owed.map((obligation) => `\`${obligation}\``).join(", ")}`;
        throw problem("obligation-owed", { message, operation, owed });
      }
      return session;
    });
  const session: Guard<S>["session"] = (request, { waitUntil } = {}) =>
    telling(request, waitUntil, async () => (await authenticate(request)).session);
  return Object.freeze({ session, require });
}

const NOT_A_REQUEST =
  "the guard takes a Request of the fetch standard; for a request of node:http, Express, Fastify or Koa use `privet/node`";

/** The time after which a session's grants and roles do not all count, as the registered claim of a JWT. */
interface Expiry {
  readonly exp?: EpochSeconds;
}

/**
 * The claim that carries a session's grants in a JWT, and, if some of them end, the time at which the JWT must expire: tokens
 * carry no ends. The issuer signs the JWT, for example with `jose`, with this `exp` or an earlier one: `setExpirationTime` of `jose` replaces it,
 * and so must not get a later time.
 */
export function issue(session: Session): { privet: string } & Expiry;
export function issue<C extends string>(session: Session, claim: C): { [claim in C]: string } & Expiry;
export function issue(session: Session, claim = "privet"): object {
  const exp = session.validUntil;
  return { [claim]: session.token(), ...(exp !== undefined && { exp }) };
}
