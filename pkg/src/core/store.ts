import type { Session, Store } from "./interfaces.js";
import type { AnySchema, Schema } from "./types.js";

/** Creates a store with an initial session. */
export function createStore<S extends Schema = AnySchema>(session: Session<S>): Store<S> {
  const listeners = new Set<() => void>();
  return {
    get: () => session,
    set(next) {
      if (next === session) return;
      session = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      const own = () => listener(); // a new function each time, so that the same listener may subscribe twice
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
}
