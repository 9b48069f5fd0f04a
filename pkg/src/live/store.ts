// A store whose session changes while a page is open.
import type { Dehydrated } from "../adapters/ssr.js";
import { StaleTokenError } from "../core/errors.js";
import type { Policy, Session } from "../core/interfaces.js";
import type { AnySchema, Facts, Schema } from "../core/types.js";
import { ask, carried, restored } from "./endpoint.js";
import type { Endpoint, Held } from "./endpoint.js";
import { listen } from "./listen.js";
import type { Pushing } from "./listen.js";
import { openTabs } from "./tabs.js";
import type { Message } from "./tabs.js";

/** What a store has: a session; none yet; none, since nobody is signed in; or a failure, with the last session or none. */
export type LiveStatus = "ready" | "loading" | "signed-out" | "failed";

/** Options of {@link liveStore}. */
export interface LiveOptions<S extends Schema = AnySchema> {
  /** Where the present grants come from. Without it, `refresh` does nothing. */
  readonly endpoint?: Endpoint<S>;
  /** The session to begin with, or its plain value, so that the first paint is decided. Without it, the endpoint is asked. */
  readonly session?: Session<S> | Dehydrated;
  /** The session while nobody is signed in. Without it there is none, and nothing is allowed. */
  readonly visitor?: Session<S>;
  /** The name that connects tabs, by default `privet:` with the policy's id; `false` connects none. */
  readonly tabs?: string | false;
  /** How long before `validUntil` the endpoint is asked, in milliseconds; by default 30,000. */
  readonly ahead?: number;
  /** How long the endpoint may take, in milliseconds; by default 10,000. */
  readonly timeout?: number;
  /** Is told every failure. By default they are printed by `console.error`. */
  readonly onError?: (error: unknown) => void;
  /** Is called in every tab when somebody signs out in one, or the endpoint says that nobody is signed in. */
  readonly onSignOut?: () => void;
}

/** An observable session that is kept current. */
export interface LiveStore<S extends Schema = AnySchema> {
  /** The current session; `undefined` while there is none: nothing is allowed. */
  get(): Session<S> | undefined;
  /** What the store has. */
  status(): LiveStatus;
  /** Calls `listener` after each change of the session or the status, until the returned function is called. */
  subscribe(listener: () => void): () => void;
  /** Resolves when the status is no longer `loading`. */
  ready(): Promise<void>;
  /** Replaces the session, in every tab. */
  set(next: Session<S>): void;
  /**
   * Asks the endpoint, and resolves with the session then in force. It does not reject: `onError` is called with failures. If the endpoint
   * does not answer, the session stays until its end; if the answer cannot be read, nothing is allowed. A token of another version
   * of the policy is asked for once again. Requests at the same time are one.
   */
  refresh(): Promise<Session<S> | undefined>;
  /**
   * Assigns facts, in every tab.
   *
   * @throws what `session.with` throws.
   */
  facts(facts: Facts<S>): void;
  /** Takes facts from a server, until the returned function is called: an address, an `EventSource` or a `WebSocket`. */
  listen(source: string | URL | Pushing): () => void;
  /** Sends a request; if it is answered with 401, refreshes and sends it once again. `onError` is called with a second 401. */
  request(send: () => Promise<Response>): Promise<Response>;
  /** Forgets the session, in every tab. */
  signOut(): void;
  /** Stops timers, listeners and requests. */
  close(): void;
}

/** The longest delay of a timer. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** Sessions that end sooner are not asked for before their end, in milliseconds. */
const SHORTEST = 1_000;

/** The delays between attempts after failures, in milliseconds: the first, and the longest. */
const RETRY = [5_000, 300_000] as const;

/**
 * Creates a store that asks an endpoint for the session, at the start unless a session is given, and before the session ends. Changes
 * reach all tabs. A session is never used after its end.
 */
