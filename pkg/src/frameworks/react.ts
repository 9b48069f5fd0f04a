// React 18 and 19, without JSX.
import {
  Fragment,
  cloneElement,
  createContext,
  createElement,
  isValidElement,
  useContext,
  useEffect,
  useId,
  useLayoutEffect,
  useState,
  useSyncExternalStore,
} from "react";
import type { ReactElement, ReactNode } from "react";
import type { Policy, Session } from "../core/interfaces.js";
import type { Facts, MenuItem, OperationId, RegisteredSchema, Schema } from "../core/types.js";
import { disabledAttributes, refuse } from "./disabled.js";
import { END, MARK } from "./inspect.js";
import { watchPage } from "./page.js";
import { createScope } from "./scope.js";
import type { Readable, Scope, ScopeOptions, Verdict, WhyAnswer } from "./scope.js";

/** What {@link Privet.PrivetProvider} takes: a session or a store, and options. */
export interface ProviderProps<S extends Schema> extends ScopeOptions<S> {
  /** The session; `null` while there is none. */
  readonly session?: Session<S> | null | undefined;
  /** A store of `createStore` or `liveStore`, instead of a session. */
  readonly store?: Readable<S> | undefined;
  readonly children?: ReactNode;
}

/** Attributes for an element that is disabled: spread them where {@link CanProps.children} is a function. */
export type DisabledProps = Readonly<Record<string, unknown>>;

/** What {@link Privet.Can} takes. */
export interface CanProps<S extends Schema> {
  /** The operation. */
  readonly do: OperationId<S>;
  /** Shows the children where the operation is not allowed instead. */
  readonly not?: boolean | undefined;
  /** Facts of a record: decides by `session.under(facts)`. */
  readonly facts?: Facts<S> | undefined;
  /** What is shown instead of the children. */
  readonly fallback?: ReactNode;
  /** Shows the child as disabled instead of removing it, with its reason as its description. */
  readonly disabled?: boolean | undefined;
  /** The reason of a disabled child; without it, the provider's `why` is asked. */
  readonly reason?: string | ((operation: OperationId<S>) => string | undefined) | undefined;
  /** Elements, or a function that gets whether they are shown as they are, and the attributes if they are disabled. */
  readonly children?: ReactNode | ((shown: boolean, disabled: DisabledProps) => ReactNode);
}

/** What {@link Privet.Menu} takes. */
export interface MenuProps<S extends Schema> {
  /** Renders an item; `below` are its rendered children, `null` if there are none. By default nested lists of labels. */
  readonly render?: ((item: MenuItem<S>, below: ReactNode) => ReactNode) | undefined;
}

/** The components and hooks for one policy. */
export interface Privet<S extends Schema> {
  /** Gives a session or a store to the components below. */
  PrivetProvider(props: ProviderProps<S>): ReactNode;
  /** Shows its children where an operation is allowed. It renders again only if the decision changes. */
  Can(props: CanProps<S>): ReactNode;
  /** Renders the shown items of the menu. It renders again only if one of them changes. */
  Menu(props: MenuProps<S>): ReactNode;
  /** Whether an operation is allowed, under the facts of a record if they are given. */
  useCan(operation: OperationId<S>, facts?: Facts<S>): boolean;
  /** The shown items of the menu, with the shown ones below them. */
  useMenu(): readonly MenuItem<S>[];
  /** The session; `undefined` while there is none. The component renders again with each session. */
  useSession(): Session<S> | undefined;
  /** Why an operation is allowed or not, by the provider's `why`; `undefined` without a session or a `why`. */
  useWhy(operation: OperationId<S>, facts?: Facts<S>): WhyAnswer<S> | undefined;
}

// On a server there is no layout, and React 18 warns about the hook
const useBeforePaint = typeof document === "undefined" ? useEffect : useLayoutEffect;

/**
 * The components and hooks for one policy, for apps with several: each has its own context. The policy is read for its types only;
 * `createPrivet<Schema>()` does without it.
 */
