// Keeps the workspace in this browser. Who shows how that stands listens by itself, so that saving draws nothing else again.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { isEmbedded } from "../embed/frame.js";
import { store } from "./store.js";
import { type Question, type Workspace, policies } from "./types.js";

type State = "saved" | "saving" | "failed";

let state: State = "saved";
const listeners = new Set<() => void>();

function set(next: State): void {
  state = next;
  document.documentElement.setAttribute("data-saving", state); // tests wait for this attribute
  for (const update of listeners) update();
}

/** Whether the latest change is kept in this browser. */
export function useSaved(): State {
  const [, redraw] = useState(state);
  useEffect(() => {
    const update = () => redraw(state);
    listeners.add(update);
    update();
    return () => void listeners.delete(update);
  }, []);
  return state;
}

const tabs = isEmbedded || typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("privet");

/** Tells other tabs what has been changed in the storage: a workspace by its id, or an import by {@link importKey}. */
export const tellTabs = (changed: string): void => tabs?.postMessage(changed);
export const importKey = (workspace: string): string => `import of ${workspace}`;

/** Calls back when another tab has changed something, with what {@link tellTabs} was given. Returns a function that ends it. */
export function followTabs(onChange: (changed: string) => void): () => void {
  const follow = ({ data }: MessageEvent<string>) => onChange(data);
  tabs?.addEventListener("message", follow);
  return () => tabs?.removeEventListener("message", follow);
}

/** Workspaces as they are kept: they are not written again. */
const asKept = new WeakSet<Workspace>();
export const markAsKept = (workspace: Workspace): void => void asKept.add(workspace);

/**
 * Writes the workspace to this browser a moment after each change, and tells other tabs. What is asked alone is written without the rest,
 * which another tab may have changed.
 */
export function useSaver(workspace: Workspace | undefined, question: Question | undefined): void {
  const opened = useRef<string | undefined>(undefined);
  const pending = useRef<(() => void) | undefined>(undefined);
  const saved = useRef<Workspace | undefined>(undefined);
  useLayoutEffect(() => {
    if (!workspace || !question) return;
    const isOpening = opened.current !== workspace.id;
    if (isOpening) pending.current?.(); // what was changed in the workspace before
    opened.current = workspace.id;
    const isExample = policies.some((id) => id === workspace.id);
    if (asKept.has(workspace) || (isOpening && isExample)) saved.current = workspace;
    if (isEmbedded || (isOpening && saved.current === workspace)) return;
    set("saving");
    const save = () => {
      pending.current = undefined;
      const isAsked = saved.current === workspace;
      saved.current = workspace;
      const kept = { ...workspace, question };
      (isAsked ? store.saveQuestion(kept) : store.saveWorkspace(kept).then(() => tellTabs(kept.id))).then(
        () => set("saved"),
        () => {
          saved.current = undefined; // all of it is written with the next change
          set("failed");
        },
      );
    };
    pending.current = save;
    // A change of what decides is written at once; a question may still be typed
    const timer = setTimeout(save, saved.current?.content === workspace.content ? 150 : 0);
    return () => clearTimeout(timer);
  }, [workspace, question]);
  useEffect(() => {
    const flush = () => pending.current?.();
    addEventListener("pagehide", flush);
    addEventListener("visibilitychange", flush);
    return () => {
      removeEventListener("pagehide", flush);
      removeEventListener("visibilitychange", flush);
    };
  }, []);
  useEffect(() => set("saved"), []);
}
