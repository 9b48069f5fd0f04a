import type { Session } from "./session.js";

/** A session that changes, as frameworks subscribe to it (React's `useSyncExternalStore`, signals, Svelte). */
export interface Store {
  /** The present session. */
  get(): Session;
  /** Puts another session in its place and tells the listeners, unless it is the same. */
  set(next: Session): void;
  /** Calls the listener after each change, until the function that it returns is called. */
  subscribe(listener: () => void): () => void;
}

/** A store that begins with a session. */
export function createStore(session: Session): Store {
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
