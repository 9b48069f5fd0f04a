// Astro: middleware that guards requests and gives their session to pages and endpoints.
import type { AnySchema, Schema } from "../core/types.js";
import type { Guard } from "../edge/guard.js";
import { admit } from "./admit.js";
import type { AdmitOptions, Needed, PrivetLocals } from "./admit.js";

/** What of Astro's `APIContext` is read. */
export interface MiddlewareContext {
  readonly request: Request;
  readonly routePattern: string;
  readonly url: URL;
  readonly locals: object;
}

/**
 * The middleware `onRequest` of `src/middleware.js`: it lets a request pass if its token allows the operation, with the session as
 * `locals.privet`. Pages that are rendered when the site is built have no request; let the function return `null` for them.
 *
 * @throws InvalidOptionsError for an operation that is `undefined`.
 */
export function guardMiddleware<S extends Schema = AnySchema, C extends MiddlewareContext = MiddlewareContext>(
  guard: Guard<S>,
  needed: Needed<S, C>,
  options?: AdmitOptions<S, C>,
): (context: C, next: () => Promise<Response>) => Promise<Response> {
  return async (context, next) => {
    const found = await admit(guard, context.request, context, needed, options);
    if (found instanceof Response) return found;
    (context.locals as PrivetLocals<S>).privet = found;
    return next();
  };
}
