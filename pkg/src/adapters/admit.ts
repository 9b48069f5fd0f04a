// What the adapters of Next, SvelteKit and Astro share: whom a request is from, and whether it may pass.
import { InvalidOptionsError } from "../core/errors.js";
import type { Session } from "../core/interfaces.js";
import type { AnySchema, ObligationId, OperationId, Schema } from "../core/types.js";
import type { Guard } from "../edge/guard.js";
import type { WaitUntil } from "../edge/hooks.js";
import { ProblemError } from "../edge/problem.js";

/** The operation that a request needs; `null` for requests that anybody may send. A function may choose by the request. */
export type Needed<S extends Schema, Context> =
  | OperationId<S>
  | null
  | ((context: Context) => OperationId<S> | null | Promise<OperationId<S> | null>);

/** Options of guards in Next, SvelteKit and Astro; `Context` is what the framework calls them with. */
export interface AdmitOptions<S extends Schema = AnySchema, Context = Request> {
  /** The obligations that the handler fulfils if the operation owes them. */
  readonly discharges?: readonly ObligationId<S>[];
  /** The response to a request that is refused, such as a redirection to a page for signing in. By default the problem (RFC 9457). */
  readonly otherwise?: (problem: ProblemError, context: Context) => Response | Promise<Response>;
}

/** The member that `locals` of SvelteKit and Astro get: the session; `undefined` where anybody may ask and the token gives none. */
export interface PrivetLocals<S extends Schema = AnySchema> {
  privet: Session<S> | undefined;
}

/**
 * The session of a request whose token allows the operation, or the response to another.
 *
 * @throws InvalidOptionsError for no operation: a failed look-up would otherwise leave the route unguarded; UnknownIdError for an
 * operation that no policy has; other errors that are not refusals.
 */
export async function demand<S extends Schema, Context>(
  guard: Guard<S>,
  request: Request,
  context: Context,
  operation: OperationId<S>,
  { discharges, otherwise }: AdmitOptions<S, Context> = {},
  waitUntil?: WaitUntil,
): Promise<Session<S> | Response> {
  if (typeof operation !== "string") {
    const message = `the operation is ${operation}; guards take the id of an operation, or null for what anybody may ask`;
    throw new InvalidOptionsError("invalid-options", message, "operation");
  }
  try {
    return await guard.require(request, operation, { waitUntil, ...(discharges && { discharges }) });
  } catch (thrown) {
    if (!(thrown instanceof ProblemError)) throw thrown;
    return otherwise ? otherwise(thrown, context) : thrown.response();
  }
}

/** The session that a request's token gives; `undefined` if it gives none. */
export async function offered<S extends Schema>(
  guard: Guard<S>,
  request: Request,
  waitUntil?: WaitUntil,
): Promise<Session<S> | undefined> {
  try {
    return await guard.session(request, { waitUntil });
  } catch (thrown) {
    if (!(thrown instanceof ProblemError)) throw thrown;
    return undefined;
  }
}

/** {@link demand} for the operation that a request needs, or {@link offered} where it needs none. */
export async function admit<S extends Schema, Context>(
  guard: Guard<S>,
  request: Request,
  context: Context,
  needed: Needed<S, Context>,
  options?: AdmitOptions<S, Context>,
  waitUntil?: WaitUntil,
): Promise<Session<S> | Response | undefined> {
  const operation = typeof needed === "function" ? await needed(context) : needed;
  if (operation === null) return offered(guard, request, waitUntil);
  return demand(guard, request, context, operation, options, waitUntil);
}
