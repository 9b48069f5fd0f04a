import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../../parts/Icon.js";
import { useApp } from "../../state/app.js";
import { remember, remembered } from "../../state/remembered.js";

/** Which groups are open is remembered for each person in this tab; at first those are of which they hold something. */
const folds = new Map<string, boolean>(
  JSON.parse(remembered("folds", "sessionStorage") ?? "[]") as [string, boolean][],
);

function setFold(key: string, open: boolean): void {
  folds.set(key, open);
  remember("folds", JSON.stringify([...folds].slice(-500)), "sessionStorage");
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
        data-row
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
