// Guards of routes. They depend on no router: each takes what routers call them with. A guard in a page hides a route; it does not
// enforce anything: guard the requests of the route as well.
import type { Session } from "../core/interfaces.js";
import type { Facts, OperationId, RegisteredSchema, Schema } from "../core/types.js";
import type { Readable, Source } from "./scope.js";

/** Options of {@link guardRoute}; `Context` is what the router calls the guard with. */
export interface RouteOptions<S extends Schema, Context> {
  /** The facts of the record that the route shows. */
  readonly facts?: (context: Context) => Facts<S> | undefined;
  /** What is thrown where the operation is not allowed, such as a redirection; by default a `Response` with the status 403. */
  readonly otherwise?: (context: Context, session: Session<S> | undefined) => unknown;
}

/** A store that may still be loading. */
type Loading<S extends Schema> = Readable<S> & { ready?(): Promise<void> };

/** The session of a source, when it is there. */
export async function sessionOf<S extends Schema>(
  source: Source<S> | (() => Source<S>),
): Promise<Session<S> | undefined> {
  const isGetter = typeof source === "function" && !("can" in source) && !("subscribe" in source);
  const found = isGetter ? (source as () => Source<S>)() : (source as Source<S>);
  if (!found || !("subscribe" in found)) return found ?? undefined;
  await (found as Loading<S>).ready?.();
  return found.get();
}

/**
 * A guard for a route: a `loader` or an entry of `middleware` in React Router, `beforeLoad` in TanStack Router, `load` in SvelteKit. It
 * waits until a live store has a session.
 *
 * @throws, when it is called, what `otherwise` returns, or UnknownIdError for an unknown operation.
 */
export function guardRoute<Context = unknown, S extends Schema = RegisteredSchema>(
  source: Source<S> | (() => Source<S>),
  operation: OperationId<S>,
  { facts, otherwise }: RouteOptions<S, Context> = {},
): <Result = null>(context: Context, next?: () => Promise<Result>) => Promise<Result | null> {
  return async (context, next) => {
    const session = await sessionOf(source);
    const known = facts?.(context);
    if ((known ? session?.under(known) : session)?.can(operation)) return next ? next() : null;
    throw otherwise ? otherwise(context, session) : new Response("forbidden", { status: 403 });
  };
}

/** What {@link guardVueRouter} reads of a route. */
export interface VueRoute {
  readonly matched: readonly { readonly meta: { readonly can?: unknown } }[];
}

/** Options of {@link guardVueRouter}; `Route` is Vue Router's `RouteLocationNormalized`. */
export interface VueRouterOptions<S extends Schema, Route> {
  readonly facts?: (to: Route) => Facts<S> | undefined;
  /** Where to go instead; `false`, the default, stays. */
  readonly otherwise?: (to: Route, session: Session<S> | undefined) => unknown;
}

/**
 * A guard for `router.beforeEach` of Vue Router: every matched record with `meta: { can: "…" }`, an operation, must be allowed.
 *
 * @throws, when it is called, UnknownIdError for an unknown operation.
 */
export function guardVueRouter<Route extends VueRoute = VueRoute, S extends Schema = RegisteredSchema>(
  source: Source<S> | (() => Source<S>),
  { facts, otherwise }: VueRouterOptions<S, Route> = {},
): (to: Route) => Promise<never> {
  return async (to) => {
    const wanted = to.matched.flatMap(({ meta }) => (meta.can === undefined ? [] : [meta.can as OperationId<S>]));
    if (wanted.length === 0) return true as never;
    const session = await sessionOf(source);
    const known = facts?.(to);
    const decided = known ? session?.under(known) : session;
    return (decided?.canAll(...wanted) || (otherwise?.(to, session) ?? false)) as never;
  };
}
