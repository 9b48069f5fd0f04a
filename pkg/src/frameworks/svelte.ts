// Svelte 5: what runes read.
import { getContext, onMount, setContext } from "svelte";
import { createSubscriber } from "svelte/reactivity";
import type { Policy, Session } from "../core/interfaces.js";
import type { Facts, MenuItem, OperationId, RegisteredSchema, Schema } from "../core/types.js";
import { disabledAttributes, refuse } from "./disabled.js";
import { watchPage } from "./page.js";
import { createScope } from "./scope.js";
import type { Readable, ScopeOptions, Source, Verdict, WhyAnswer } from "./scope.js";

/** What a component reads. Markup and effects that read it follow its changes. */
export interface Decisions<S extends Schema> {
  /** Whether an operation is allowed, under the facts of a record if they are given. */
  can(operation: OperationId<S>, facts?: Facts<S>): boolean;
  /** The same, but `undefined` while there is no session and for unknown ids. */
  verdict(operation: OperationId<S>, facts?: Facts<S>): Verdict;
  /** Why an operation is allowed or not, by the option `why`; `undefined` without a session or a `why`. */
  why(operation: OperationId<S>, facts?: Facts<S>): WhyAnswer<S> | undefined;
  /** Its sentence. */
  reason(operation: OperationId<S>, facts?: Facts<S>): string | undefined;
  /** The shown items of the menu, with the shown ones below them. */
  readonly menu: readonly MenuItem<S>[];
  /** The session; `undefined` while there is none. */
  readonly session: Session<S> | undefined;
  /** In development builds: the value of `data-privet` for what a decision concerns; `undefined` unless devtools run. */
  mark?(operation: OperationId<S>, facts?: Facts<S>): string | undefined;
}

/** The functions for one policy. */
export interface Privet<S extends Schema> {
  /** Gives a session or store to this component and those below it; a getter, such as `() => data.session`, is followed. */
  setPrivet(source: Source<S> | (() => Source<S>), options?: ScopeOptions<S>): Decisions<S>;
  /** The decisions that a component above gives. */
  usePrivet(): Decisions<S>;
}

/** A store by Svelte's contract: `subscribe` calls its argument at once. For `$store`. */
export function toSvelte<S extends Schema>(
  store: Readable<S>,
): {
  subscribe(run: (session: Session<S> | undefined) => void): () => void;
} {
  return {
    subscribe(run) {
      run(store.get());
      return store.subscribe(() => run(store.get()));
    },
  };
}

/** The attributes of a disabled element, for `Can.svelte`. */
export const attributesOf = (id: string | undefined): Record<string, unknown> => ({
  ...disabledAttributes(undefined, id),
  onclickcapture: refuse,
});

/**
 * The functions for one policy, for apps with several. The policy is read for its types only; `createPrivet<Schema>()` does without it.
 */
export function createPrivet<S extends Schema = RegisteredSchema>(_policy?: Policy<S>): Privet<S> {
  const key = Symbol("privet");
  return {
    setPrivet(source, options) {
      const isGetter = typeof source === "function" && !("can" in source) && !("subscribe" in source);
      const scope = createScope<S>(isGetter ? undefined : (source as Source<S>), options);
      const follow = createSubscriber((update) => scope.subscribe(update));
      const subscribers = new WeakMap<Readable<S>, () => void>();
      /** The present session; whoever calls it inside an effect is told its changes. */
      const session = (): Session<S> | undefined => {
        if (!isGetter) {
          follow();
          return scope.get();
        }
        const found = (source as () => Source<S>)();
        try {
          if (process.env.NODE_ENV !== "production") follow();
        } catch {
          // a page without a bundler has no `process`
        }
        if (!found || !("subscribe" in found)) return found ?? undefined;
        let subscriber = subscribers.get(found);
        if (!subscriber) {
          subscriber = createSubscriber((update) => found.subscribe(update));
          subscribers.set(found, subscriber);
        }
        subscriber();
        return found.get();
      };
      onMount(() => watchPage(scope));
      const verdict = (operation: OperationId<S>, facts?: Facts<S>) =>
        scope.verdict(operation, facts, session() ?? null);
      const decisions: Decisions<S> = {
        can: (operation, facts) => verdict(operation, facts) === true,
        verdict,
        why: (operation, facts) => scope.why(operation, facts, session() ?? null),
        reason: (operation, facts) => scope.reason(operation, facts, session() ?? null),
        get menu() {
          return scope.menu(session() ?? null);
        },
        get session() {
          let found = session();
          try {
            if (process.env.NODE_ENV !== "production") found = scope.seen?.(found);
          } catch {
            // a page without a bundler has no `process`
          }
          return found;
        },
      };
      const mark: NonNullable<Decisions<S>["mark"]> = (operation, facts) => {
        follow();
        return scope.mark?.(operation, facts);
      };
      try {
        if (process.env.NODE_ENV !== "production") decisions.mark = mark;
      } catch {
        // a page without a bundler has no `process`
      }
      return setContext(key, decisions);
    },
    usePrivet() {
      const found = getContext<Decisions<S> | undefined>(key);
      if (!found)
        throw new Error("no component above gives a session; call `setPrivet(store)` in one, such as the layout");
      return found;
    },
  };
}

const registered = /* @__PURE__ */ createPrivet<RegisteredSchema>();

export const setPrivet: Privet<RegisteredSchema>["setPrivet"] = registered.setPrivet;
export const usePrivet: Privet<RegisteredSchema>["usePrivet"] = registered.usePrivet;
