// Sessions of a policy that a build plugin replaced while a page is open.
import type { Policy, Session } from "../core/interfaces.js";
import type { Schema } from "../core/types.js";

/** A store of a session, as `createStore` and `liveStore` make it. */
export interface SessionStore<S extends Schema> {
  get(): Session<S> | undefined;
  set(session: Session<S>): void;
}

/**
 * Keeps the session of a store current while its policy is edited: when a build plugin replaces the policy, the store gets a session of the
 * new one for the same subject. In production nothing happens. Returns a function that ends it.
 *
 * A subject that the new policy does not have any more, such as one with a role that was removed, is reported on the console, and the store
 * keeps its session.
 *
 * @example
 * ```js
 * const store = createStore(policy.session(subject));
 * keepCurrent(store);
 * ```
 */
export function keepCurrent<S extends Schema>(store: SessionStore<S>): () => void {
  const update = (event: Event) => {
    const { before, policy } = (event as CustomEvent<{ before: Policy<S>; policy: Policy<S> }>).detail;
    const session = store.get();
    if (session?.policy !== before) return;
    event.preventDefault(); // the page stays
    try {
      store.set(policy.session(session.subject(), sessionTime(session)));
    } catch (thrown) {
      console.warn(`privet: the session does not fit the new policy: ${(thrown as Error).message}`);
    }
  };
  if (typeof addEventListener !== "function") return () => {};
  addEventListener("privet:policy", update);
  return () => removeEventListener("privet:policy", update);
}

/** The time at which a session that ends is evaluated again. */
const sessionTime = <S extends Schema>({ validUntil }: Session<S>) =>
  validUntil === undefined ? {} : { now: Math.floor(Date.now() / 1000) };
