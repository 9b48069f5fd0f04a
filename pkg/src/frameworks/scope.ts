// What the adapters share: a source of sessions, and what components read from it. Each adapter subscribes with the means of its
// framework, and compares what it reads, so that only components whose decision changed render again.
import type { Session } from "../core/interfaces.js";
import type { Difference, Facts, MenuItem, OperationId, Schema, Why } from "../core/types.js";
import { inspected } from "./inspect.js";

/** An observable session: a store of `createStore` or `liveStore`. */
export interface Readable<out S extends Schema> {
  get(): Session<S> | undefined;
  subscribe(listener: () => void): () => void;
}

/** Where components get their session from. Without one, nothing is allowed. */
export type Source<S extends Schema> = Session<S> | Readable<S> | null | undefined;

/** Why an operation is allowed or not: what the option `why` answered; of a text only the sentence. */
export type WhyAnswer<S extends Schema> = Pick<Why<S>, "sentence"> & Partial<Why<S>>;

/** Options of every adapter. */
export interface ScopeOptions<S extends Schema> {
  /** Is told unknown ids and facts that do not fit, once each, where they do not throw. By default `console.error`. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Whether unknown ids throw where they are used. By default they do in development (`NODE_ENV`); otherwise they hide and are told. */
  readonly strict?: boolean | undefined;
  /**
   * Says why an operation is allowed or not: `why` of `privet/why`, or a function of your own. `useWhy` gives its answer, and it is
   * the reason of disabled elements that have none of their own.
   */
  readonly why?: ((session: Session<S>, operation: OperationId<S>) => string | WhyAnswer<S>) | undefined;
  /** The text that screen readers announce when other operations are allowed than before; none if it returns `undefined`. */
  readonly announce?: ((difference: Difference<S>, session: Session<S>) => string | undefined) | undefined;
  /** Whether the focus moves to the nearest element if the focused one disappears. By default it does. */
  readonly keepFocus?: boolean | undefined;
}

/** `true` if allowed, `false` if not; `undefined` without a session and for an unknown id: then nothing is shown, no fallback either. */
export type Verdict = boolean | undefined;

/** A source with its options, as components read it. */
export interface Scope<S extends Schema> extends Readable<S> {
  /** The session at the time of creation: that of the server's markup. */
  readonly first: Session<S> | undefined;
  readonly options: ScopeOptions<S>;
  /** Replaces the source and the options. Listeners are called if the session is another. */
  use(source: Source<S>, options?: ScopeOptions<S>): void;
  verdict(operation: OperationId<S>, facts?: Facts<S>, session?: Session<S> | null): Verdict;
  /** The shown items. The same object as long as nothing in it changes. */
  menu(session?: Session<S> | null): readonly MenuItem<S>[];
  /** The answer of `options.why`, if there is a session and a `why`. The same object as long as nothing in it changes. */
  why(operation: OperationId<S>, facts?: Facts<S>, session?: Session<S> | null): WhyAnswer<S> | undefined;
  /** Its sentence. */
  reason(operation: OperationId<S>, facts?: Facts<S>, session?: Session<S> | null): string | undefined;
  /** In development builds: the session that is decided by, which is another one while devtools try another person. */
  seen?(session: Session<S> | undefined): Session<S> | undefined;
  /** In development builds: the value of `data-privet` for what a decision concerns; `undefined` unless devtools run. */
  mark?(operation: OperationId<S>, facts?: Facts<S>): string | undefined;
}

const NONE: readonly never[] = Object.freeze([]);

/** Bundlers replace `process.env.NODE_ENV`; a page without a bundler has no `process`. */
function isDevelopment(): boolean {
  try {
    return process.env.NODE_ENV !== "production";
  } catch {
    return false;
  }
}

/** The items that are shown, with the shown ones below them. */
function shown<S extends Schema>(items: readonly MenuItem<S>[]): readonly MenuItem<S>[] {
  return items.flatMap((item) => (item.state === "shown" ? [{ ...item, children: shown(item.children) }] : []));
}

export function createScope<S extends Schema>(initial: Source<S>, settings: ScopeOptions<S> = {}): Scope<S> {
  const listeners = new Set<() => void>();
  const told = new Set<string>();
  const menus = new WeakMap<Session<S>, readonly MenuItem<S>[]>();
  /** By their text, so that equal answers are one object: what was asked since the session is another, and what was asked before. */
  let answers = new Map<string, WhyAnswer<S>>();
  let earlier = answers;
  let answered: Session<S> | undefined;
  let last: { readonly text: string; readonly items: readonly MenuItem<S>[] } | undefined;
  let source = initial;
  let options = settings;
  let stop: (() => void) | undefined;

  const readable = () => (source && "subscribe" in source ? source : undefined);
  const get = () => (source && "subscribe" in source ? source.get() : (source ?? undefined));
  const notify = () => {
    for (const listener of [...listeners]) listener();
  };
  const connect = () => {
    stop = readable()?.subscribe(notify);
  };
  /** What `ask` says of a session under facts; errors are thrown or told. */
  const attempt = <T>(session: Session<S> | null, facts: Facts<S> | undefined, ask: (session: Session<S>) => T) => {
    if (!session) return undefined;
    try {
      return ask(facts ? session.under(facts) : session);
    } catch (error) {
      if (options.strict ?? isDevelopment()) throw error;
      const text = String(error);
      if (!told.has(text)) {
        told.add(text);
        (options.onError ?? console.error)(error);
      }
      return undefined;
    }
  };

  const scope: Scope<S> = {
    get,
    first: get(),
    get options() {
      return options;
    },
    subscribe(listener) {
      const own = () => listener();
      if (listeners.size === 0) connect();
      listeners.add(own);
      return () => {
        listeners.delete(own);
        if (listeners.size > 0) return;
        stop?.();
        stop = undefined;
      };
    },
    use(next, more = options) {
      options = more;
      if (next === source) return;
      const before = get();
      stop?.();
      source = next;
      if (listeners.size > 0) connect();
      if (get() !== before) notify();
    },
    verdict: (operation, facts, session = get() ?? null) => attempt(session, facts, (under) => under.can(operation)),
    menu(session = get()) {
      if (!session) return NONE;
      const known = menus.get(session);
      if (known) return known;
      const found = shown(session.menu());
      const text = JSON.stringify(found);
      const items = last?.text === text ? last.items : found;
      last = { text, items };
      menus.set(session, items);
      return items;
    },
    why(operation, facts, session = get() ?? null) {
      const found = attempt(session, facts, (under) => options.why?.(under, operation));
      if (found === undefined) return undefined;
      const present = get();
      if (answered !== present) [answered, earlier, answers] = [present, answers, new Map()];
      const text = JSON.stringify(found);
      const answer =
        answers.get(text) ?? earlier.get(text) ?? (typeof found === "string" ? { sentence: found } : found);
      answers.set(text, answer);
      return answer;
    },
    reason: (...asked) => scope.why(...asked)?.sentence,
  };
  // So written, bundlers remove what is for devtools from production builds
  let used = scope;
  try {
    if (process.env.NODE_ENV !== "production") used = inspected(scope, notify);
  } catch {
    // a page without a bundler has no `process`
  }
  return used;
}
