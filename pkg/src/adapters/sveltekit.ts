// SvelteKit: a hook that guards requests and gives their session to `load`, actions and endpoints.
import type { AnySchema, Schema } from "../core/types.js";
import type { Guard } from "../edge/guard.js";
import { admit } from "./admit.js";
import type { AdmitOptions, Needed, PrivetLocals } from "./admit.js";

/** What of SvelteKit's `RequestEvent` is read. */
export interface HandleEvent {
  readonly request: Request;
  readonly route: { readonly id: string | null };
  readonly url: URL;
  readonly locals: object;
}

/** What SvelteKit calls a hook with. */
export interface HandleInput<E extends HandleEvent> {
  readonly event: E;
  readonly resolve: (event: E) => Response | Promise<Response>;
}

/**
 * The hook `handle` of `hooks.server.js`: it lets a request pass if its token allows the operation, with the session as `locals.privet`.
 * Requests for the data of a page have the route of the page, so that one rule guards both.
 *
 * @throws InvalidOptionsError for an operation that is `undefined`.
 */
export function guardHandle<S extends Schema = AnySchema, E extends HandleEvent = HandleEvent>(
  guard: Guard<S>,
  needed: Needed<S, E>,
  options?: AdmitOptions<S, E>,
): (input: HandleInput<E>) => Promise<Response> {
  return async ({ event, resolve }) => {
    const found = await admit(guard, event.request, event, needed, options);
    if (found instanceof Response) return found;
    (event.locals as PrivetLocals<S>).privet = found;
    return resolve(event);
  };
}
