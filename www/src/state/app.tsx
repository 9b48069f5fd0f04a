import type { Change, Session } from "privet";
import { createContext } from "preact";
import type { ComponentChildren } from "preact";
import { useContext, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { text } from "../text/index.js";
import { isEmbedded, onOpen, openEmbedded, tell } from "../embed/frame.js";
import { openingQuestion } from "./examples.js";
import { afterDrawing } from "../parts/focus.js";
import { LargeLinkError, link, noQuestion, read, write } from "./hash.js";
import { committed, stepped } from "./history.js";
import { type Model, itemOf } from "./model.js";
import { followTabs, markAsKept, useSaver } from "./saving.js";
import { SERVED, awaitsServed, followServed } from "./served.js";
import { store } from "./store.js";
import type { AccessRequest, Ask, Carried, Content, Person, Question, View, Workspace } from "./types.js";
import { applied, atSavePoint, sessionOf, personOf } from "./workspace.js";
import { openCarried, openServed, openWorkspace } from "./workspaces.js";

export interface Toast {
  readonly words: string;
  readonly tone: "gain" | "loss" | "fact";
  readonly undo?: boolean;
}

/** A change that is shown in the menu but not applied. */
export interface Candidate {
  readonly content: Content;
  /** What it was made from. */
  readonly of: Content;
  readonly title: string;
}

/** The state of the page and what can be done with it. */
export interface App {
  readonly model: Model;
  readonly workspace: Workspace;
  readonly content: Content;
  readonly question: Question;
  readonly person: Person;
  readonly session: Session;
  /** The person's session at their save point, in the present installation. */
  readonly before: Session;
  readonly peeked: Candidate | undefined;
  /** Shows what a change would do, or ends that. A function gets what is shown now: a view that is drawn late may not know it. */
  peek(candidate: Candidate | undefined | ((now: Candidate | undefined) => Candidate | undefined)): void;
  /** Changes the question. A new view, person or object of the question is a step of the browser's history. */
  ask(patch: Ask): void;
  /** Makes a change that can be undone. One that the policy does not accept is refused as a whole; then the answer is false. */
  commit(content: Content, did: string): boolean;
  /** Applies a change to a person; facts of the installation change for everybody. */
  change(who: string, change: Change, did: string): boolean;
  /** Changes what undo does not cover: requests, drafts, names. A function gets the workspace as it is now. */
  update(patch: Partial<Workspace> | ((now: Workspace) => Partial<Workspace>)): void;
  /** The content as it is now, where something is decided after a wait: what was drawn may be late. */
  present(): Content;
  readonly undo: (() => void) | undefined;
  readonly redo: (() => void) | undefined;
  open(workspace: string, ask?: Ask): void;
  /** Opens a new workspace, such as one of an own policy; it is there once the promise is fulfilled. */
  start(workspace: Workspace, model: Model, ask?: Ask): Promise<void>;
  /** A link that opens this question anywhere, with the people and their installation. */
  share(request?: AccessRequest): Promise<string>;
  readonly toast: Toast | undefined;
  notify(toast: Toast | undefined): void;
  /** Announces one short thing to screen readers. */
  say(words: string): void;
}

const Context = createContext<App | undefined>(undefined);

export function useApp(): App {
  const app = useContext(Context);
  if (!app) throw new Error("outside of the page");
  return app;
}

/** A value as it was before the latest change, until the page has been drawn with that change. Of another `of` it is never late. */
export function useLate<T>(value: T, of?: unknown): T {
  const [late, setLate] = useState({ value, of });
  const isSame = late.of === of;
  useEffect(() => {
    if (isSame && late.value === value) return;
    let timer = 0;
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => setLate({ value, of })) as unknown as number;
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [value, of, late]);
  return isSame ? late.value : value;
}

/** Draws its children after the rest of the page: for answers that take longer than a frame. */
export function Later({ children }: { children: ComponentChildren }) {
  const app = useLate(useApp());
  return <Context.Provider value={app}>{children}</Context.Provider>;
}

interface Loaded {
  readonly model: Model;
  readonly workspace: Workspace;
  readonly question: Question;
}

/** Parts of the question that are a step of the browser's history; the others replace the address. */
const steps = [
  "view",
  "who",
  "item",
  "op",
  "role",
  "fact",
  "request",
  "guide",
  "left",
  "right",
  "mode",
  "report",
  "matrix",
] as const;

/** The question for this workspace: people who are not there are replaced by the first, and an operation stands at its own menu item. */
function fitted(model: Model, { content }: Workspace, question: Question): Question {
  const known = (who: string) => personOf(content, who)?.id ?? "";
  const side = (id: string) => (question.mode === "roles" || question.mode === "versions" ? id : known(id));
  const operation = model.operations.get(question.op);
  const isThere = operation?.menu.some((path) => path.some(({ id }) => id === question.item)) ?? true;
  return {
    ...question,
    ...(!isThere && { item: itemOf(operation) }),
    who: known(question.who),
    left: side(question.left),
    right: side(question.right),
  };
}

export function AppProvider({
  children,
  waiting,
  failed,
}: {
  /** Draws the page: a function, since Preact would keep the first tree of an element that is always the same. */
  children: () => ComponentChildren;
  waiting: ComponentChildren;
  failed: (message: string) => ComponentChildren;
}) {
  const [loaded, setLoaded] = useState<Loaded>();
  const [failure, setFailure] = useState<string>();
  const [toast, notify] = useState<Toast>();
  const live = useRef<HTMLParagraphElement>(null);
  const [peeked, peek] = useState<Candidate>();
  const current = useRef<Loaded | undefined>(undefined);
  const initial = useRef<Question>(noQuestion);
  current.current = loaded;
  useSaver(loaded?.workspace, loaded?.question);

  const show = (next: Loaded, how: "pushState" | "replaceState") => {
    const address = write(next.question, next.workspace.id, initial.current);
    if (address !== location.hash) history[how](null, "", address);
    current.current = next;
    setLoaded(next);
    setFailure(undefined);
  };
  // A workspace that takes longer to open does not replace one that was asked for after it
  const latest = useRef(0);
  // The place that is gone to while one opens
  const gone = useRef<View | undefined>(undefined);
  const opening = async (opened: ReturnType<typeof openWorkspace>, ask: Ask, how: "pushState" | "replaceState") => {
    const mine = ++latest.current;
    gone.current = undefined;
    try {
      const { model, workspace, notice } = await opened;
      if (mine !== latest.current) return;
      initial.current = fitted(
        model,
        workspace,
        openingQuestion(model, { ...workspace, question: undefined } as never),
      );
      const view = gone.current !== undefined && { view: gone.current };
      const question = fitted(model, workspace, { ...openingQuestion(model, workspace), ...ask, ...view });
      peek(undefined);
      notify(notice === undefined ? undefined : { words: notice, tone: "loss" });
      show({ model, workspace, question }, how);
    } catch (error) {
      if (mine !== latest.current) return;
      // What could not be fetched is a TypeError, whose words differ by browser
      const words = error instanceof TypeError ? text.errors.load : String((error as Error).message);
      if (!current.current) return setFailure(words);
      // The page stays as it is; the address, too
      notify({ words, tone: "loss" });
      show(current.current, "replaceState");
    }
  };

  useEffect(() => {
    const follow = async () => {
      const mine = ++latest.current;
      try {
        const { workspace, ask, carried } = await read(location.hash);
        if (mine !== latest.current) return;
        if (carried) return await opening(openCarried(carried, "link"), ask, "replaceState");
        if (awaitsServed(workspace)) return; // it opens with the first event
        const now = current.current;
        if (now && workspace === now.workspace.id) {
          peek(undefined);
          notify(undefined);
          current.current = { ...now, question: fitted(now.model, now.workspace, { ...initial.current, ...ask }) };
          return setLoaded(current.current);
        }
        // The plain address of a workspace reopens it as it was
        const plain = Object.keys(ask).length <= 1;
        return await opening(openWorkspace(workspace), plain && location.hash === "" ? {} : ask, "replaceState");
      } catch (error) {
        if (mine !== latest.current) return;
        await opening(openWorkspace("vicidial"), {}, "replaceState");
        notify({ words: error instanceof LargeLinkError ? text.errors.largeLink : text.errors.link, tone: "loss" });
      }
    };
    addEventListener("popstate", follow);
    const unfollow = followServed(
      (document) => {
        const now = current.current;
        if (!now) return void follow();
        // What is asked stays, with the new version
        if (now.workspace.id === SERVED)
          void opening(openServed(document, now.workspace), now.question, "replaceState");
      },
      (words) => (current.current ? notify({ words, tone: "loss" }) : setFailure(words)),
    );
    const unfollowTabs = followTabs((id) => void followTab(id));
    /** Shows what another tab has made of the workspace; what is asked here stays. */
    const followTab = async (id: string) => {
      const before = current.current?.workspace;
      if (before?.id !== id) return;
      const kept = await store.workspace(id);
      const now = current.current;
      if (!kept || !now || now.workspace !== before) return; // it has been changed here as well, later
      if (kept.text !== before.text) return opening(openWorkspace(id), now.question, "replaceState");
      markAsKept(kept);
      peek(undefined);
      current.current = { ...now, workspace: kept, question: fitted(now.model, kept, now.question) };
      setLoaded(current.current);
    };
    const stop = isEmbedded
      ? onOpen(
          (message) => void read(location.hash).then(({ ask }) => opening(openEmbedded(message), ask, "replaceState")),
        )
      : undefined;
    if (!isEmbedded) void follow();
    return () => {
      removeEventListener("popstate", follow);
      unfollow();
      unfollowTabs();
      stop?.();
    };
  }, []);

  // Written past Preact: words that are announced draw nothing else again
  const say = (words: string) => {
    if (live.current) live.current.textContent = words;
  };
  const app = useMemo<App | undefined>(() => {
    if (!loaded) return undefined;
    const { model, workspace, question } = loaded;
    const { content } = workspace;
    const person = personOf(content, question.who);
    // Acts begin from the present state: what is drawn late offers them on an earlier one. Those of another workspace do nothing
    const present = (): Loaded | undefined => {
      const now = current.current ?? loaded;
      return now.workspace.id === workspace.id && now.model === model ? now : undefined;
    };
    const put = (now: Loaded, workspace: Workspace) => {
      const next = { model, workspace, question: fitted(model, workspace, now.question) };
      current.current = next;
      if (next.question.who !== now.question.who) return show(next, "pushState");
      setLoaded(next);
    };
    const commit = (next: Content, did: string) => {
      const now = present();
      if (!now) return false;
      try {
        for (const it of next.people) sessionOf(model, next, it);
      } catch (error) {
        notify({ words: (error as Error).message, tone: "loss" });
        return false;
      }
      peek(undefined);
      notify(undefined);
      put(
        now,
        committed(
          now.workspace,
          next,
          did,
          document.activeElement?.closest("[data-focus]")?.getAttribute("data-focus") ?? undefined,
        ),
      );
      tell(next, did);
      return true;
    };
    const move = (way: "undo" | "redo") => {
      if (!stepped(workspace, way)) return undefined;
      return () => {
        const now = present();
        const next = now && stepped(now.workspace, way);
        if (!next) return;
        peek(undefined);
        notify(undefined);
        put(now, next.workspace);
        tell(next.workspace.content, way === "undo" ? text.shell.undoWhat(next.step.did) : next.step.did);
        say(way === "undo" ? text.live.undone(next.step.did) : text.live.redone(next.step.did));
        const { focus } = next.step;
        if (focus !== undefined)
          afterDrawing(() =>
            document.querySelector<HTMLElement>(`[data-focus="${CSS.escape(focus)}"] :is(button, input, select)`),
          );
      };
    };
    return {
      model,
      workspace,
      content,
      question,
      person,
      session: sessionOf(model, content, person),
      before: sessionOf(model, content, atSavePoint(person)),
      peeked,
      peek(candidate) {
        peek((now) => {
          const next = typeof candidate === "function" ? candidate(now) : candidate;
          // What is drawn late offers changes of what has changed in the meantime
          return !next || next.of === current.current?.workspace.content ? next : now;
        });
      },
      ask(patch) {
        const now = current.current ?? loaded;
        gone.current = patch.view ?? gone.current;
        const other = patch.view !== undefined && patch.view !== now.question.view;
        const next = fitted(now.model, now.workspace, { ...now.question, ...(other && { pane: "" }), ...patch });
        const isStep = steps.some((key) => next[key] !== now.question[key]);
        if (isStep) {
          peek(undefined);
          notify(undefined);
        }
        current.current = { ...now, question: next };
        show({ ...now, question: next }, isStep ? "pushState" : "replaceState");
      },
      commit,
      change: (who, change, did) => commit(applied(model, present()?.workspace.content ?? content, who, change), did),
      update(patch) {
        const now = present();
        if (now) put(now, { ...now.workspace, ...(typeof patch === "function" ? patch(now.workspace) : patch) });
      },
      present: () => present()?.workspace.content ?? content,
      undo: move("undo"),
      redo: move("redo"),
      open: (id, ask = {}) => void opening(openWorkspace(id), ask, "pushState"),
      start: (workspace, model, ask = {}) => opening(Promise.resolve({ model, workspace }), ask, "pushState"),
      async share(request) {
        const { workspace, question } = present() ?? loaded;
        const { content } = workspace;
        const carried: Carried = {
          policy: workspace.policy,
          ...(workspace.id !== workspace.policy && { name: workspace.name }),
          ...(workspace.text !== undefined && { text: workspace.text }),
          content: { ...content, people: content.people.slice(0, 1000) },
          ...(request && { request }),
        };
        const asked = request ? { ...question, view: "requests" as const, request: request.id } : question;
        return `${location.href.split("#", 1)[0]}${await link(asked, carried, initial.current)}`;
      },
      toast,
      notify,
      say,
    };
  }, [loaded, toast, peeked]);

  if (failure !== undefined) return <>{failed(failure)}</>;
  if (!app) return <>{waiting}</>;
  return (
    <Context.Provider value={app}>
      {children()}
      <p class="sr" role="status" data-live ref={live} />
    </Context.Provider>
  );
}
