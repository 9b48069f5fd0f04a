// Next: middleware at the edge, route handlers, server actions and server components.
import { headers } from "next/headers.js";
import type { Session } from "../core/interfaces.js";
import type { AnySchema, ObligationId, OperationId, Schema } from "../core/types.js";
import type { Guard } from "../edge/guard.js";
import { ProblemError } from "../edge/problem.js";
import { admit, demand, offered } from "./admit.js";
import type { AdmitOptions, Needed } from "./admit.js";

/** The part of Next's `NextFetchEvent` that keeps promises running after the response. */
export interface MiddlewareEvent {
  waitUntil(promise: Promise<unknown>): void;
}

/**
 * Middleware (`middleware.js`, or `proxy.js`) that lets a request pass if its token allows the operation. It returns nothing then, so
 * that Next goes on.
 *
 * @throws InvalidOptionsError for an operation that is `undefined`.
 */
export function guardMiddleware<S extends Schema = AnySchema, R extends Request = Request>(
  guard: Guard<S>,
  needed: Needed<S, R>,
  options?: AdmitOptions<S, R>,
): (request: R, event?: MiddlewareEvent) => Promise<Response | undefined> {
  return async (request, event) => {
    const waitUntil = event && ((promise: Promise<unknown>) => event.waitUntil(promise));
    const found = await admit(guard, request, request, needed, options, waitUntil);
    return found instanceof Response ? found : undefined;
  };
}

/** A route handler that gets the session. `context` is what Next gives, with the `params` of the route. */
export type SessionHandler<S extends Schema, R extends Request, Context> = (
  request: R,
  session: Session<S>,
  context: Context,
) => Response | Promise<Response>;

/** A handler of `route.js` that is called if the token of its request allows the operation. */
export function guardHandler<S extends Schema = AnySchema, R extends Request = Request, Context = unknown>(
  guard: Guard<S>,
  operation: OperationId<S> | ((request: R) => OperationId<S> | Promise<OperationId<S>>),
  handler: SessionHandler<S, R, Context>,
  options?: AdmitOptions<S, R>,
): (request: R, context: Context) => Promise<Response> {
  return async (request, context) => {
    const wanted = typeof operation === "function" ? await operation(request) : operation;
    const found = await demand(guard, request, request, wanted, options);
    return found instanceof Response ? found : handler(request, found, context);
  };
}

/** Options of {@link guardAction}. */
export interface ActionOptions<S extends Schema, Result> {
  /** The obligations that the action fulfils if the operation owes them. */
  readonly discharges?: readonly ObligationId<S>[];
  /** What a refused action returns; it may call `redirect`, `forbidden` or `unauthorized` of `next/navigation`. By default it throws. */
  readonly otherwise?: (problem: ProblemError) => Result | Promise<Result>;
}

/**
 * A server action that runs if the token of its request allows the operation. It gets the session before its own arguments.
 *
 * @throws, when it is called, ProblemError if it is refused and there is no `otherwise`. Next does not show its text to the browser.
 */
export function guardAction<Args extends readonly unknown[], Result, S extends Schema = AnySchema>(
  guard: Guard<S>,
  operation: OperationId<S>,
  action: (session: Session<S>, ...args: Args) => Result | Promise<Result>,
  { discharges, otherwise }: ActionOptions<S, Result> = {},
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    let session: Session<S>;
    try {
      session = await guard.require(await currentRequest(), operation, discharges && { discharges });
    } catch (thrown) {
      if (!otherwise || !(thrown instanceof ProblemError)) throw thrown;
      return otherwise(thrown);
    }
    return action(session, ...args);
  };
}

/**
 * The session of the request that a server component or action runs for; `undefined` if its token does not give one.
 *
 * @throws errors that are not refusals.
 */
export async function currentSession<S extends Schema = AnySchema>(guard: Guard<S>): Promise<Session<S> | undefined> {
  return offered(guard, await currentRequest());
}

/** The request as far as server components know it: its headers. They do not know its path. */
async function currentRequest(): Promise<Request> {
  const found = await headers();
  const origin = `${found.get("x-forwarded-proto") ?? "http"}://${found.get("host") ?? "localhost"}`;
  return new Request(URL.canParse(origin) ? origin : "http://localhost", { headers: found });
}