export function liveStore<S extends Schema = AnySchema>(policy: Policy<S>, options: LiveOptions<S> = {}): LiveStore<S> {
  const { endpoint, visitor, ahead = 30_000, timeout = 10_000, onError = console.error, onSignOut } = options;
  const inPage = typeof document !== "undefined";
  const listeners = new Set<() => void>();
  const closers = new Set<() => void>();
  let held: Held<S> | undefined;
  let status: LiveStatus = "loading";
  let since = 0; // when the session was asked for or set
  let at = 0; // when it or its facts last changed
  let signedOutAt = 0;
  let failures = 0;
  let running: { readonly result: Promise<Session<S> | undefined>; readonly abort: AbortController } | undefined;
  let pushed: Facts<S> = {}; // facts that arrive while a request runs are newer than its answer
  let timer: ReturnType<typeof setTimeout> | undefined;

  const get = () => held?.session ?? (status === "signed-out" ? visitor : undefined);
  const isOver = () => held?.until !== undefined && Date.now() >= held.until * 1000;

  function assign(next: Held<S> | undefined, state: LiveStatus) {
    const before = get();
    const isSame = status === state;
    held = next;
    status = state;
    schedule();
    if (!isSame || get() !== before) for (const listener of [...listeners]) listener();
  }

  /** Arms the timer for the next thing to do: ask again after a failure, ask before the session ends, forget it at its end. */
  function schedule() {
    clearTimeout(timer);
    const now = Date.now();
    const times: number[] = [];
    if (held?.until !== undefined) {
      const end = held.until * 1000;
      // Short sessions are asked for in their last quarter
      const early = end - Math.min(ahead, (end - since) / 4);
      times.push(end);
      if (endpoint && failures === 0 && early > now && end - early > SHORTEST) times.push(early);
    }
    if (endpoint && failures > 0) times.push(now + Math.min(RETRY[0] * 2 ** (failures - 1), RETRY[1]));
    if (times.length === 0) return;
    const due = Math.min(...times);
    const delay = Math.min(Math.max(due - now, 0), LONGEST_DELAY);
    timer = setTimeout(() => (Date.now() < due ? schedule() : act()), delay);
    (timer as { unref?: () => void }).unref?.();
  }

  function act() {
    if (isOver()) expire();
    if (endpoint) void refresh();
    schedule();
  }

  /** A session that knows its subject goes on without what has ended; a token does not say what ends. */
  function expire() {
    const session = held?.session;
    if (session?.validUntil === undefined) return assign(undefined, endpoint ? "loading" : "failed");
    const next = policy.session(session.subject(), { now: Date.now() / 1000 });
    assign({ session: next, until: next.validUntil }, status);
  }

  function forget(time: number) {
    signedOutAt = time;
    running?.abort.abort();
    running = undefined;
    failures = 0;
    const isNews = status !== "signed-out";
    assign(undefined, "signed-out");
    if (isNews) onSignOut?.();
  }

  const tabs = openTabs(
    options.tabs === false || (options.tabs === undefined && !inPage)
      ? undefined
      : (options.tabs ?? `privet:${policy.id}`),
    (message: Message) => {
      if (message.kind === "sign-out") {
        if (message.at >= since) forget(message.at);
        else void refresh(); // somebody signed in meanwhile: the server knows
      } else if (message.since > signedOutAt && message.at > at) {
        try {
          const next = restored(policy, message.value);
          ({ since, at } = message);
          assign(next, "ready");
        } catch {
          void refresh(); // the other tab has another version of the policy
        }
      }
    },
  );
  const tell = () => {
    if (held) tabs.tell({ kind: "session", since, at, value: carried(held) });
  };

  async function run(abort: AbortController): Promise<Session<S> | undefined> {
    const began = Date.now();
    const isCurrent = () => running?.abort === abort;
    let isAnswered = false;
    const attempt = async () => {
      const received = await ask(endpoint!, timeout, abort.signal);
      isAnswered = true;
      return received && restored(policy, received);
    };
    try {
      const found = await attempt().catch((error: unknown) => {
        if (!(error instanceof StaleTokenError) || !isCurrent()) throw error;
        isAnswered = false;
        return attempt();
      });
      if (!isCurrent()) return get();
      const session = found && (Object.keys(pushed).length > 0 ? found.session.with({ facts: pushed }) : found.session);
      running = undefined;
      if (!session) {
        const time = Date.now();
        forget(time);
        tabs.tell({ kind: "sign-out", at: time });
      } else {
        failures = 0;
        since = at = began;
        assign({ session, until: found.until }, "ready");
        if (isOver()) act();
        else tell();
      }
    } catch (error) {
      if (!isCurrent()) return get();
      running = undefined;
      failures++;
      assign(isAnswered || isOver() ? undefined : held, "failed");
      onError(error);
    }
    return get();
  }

  function refresh(): Promise<Session<S> | undefined> {
    if (!endpoint) return Promise.resolve(get());
    if (!running) {
      pushed = {};
      const abort = new AbortController();
      running = { abort, result: Promise.resolve().then(() => run(abort)) };
    }
    return running.result;
  }

  /** Assigns facts; a session that is not there yet gets them when it comes. */
  function know(facts: Facts<S>) {
    if (held) {
      const session = held.session.with({ facts });
      assign({ session, until: held.until }, status);
    }
    pushed = { ...pushed, ...facts };
  }

  const store: LiveStore<S> = {
    get,
    status: () => status,
    subscribe(listener) {
      const own = () => listener();
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    ready: () =>
      new Promise((resolve) => {
        if (status !== "loading") return resolve();
        const stop = store.subscribe(() => {
          if (status === "loading") return;
          stop();
          resolve();
        });
      }),
    set(next) {
      since = at = Date.now();
      failures = 0;
      running?.abort.abort();
      running = undefined;
      assign({ session: next, until: next.validUntil }, "ready");
      tell();
    },
    refresh,
    facts(facts) {
      know(facts);
      at = Date.now();
      tell();
    },
    listen(source) {
      const stop = listen<S>(source, { facts: know, refresh, signOut: store.signOut, fail: onError });
      closers.add(stop);
      return () => {
        closers.delete(stop);
        stop();
      };
    },
    async request(send) {
      const first = await send();
      if (first.status !== 401 || !(await refresh())) return first;
      const second = await send();
      if (second.status === 401)
        onError(new StaleTokenError("stale-token", "the server refuses a token that it has just issued"));
      return second;
    },
    signOut() {
      const time = Date.now();
      forget(time);
      tabs.tell({ kind: "sign-out", at: time });
    },
    close() {
      clearTimeout(timer);
      running?.abort.abort();
      running = undefined;
      for (const stop of closers) stop();
      tabs.close();
      listeners.clear();
    },
  };

  if (inPage) {
    // Timers do not run while a computer sleeps
    const wake = () => {
      if (document.visibilityState === "visible" && isOver()) act();
    };
    // A page of the back/forward cache heard nothing while it was away
    const back = ({ persisted }: PageTransitionEvent) => {
      if (!persisted || !endpoint) return;
      running?.abort.abort();
      running = undefined;
      assign(undefined, "loading");
      void refresh();
    };
    const online = () => {
      if (failures > 0) void refresh();
    };
    document.addEventListener("visibilitychange", wake);
    window.addEventListener("pageshow", back);
    window.addEventListener("online", online);
    closers.add(() => {
      document.removeEventListener("visibilitychange", wake);
      window.removeEventListener("pageshow", back);
      window.removeEventListener("online", online);
    });
  }

  if (options.session) {
    since = at = Date.now();
    assign(restored(policy, options.session), "ready");
    if (isOver()) act();
  } else if (endpoint) void refresh();
  else assign(undefined, "signed-out");
  return store;
}
