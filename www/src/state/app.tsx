import type { Change, Session } from "privet";
import { createContext } from "preact";
import type { ComponentChildren } from "preact";
import { useCallback, useContext, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { text } from "../text.js";
import { opening } from "./examples.js";
import { LargeLinkError, read, write } from "./hash.js";
import { changed, loadModel, sharedPart } from "./model.js";
import type { Model } from "./model.js";
import { followServed, isServed, servedText } from "./served.js";
import type { Link, Person, State } from "./types.js";

/** Shared state and actions of the page. */
export interface App {
  readonly state: State;
  readonly model: Model;
  readonly person: Person;
  readonly session: Session;
  /** The person's session at the save point. */
  readonly before: Session;
  /** A change that is previewed in the menu but not applied. */
  readonly peeked: Change | undefined;
  peek(change: Change | undefined): void;
  go(patch: Link): void;
  /** Applies a change to one person, or to everyone for facts of the installation. An invalid change is rejected as a whole. */
  change(row: number, change: Change): void;
  /** Replaces all people. */
  setPeople(people: readonly Person[], patch?: Link): void;
  readonly undo: (() => void) | undefined;
  readonly redo: (() => void) | undefined;
  /** An error or confirmation, announced to screen readers. */
  readonly notice: string;
  notify(notice: string): void;
}

const Context = createContext<App | undefined>(undefined);

export function useApp(): App {
  const app = useContext(Context);
  if (!app) throw new Error("outside of the page");
  return app;
}

/** An undo step. */
type Moment = Pick<State, "people" | "saved" | "who">;

interface Loaded {
  readonly model: Model;
  readonly state: State;
}

/** Builds the state from a link. People that do not match the policy are rejected, with a notice. */
async function load(link: Link): Promise<Loaded & { notice?: string }> {
  const model = await loadModel(link.policy ?? "vicidial", link.text);
  const initial = opening(model, link.policy ?? "vicidial");
  const defaults: State = {
    view: "preview",
    policy: "vicidial",
    people: [],
    saved: [],
    who: 0,
    pane: "menu",
    exact: false,
    search: "",
    left: 0,
    right: 1,
    time: false,
    everything: false,
    kind: "change",
    actors: {},
    crowd: 0,
    ...initial,
  };
  const state = clampRows({ ...defaults, ...link });
  try {
    for (const { subject } of [...state.people, ...state.saved]) model.session(subject);
    return { model, state };
  } catch (error) {
    const { people = [], saved = [] } = initial;
    return {
      model,
      state: clampRows({ ...state, people, saved }),
      notice: text.errors.people((error as Error).message),
    };
  }
}

/** Clamps row numbers to existing people. */
function clampRows(state: State): State {
  const last = state.people.length - 1;
  const row = (index: number) => Math.max(0, Math.min(index, last));
  return { ...state, who: row(state.who), left: row(state.left), right: row(state.right) };
}

export function AppProvider({
  children,
  waiting,
  failed,
}: {
  children: ComponentChildren;
  waiting: ComponentChildren;
  failed: (message: string) => ComponentChildren;
}) {
  const [loaded, setLoaded] = useState<Loaded>();
  const [failure, setFailure] = useState<string>();
  const [notice, notify] = useState("");
  const [peeked, peek] = useState<Change>();
  const [past, setPast] = useState<readonly Moment[]>([]);
  const [future, setFuture] = useState<readonly Moment[]>([]);
  const lastHash = useRef("");

  const start = useCallback(async (link: Link, message?: string) => {
    try {
      const { model, state, notice = message ?? "" } = await load(link);
      setLoaded({ model, state });
      setFailure(undefined);
      setPast([]);
      setFuture([]);
      notify(notice);
    } catch (error) {
      setFailure(String((error as Error).message));
    }
  }, []);

  const shown = useRef<State | undefined>(undefined);
  shown.current = loaded?.state;
  useEffect(
    () =>
      followServed(
        async (text) => {
          // What is shown stays, with the new text; at the start it is what the address says
          const link = shown.current ?? (await read(location.hash).catch((): Link => ({ policy: "own" })));
          if (link.policy === "own") await start({ ...link, text });
        },
        (fault) => (shown.current ? notify(fault) : setFailure(fault)),
      ),
    [],
  );

  useEffect(() => {
    const follow = async () => {
      if (location.hash === lastHash.current && lastHash.current) return;
      lastHash.current = location.hash;
      // The served policy comes with the first event
      if (isServed && servedText() === undefined && /^(?:#?$|#\w+\/own)/.test(location.hash)) return;
      await read(location.hash).then(start, (error) =>
        start({}, error instanceof LargeLinkError ? text.errors.largeLink : text.errors.link),
      );
    };
    addEventListener("hashchange", follow);
    follow();
    return () => removeEventListener("hashchange", follow);
  }, []);

  const state = loaded?.state;
  const view = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (!loaded || !state) return;
    let current = true;
    document.documentElement.setAttribute("data-address", "old"); // tests wait for this attribute
    const timer = setTimeout(async () => {
      const hash = await write(state, opening(loaded.model, state.policy));
      if (!current) return;
      const step = `${state.view}/${state.policy}`;
      const isStep = view.current !== undefined && view.current !== step;
      view.current = step;
      document.documentElement.setAttribute("data-address", "written");
      if (hash === location.hash) return;
      lastHash.current = hash;
      history[isStep ? "pushState" : "replaceState"](null, "", hash);
    }, 60);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [loaded]);

  const app = useMemo<App | undefined>(() => {
    if (!loaded) return undefined;
    const { model, state } = loaded;
    const person = state.people[state.who] ?? { name: text.people.first, subject: {} };
    const set = (patch: Link) => setLoaded({ model, state: clampRows({ ...state, ...patch }) });
    const setPeople = (people: readonly Person[], patch: Link = {}) => {
      try {
        for (const { subject } of people) model.session(subject);
      } catch (error) {
        return notify((error as Error).message);
      }
      setPast([...past.slice(-199), state]);
      setFuture([]);
      peek(undefined);
      notify("");
      set({ people, ...patch });
    };
    const move = (from: typeof past, to: typeof past, setFrom: typeof setPast, setTo: typeof setPast) => {
      const moment = from.at(-1);
      if (!moment) return undefined;
      return () => {
        const { people, saved, who } = moment;
        setFrom(from.slice(0, -1));
        setTo([...to, state]);
        peek(undefined);
        // Undo keeps the save point, unless the step added or removed a person
        set(people.length === state.people.length ? { people } : { people, saved, who });
      };
    };
    return {
      state,
      model,
      person,
      notice,
      notify,
      peek,
      peeked,
      setPeople,
      session: model.session(person.subject),
      before: model.session((state.saved[state.who] ?? person).subject),
      go(patch) {
        peek(undefined);
        if (patch.policy === undefined || (patch.policy === state.policy && patch.text === undefined))
          return set(patch);
        void start({
          view: patch.view ?? "preview",
          policy: patch.policy,
          ...(patch.text !== undefined && { text: patch.text }),
        });
      },
      change(row, change) {
        const shared = sharedPart(model, change);
        setPeople(
          state.people.map((it, index) => ({ ...it, subject: changed(it.subject, index === row ? change : shared) })),
        );
      },
      undo: move(past, future, setPast, setFuture),
      redo: move(future, past, setFuture, setPast),
    };
  }, [loaded, notice, peeked, past, future]);

  if (failure !== undefined) return <>{failed(failure)}</>;
  if (!app) return <>{waiting}</>;
  return <Context.Provider value={app}>{children}</Context.Provider>;
}
