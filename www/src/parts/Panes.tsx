import type { ComponentChildren } from "preact";
import { useApp } from "../state/app.js";
import { paneOf, panes } from "../state/types.js";
import { text } from "../text/index.js";
import { Segmented } from "./ui.js";

/** The head of a view: title, acts, and on narrow screens the choice of the pane. */
export function Top({
  children,
  tabs,
}: {
  children: ComponentChildren;
  tabs?: readonly [string, string, string] | readonly [string, string];
}) {
  const { question, ask } = useApp();
  const shown = tabs?.length === 2 ? panes.slice(1) : panes;
  return (
    <>
      <header class="top">{children}</header>
      {tabs && (
        <div class="ptabs">
          <Segmented
            label={text.panesLabel}
            options={shown.map((id, index) => ({ id, label: tabs[index] ?? "" }))}
            value={shown.find((id) => id === paneOf(question)) ?? "why"}
            onChange={(pane) => ask({ pane })}
          />
        </div>
      )}
    </>
  );
}

/** Panes side by side; narrow screens show the one that was chosen. */
export function Panes({ children, columns }: { children: ComponentChildren; columns: string }) {
  const { question } = useApp();
  return (
    <div class={`panes ${columns}`} data-pane={paneOf(question)}>
      {children}
    </div>
  );
}

export function Pane({
  place,
  label,
  head,
  foot,
  children,
  id,
  kind = "",
}: {
  place: 1 | 2 | 3;
  label: string;
  head?: ComponentChildren;
  foot?: ComponentChildren;
  children: ComponentChildren;
  id?: string;
  kind?: string;
}) {
  return (
    <section class={`pane p${place} ${kind}`} aria-label={label} id={id} data-pane-place={place}>
      {head && <div class="head">{head}</div>}
      <div class="body" tabIndex={-1}>
        {children}
      </div>
      {foot && <div class="foot">{foot}</div>}
    </section>
  );
}
