// Keeps the workspace in this browser. Who shows how that stands listens by itself, so that saving draws nothing else again.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { isEmbedded } from "../embed/frame.js";
import { store } from "./store.js";
import type { Content, Question, Workspace } from "./types.js";

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

/** Writes the workspace to this browser a moment after each change. */
export function useSaver(workspace: Workspace | undefined, question: Question | undefined): void {
  const first = useRef<string | undefined>(undefined);
  const pending = useRef<(() => void) | undefined>(undefined);
  const saved = useRef<Content | undefined>(undefined);
  useLayoutEffect(() => {
    if (!workspace || !question) return;
    const isOpening = first.current !== workspace.id;
    if (isOpening) pending.current?.(); // what was changed in the workspace before
    first.current = workspace.id;
    if (isOpening || isEmbedded) return;
    set("saving");
    const save = () => {
      pending.current = undefined;
      store.saveWorkspace({ ...workspace, question }).then(
        () => set("saved"),
        () => set("failed"),
      );
    };
    pending.current = save;
    // A change of what decides is written at once; a question may still be typed
    const timer = setTimeout(save, saved.current === workspace.content ? 150 : 0);
    saved.current = workspace.content;
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