export function createPrivet<S extends Schema = RegisteredSchema>(_policy?: Policy<S>): Privet<S> {
  const Context = createContext<Scope<S> | undefined>(undefined);

  function useScope(): Scope<S> {
    const scope = useContext(Context);
    if (!scope) throw new Error("no PrivetProvider is above this component; render one with a session or a store");
    return scope;
  }

  /** An answer of the scope to the present session, and on the server and while hydrating to the first one. */
  function useAnswer<T>(ask: (session: Session<S> | null, scope: Scope<S>) => T): T {
    const scope = useScope();
    return useSyncExternalStore(
      scope.subscribe,
      () => ask(scope.get() ?? null, scope),
      () => ask(scope.first ?? null, scope),
    );
  }

  const useVerdict = (operation: OperationId<S>, facts: Facts<S> | undefined): Verdict =>
    useAnswer((session, scope) => scope.verdict(operation, facts, session));

  function PrivetProvider({ session, store, children, ...options }: ProviderProps<S>): ReactNode {
    const source = store ?? session;
    const [scope] = useState(() => createScope<S>(source, options));
    useBeforePaint(() => scope.use(source, options));
    useBeforePaint(() => watchPage(scope), [scope]);
    return createElement(Context.Provider, { value: scope }, children);
  }

  function Can({ do: operation, not = false, facts, fallback, disabled, reason, children }: CanProps<S>): ReactNode {
    const scope = useScope();
    const verdict = useVerdict(operation, facts);
    const id = useId();
    const isShown = verdict === !not;
    const own = typeof reason === "function" ? reason(operation) : reason;
    const isAsked = disabled && !isShown && own === undefined;
    const asked = useAnswer((session) => (isAsked ? scope.reason(operation, facts, session) : undefined));
    const text = isShown || verdict === undefined ? undefined : (own ?? asked);
    const attributes = (name: unknown): DisabledProps =>
      isShown ? {} : { ...disabledAttributes(name, text === undefined ? undefined : id), onClickCapture: refuse };
    const described = (child: ReactNode) =>
      text === undefined
        ? child
        : createElement(Fragment, null, child, createElement("span", { id, hidden: true }, text));
    if (verdict === undefined) return null;
    if (typeof children === "function") return described(children(isShown, attributes(undefined)));
    if (isShown) return children ?? null;
    if (!disabled || !isValidElement(children)) return fallback ?? null;
    const child = children as ReactElement<Record<string, unknown>>;
    const added: Record<string, unknown> = { ...attributes(child.type) };
    const known = child.props["aria-describedby"];
    if (known && text !== undefined) added["aria-describedby"] = `${known} ${id}`;
    return described(cloneElement(child, added));
  }

  const useMenu = (): readonly MenuItem<S>[] => useAnswer((session, scope) => scope.menu(session));

  const listed: NonNullable<MenuProps<S>["render"]> = ({ label }, below) => createElement("li", null, label, below);

  function Menu({ render }: MenuProps<S>): ReactNode {
    const tree = (items: readonly MenuItem<S>[]): ReactNode => {
      if (items.length === 0) return null;
      const rendered = items.map((item) =>
        createElement(Fragment, { key: item.id }, (render ?? listed)(item, tree(item.children))),
      );
      return render ? rendered : createElement("ul", null, rendered);
    };
    return tree(useMenu());
  }

  let UsedCan: Privet<S>["Can"] = Can;
  try {
    if (process.env.NODE_ENV !== "production") UsedCan = markedCan(Can, useScope);
  } catch {
    // a page without a bundler has no `process`
  }

  return {
    PrivetProvider,
    Can: UsedCan,
    Menu,
    useCan: (operation, facts) => useVerdict(operation, facts) === true,
    useMenu,
    useSession: () => useAnswer((session) => session ?? undefined),
    useWhy: (operation, facts) => useAnswer((session, scope) => scope.why(operation, facts, session)),
  };
}

/** In development builds: the component with marks for devtools around it. */
function markedCan<S extends Schema>(Can: Privet<S>["Can"], useScope: () => Scope<S>): Privet<S>["Can"] {
  return function MarkedCan(props) {
    const scope = useScope();
    const key = useSyncExternalStore(
      scope.subscribe,
      () => scope.mark?.(props.do, props.facts),
      () => undefined,
    );
    const mark = (attribute: string) => key && createElement("template", { [attribute]: key });
    return createElement(Fragment, null, mark(MARK), createElement(Can, props), mark(END));
  };
}

const registered = /* @__PURE__ */ createPrivet<RegisteredSchema>();

export const PrivetProvider: Privet<RegisteredSchema>["PrivetProvider"] = registered.PrivetProvider;
export const Can: Privet<RegisteredSchema>["Can"] = registered.Can;
export const Menu: Privet<RegisteredSchema>["Menu"] = registered.Menu;
export const useCan: Privet<RegisteredSchema>["useCan"] = registered.useCan;
export const useMenu: Privet<RegisteredSchema>["useMenu"] = registered.useMenu;
export const useSession: Privet<RegisteredSchema>["useSession"] = registered.useSession;
export const useWhy: Privet<RegisteredSchema>["useWhy"] = registered.useWhy;
