import type { Session } from "./session.js";
import type { AnySchema, Schema } from "./types.js";

/** A session that changes, as frameworks subscribe to it (React's `useSyncExternalStore`, signals, Svelte). */
export interface Store<S extends Schema = AnySchema> {
  /** The present session. */
  get(): Session<S>;
  /** Puts another session in its place and tells the listeners, unless it is the same. */
  set(next: Session<S>): void;
  /** Calls the listener after each change, until the function that it returns is called. */
  subscribe(listener: () => void): () => void;
}

/** A store that begins with a session. */
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
      const own = () => listener(); // the same listener may subscribe twice
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
}
