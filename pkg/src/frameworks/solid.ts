// Solid, without JSX.
import { createComponent, createContext, createMemo, createRenderEffect, createSignal, createUniqueId } from "solid-js";
import { onCleanup, splitProps, untrack, useContext } from "solid-js";
import type { Accessor, JSX, Signal } from "solid-js";
import { Dynamic } from "solid-js/web";
import type { Policy, Session } from "../core/interfaces.js";
import type { Facts, MenuItem, OperationId, RegisteredSchema, Schema } from "../core/types.js";
import { disabledAttributes, refuse } from "./disabled.js";
import { END, MARK } from "./inspect.js";
import { watchPage } from "./page.js";
import { createScope } from "./scope.js";
import type { Readable, Scope, ScopeOptions, WhyAnswer } from "./scope.js";

/** What {@link Privet.PrivetProvider} takes: a session or a store, and options. */
export interface ProviderProps<S extends Schema> extends ScopeOptions<S> {
  /** The session; `null` while there is none. */
  readonly session?: Session<S> | null | undefined;
  /** A store of `createStore` or `liveStore`, instead of a session. */
  readonly store?: Readable<S> | undefined;
  readonly children?: JSX.Element;
}

/** What the function inside `<Can>` gets. Both follow the session; spread `disabled`. */
export interface CanState {
  readonly shown: boolean;
  readonly disabled: Readonly<Record<string, unknown>>;
}

/** What {@link Privet.Can} takes. */
export interface CanProps<S extends Schema> {
  readonly do: OperationId<S>;
  /** Shows the children where the operation is not allowed instead. */
  readonly not?: boolean | undefined;
  /** Facts of a record: decides by `session.under(facts)`. */
  readonly facts?: Facts<S> | undefined;
  readonly fallback?: JSX.Element;
  /** Shows the children as disabled instead of removing them: they are a function that spreads the attributes it gets. */
  readonly disabled?: boolean | undefined;
  /** The reason of disabled children; without it, the provider's `why` is asked. */
  readonly reason?: string | ((operation: OperationId<S>) => string | undefined) | undefined;
  readonly children?: JSX.Element | ((state: CanState) => JSX.Element);
}

/** The components and functions for one policy. */
export interface Privet<S extends Schema> {
  PrivetProvider(props: ProviderProps<S>): JSX.Element;
  /** Shows its children where an operation is allowed. They are created again only if the decision changes. */
  Can(props: CanProps<S>): JSX.Element;
  /** Whether an operation is allowed, under the facts of a record if they are given. */
  useCan(
    operation: OperationId<S> | Accessor<OperationId<S>>,
    facts?: Accessor<Facts<S> | undefined>,
  ): Accessor<boolean>;
  /** The shown items of the menu, with the shown ones below them. */
  useMenu(): Accessor<readonly MenuItem<S>[]>;
  /** The session; `undefined` while there is none. */
  useSession(): Accessor<Session<S> | undefined>;
  /** Why an operation is allowed or not, by the provider's `why`; `undefined` without a session or a `why`. */
  useWhy(
    operation: OperationId<S> | Accessor<OperationId<S>>,
    facts?: Accessor<Facts<S> | undefined>,
  ): Accessor<WhyAnswer<S> | undefined>;
}

/** What the provider gives. */
interface State<S extends Schema> {
  readonly scope: Scope<S>;
  readonly session: Accessor<Session<S> | undefined>;
  /** In development builds: counts what the scope tells, so that marks for devtools follow. */
  readonly told: Accessor<number> | undefined;
}

/**
 * The components and functions for one policy, for apps with several: each has its own context. The policy is read for its types only;
 * `createPrivet<Schema>()` does without it.
 */
