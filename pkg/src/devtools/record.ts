// What components asked for, by render: decisions that are made within a moment belong together.
import type { Decision } from "../frameworks/inspect.js";

/** Decisions that are nearer to each other are one render, in milliseconds. */
const MOMENT = 50;
/** How many renders are kept. */
const KEPT = 50;

/** The decisions of one render. */
export interface Render {
  readonly number: number;
  readonly at: Date;
  /** Who was tried; `undefined` for the person of the application. */
  readonly person: string | undefined;
  readonly decisions: ReadonlyMap<string, Decision>;
  /** The decisions that differ from those of the renders before, with what they were. */
  readonly changed: ReadonlyMap<string, Decision | undefined>;
}

/** The renders, the newest first. */
export interface Recorder {
  readonly renders: readonly Render[];
  /** The last decisions of all renders, by their keys. */
  readonly last: ReadonlyMap<string, Decision>;
  add(decision: Decision, person: string | undefined): void;
}

/** Creates a recorder that calls `onRender` after each render. */
export function createRecorder(onRender: () => void): Recorder {
  const renders: Render[] = [];
  const last = new Map<string, Decision>();
  let current: { decisions: Map<string, Decision>; changed: Map<string, Decision | undefined> } | undefined;
  let count = 0;

  const begin = (person: string | undefined) => {
    const render = { number: ++count, at: new Date(), person, decisions: new Map(), changed: new Map() };
    renders.unshift(render);
    renders.length = Math.min(renders.length, KEPT);
    setTimeout(() => {
      current = undefined;
      onRender();
    }, MOMENT);
    return render;
  };

  return {
    renders,
    last,
    add(decision, person) {
      current ??= begin(person);
      const before = last.get(decision.key);
      if (before?.verdict !== decision.verdict || !before) current.changed.set(decision.key, before);
      current.decisions.set(decision.key, decision);
      last.set(decision.key, decision);
    },
  };
}
