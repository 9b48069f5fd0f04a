import type { Context, MiddlewareHandler } from "hono";
import { ProblemError } from "./edge-problem.js";
import { InvalidOptionsError } from "./errors.js";
import type { Guard, RequireOptions } from "./edge.js";
import type { Session } from "./session.js";
import type { AnySchema, OperationId, Schema } from "./types.js";

/** What the middleware sets: `context.get("privet")` is the session. */
export interface PrivetVariables<S extends Schema = AnySchema> {
  privet: Session<S>;
}

/**
 * Middleware that lets a request through where its token allows the operation, and answers it with the problem where not.
 * `operation` may be found by the context. With a guard alone any valid token goes through, and the handler asks the session.
 *
 * @throws InvalidOptionsError for an operation that is given and `undefined`: what is looked up and missing guards nothing.
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
  ...[operation, options]: [
    operation?: OperationId<S> | ((context: Context) => OperationId<S>),
    options?: RequireOptions<S>,
  ]
): MiddlewareHandler<{ Variables: PrivetVariables<S> }> {
  if (arguments.length > 1 && operation === undefined) {
    throw new InvalidOptionsError(
      "invalid-options",
      "option `operation` is undefined; leave it out to let any valid token through",
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
