import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../../parts/Icon.js";
import { useApp } from "../../state/app.js";

/** Which groups are open is remembered for each person in this tab; at first those are of which they held something. */
const KEY = "privet.folds";
const folds = new Map<string, boolean>(rememberedFolds());

function rememberedFolds(): [string, boolean][] {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "[]") as [string, boolean][];
  } catch {
    return []; // storage may be blocked
  }
}

function setFold(key: string, open: boolean): void {
  folds.set(key, open);
  try {
    sessionStorage.setItem(KEY, JSON.stringify([...folds].slice(-500)));
  } catch {
    // remembered until the page is closed
  }
}

/** A group of rows that is folded away behind its title. */
export function Fold({
  id,
  title,
  count,
  initial,
  forced = false,
  children,
}: {
  id: string;
  title: string;
  count: string;
  initial: boolean;
  forced?: boolean;
  children: () => ComponentChildren;
}) {
  const { workspace, person } = useApp();
  const [, redraw] = useState(0);
  const key = `${workspace.id} ${person.id} ${id}`;
  if (!folds.has(key)) setFold(key, initial);
  const isOpen = forced || folds.get(key) === true;
  return (
    <>
      <button
        type="button"
        class="pgroup"
        aria-expanded={isOpen}
        data-group={title}
        onClick={() => {
          setFold(key, !isOpen);
          redraw((times) => times + 1);
        }}
      >
        <Icon name={isOpen ? "down" : "right"} />
        <span class="grow cut">{title}</span>
        <span class="count">{count}</span>
      </button>
      {isOpen && children()}
    </>
  );
}