export function createPrivet<S extends Schema = RegisteredSchema>(_policy?: Policy<S>): Privet<S> {
  const Context = createContext<State<S>>();

  function state(): State<S> {
    const found = useContext(Context);
    if (!found) throw new Error("no PrivetProvider is above this component; render one with a session or a store");
    return found;
  }

  const read = (operation: OperationId<S> | Accessor<OperationId<S>>) =>
    typeof operation === "function" ? (operation as Accessor<OperationId<S>>)() : operation;

  const verdictOf = ({ scope, session }: State<S>, operation: OperationId<S>, facts: Facts<S> | undefined) =>
    scope.verdict(operation, facts, session() ?? null);

  return {
    PrivetProvider(props) {
      const [, options] = splitProps(props, ["session", "store", "children"]);
      const source = () => props.store ?? props.session;
      const scope = createScope<S>(untrack(source), options as ScopeOptions<S>);
      const [session, set] = createSignal(scope.get());
      let told: Signal<number> | undefined;
      try {
        if (process.env.NODE_ENV !== "production") told = createSignal(0);
      } catch {
        // a page without a bundler has no `process`
      }
      if (typeof document !== "undefined") {
        onCleanup(watchPage(scope));
        onCleanup(
          scope.subscribe(() => {
            set(() => scope.get());
            told?.[1]((count) => count + 1);
          }),
        );
        createRenderEffect(() => scope.use(source()));
      }
      return createComponent(Context.Provider, {
        value: { scope, session, told: told?.[0] },
        get children() {
          return props.children;
        },
      });
    },

    Can(props) {
      const found = state();
      const id = createUniqueId();
      const verdict = createMemo(() => verdictOf(found, props.do, props.facts));
      const shown = createMemo(() => verdict() === !props.not);
      const text = createMemo(() => {
        if (shown() || !props.disabled || verdict() === undefined) return undefined;
        const { reason } = props;
        return (
          (typeof reason === "function" ? reason(props.do) : reason) ??
          found.scope.reason(props.do, props.facts, found.session() ?? null)
        );
      });
      const passed: CanState = {
        get shown() {
          return shown();
        },
        get disabled() {
          if (shown()) return {};
          return { ...disabledAttributes(undefined, text() === undefined ? undefined : id), "oncapture:click": refuse };
        },
      };
      const isThere = createMemo(() => shown() || (props.disabled === true && verdict() !== undefined));
      const hasReason = createMemo(() => text() !== undefined);
      const reason = createMemo(() =>
        hasReason()
          ? createComponent(Dynamic, {
              component: "span",
              id,
              hidden: true,
              get children() {
                return text();
              },
            })
          : undefined,
      );
      const content = createMemo(() => {
        if (!isThere()) return verdict() === undefined ? undefined : props.fallback;
        const { children } = props;
        return typeof children === "function" && children.length > 0
          ? untrack(() => (children as (state: CanState) => JSX.Element)(passed))
          : (children as JSX.Element);
      });
      let rendered = [content as unknown as JSX.Element, reason as unknown as JSX.Element];
      try {
        if (process.env.NODE_ENV !== "production") rendered = marked(found, props, rendered);
      } catch {
        // a page without a bundler has no `process`
      }
      return rendered;
    },

    useCan(operation, facts) {
      const found = state();
      return createMemo(() => verdictOf(found, read(operation), facts?.()) === true);
    },
    useMenu() {
      const { scope, session } = state();
      return createMemo(() => scope.menu(session() ?? null));
    },
    useSession: () => state().session,
    useWhy(operation, facts) {
      const { scope, session } = state();
      return createMemo(() => scope.why(read(operation), facts?.(), session() ?? null));
    },
  };
}

/** In development builds: what a component renders, with marks for devtools around it. */
function marked<S extends Schema>(
  { scope, told }: State<S>,
  props: CanProps<S>,
  rendered: JSX.Element[],
): JSX.Element[] {
  const key = createMemo(() => ((told?.() ?? 0) > 0 ? scope.mark?.(props.do, props.facts) : undefined));
  const mark = (attribute: string) =>
    createMemo(() => {
      const value = key();
      const element = value === undefined ? undefined : document.createElement("template");
      if (value !== undefined) element?.setAttribute(attribute, value);
      return element;
    }) as unknown as JSX.Element;
  return [mark(MARK), ...rendered, mark(END)];
}

const registered = /* @__PURE__ */ createPrivet<RegisteredSchema>();

export const PrivetProvider: Privet<RegisteredSchema>["PrivetProvider"] = registered.PrivetProvider;
export const Can: Privet<RegisteredSchema>["Can"] = registered.Can;
export const useCan: Privet<RegisteredSchema>["useCan"] = registered.useCan;
export const useMenu: Privet<RegisteredSchema>["useMenu"] = registered.useMenu;
export const useSession: Privet<RegisteredSchema>["useSession"] = registered.useSession;
export const useWhy: Privet<RegisteredSchema>["useWhy"] = registered.useWhy;
