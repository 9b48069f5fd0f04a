import type { Context, MiddlewareHandler } from "hono";
import { InvalidOptionsError } from "../core/errors.js";
import type { Session } from "../core/interfaces.js";
import type { AnySchema, OperationId, Schema } from "../core/types.js";
import type { Guard, RequireOptions } from "../edge/guard.js";
import { ProblemError } from "../edge/problem.js";

/** The variables that the middleware sets: `context.get("privet")` is the session. */
export interface PrivetVariables<S extends Schema = AnySchema> {
  privet: Session<S>;
}

/**
 * Creates middleware that passes a request on if its token allows the operation, and else responds with the problem.
 * `operation` may be a function of the context. Without an operation, any valid token passes, and the handler queries the session.
 *
 * @throws InvalidOptionsError for an operation that is `undefined`: a failed look-up would otherwise leave the route unguarded.
 */
export function privet<S extends Schema = AnySchema>(
  guard: Guard<S>,
): MiddlewareHandler<{ Variables: PrivetVariables<S> }>;
export function privet<S extends Schema = AnySchema>(
  guard: Guard<S>,
  operation: OperationId<S> | ((context: Context) => OperationId<S>),
  options?: RequireOptions<S>,
): MiddlewareHandler<{ Variables: PrivetVariables<S> }>;
export function privet<S extends Schema>(
  guard: Guard<S>,
  ...rest: [operation?: OperationId<S> | ((context: Context) => OperationId<S>), options?: RequireOptions<S>]
): MiddlewareHandler<{ Variables: PrivetVariables<S> }> {
  const [operation, options] = rest;
  if (rest.length > 0 && operation === undefined) {
    throw new InvalidOptionsError(
      "invalid-options",
      "option `operation` is undefined; omit it to accept any valid token",
      "operation",
    );
  }
  return async (context, next) => {
    const request = context.req.raw;
    let session: Session<S>;
    try {
      if (operation === undefined) session = await guard.session(request);
      else
        session = await guard.require(
          request,
          typeof operation === "function" ? operation(context) : operation,
          options,
        );
    } catch (thrown) {
      if (thrown instanceof ProblemError) return thrown.response();
      throw thrown;
    }
    context.set("privet", session);
    return next();
  };
}
