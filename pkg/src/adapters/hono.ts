import type { Context, MiddlewareHandler } from "hono";
import { InvalidOptionsError } from "../core/errors.js";
import type { Session } from "../core/interfaces.js";
import type { AnySchema, OperationId, Schema } from "../core/types.js";
import type { Guard, RequireOptions } from "../edge/guard.js";
import { outlive, TIMEOUT } from "../edge/hooks.js";
import { ProblemError } from "../edge/problem.js";

/** The variables that the middleware sets: `context.get("privet")` is the session. */
export interface PrivetVariables<S extends Schema = AnySchema> {
  privet: Session<S>;
}

/** A guard, or what makes one from the context of a request, for example from bindings in `context.env`. */
export type GuardOf<S extends Schema = AnySchema> = Guard<S> | ((context: Context) => Guard<S> | Promise<Guard<S>>);

/** Options of the middleware. */
export interface HonoOptions<S extends Schema = AnySchema> extends Omit<RequireOptions<S>, "waitUntil"> {
  /**
   * For a guard that is made from the context: what it depends on. It is made once for each value; by default for each `context.env`,
   * which is one object for the life of a worker. A server that makes a new `env` for each request needs `() => "one"`.
   */
  readonly key?: (context: Context) => unknown;
  /** Called with each refusal before it is answered, for logs. `context.error` is the same error. */
  readonly onProblem?: (error: ProblemError, context: Context) => unknown;
  /** Whether refusals are thrown to `app.onError` instead of answered here. Hono answers them by itself if there is none. */
  readonly throws?: boolean;
}

/**
 * Creates middleware that passes a request on if its token allows the operation, and else responds with the problem, which is also
 * `context.error`. `operation` may be a function of the context. Without an operation, any valid token passes, and the handler
 * queries the session. The promises of `onDecision` are given to the context's `waitUntil`, where there is one.
 *
 * @throws InvalidOptionsError for an operation that is `undefined`: a failed look-up would otherwise leave the route unguarded.
 */
export function privet<S extends Schema = AnySchema>(
  guard: GuardOf<S>,
): MiddlewareHandler<{ Variables: PrivetVariables<S> }>;
export function privet<S extends Schema = AnySchema>(
  guard: GuardOf<S>,
  operation: OperationId<S> | ((context: Context) => OperationId<S>),
  options?: HonoOptions<S>,
): MiddlewareHandler<{ Variables: PrivetVariables<S> }>;
export function privet<S extends Schema>(
  guard: GuardOf<S>,
  ...rest: [operation?: OperationId<S> | ((context: Context) => OperationId<S>), options?: HonoOptions<S>]
): MiddlewareHandler<{ Variables: PrivetVariables<S> }> {
  const [operation, options = {}] = rest;
  if (rest.length > 0 && operation === undefined) {
    throw new InvalidOptionsError(
      "invalid-options",
      "option `operation` is undefined; omit it to accept any valid token",
      "operation",
    );
  }
  const guardOf = typeof guard === "function" ? memoised(guard, options.key) : () => guard;
  const { discharges, onProblem, throws = false } = options;
  return async (context, next) => {
    const request = context.req.raw;
    const waitUntil = waitUntilOf(context);
    let session: Session<S>;
    try {
      const guarded = await guardOf(context);
      if (operation === undefined) session = await guarded.session(request, { waitUntil });
      else {
        const id = typeof operation === "function" ? operation(context) : operation;
        session = await guarded.require(request, id, { waitUntil, ...(discharges && { discharges }) });
      }
    } catch (thrown) {
      if (!(thrown instanceof ProblemError)) throw thrown;
      context.error = thrown;
      if (onProblem) {
        const told = (async () => onProblem(thrown, context))().catch((error) =>
          console.error("privet: onProblem failed:", error),
        );
        await outlive(told, waitUntil, TIMEOUT).catch(() => {});
      }
      if (throws) throw thrown;
      return thrown.response();
    }
    context.set("privet", session);
    return next();
  };
}

/** Makes a guard once for each key. The guard itself is kept, not a promise of it, which would belong to one request. */
function memoised<S extends Schema>(
  make: (context: Context) => Guard<S> | Promise<Guard<S>>,
  keyOf: (context: Context) => unknown = (context) => context.env,
): (context: Context) => Promise<Guard<S>> {
  const byObject = new WeakMap<object, Guard<S>>();
  const byValue = new Map<unknown, Guard<S>>();
  return async (context) => {
    const key = keyOf(context);
    const guards = typeof key === "object" && key !== null ? byObject : byValue;
    const made = guards.get(key as object) ?? (await make(context));
    guards.set(key as object, made);
    return made;
  };
}

/** The `waitUntil` of the context; `undefined` where the runtime gave none. */
function waitUntilOf(context: Context): ((promise: Promise<unknown>) => void) | undefined {
  try {
    const { executionCtx } = context;
    return (promise) => executionCtx.waitUntil(promise);
  } catch {
    return undefined;
  }
}
