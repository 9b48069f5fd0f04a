import { useEffect } from "preact/hooks";
import type { App } from "../state/app.js";

const ROW = "[data-row]";
const CONTROL = "button:not(:disabled), input:checked, input[type=number], input[type=checkbox], select";
const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches("input:not([type=radio]):not([type=checkbox]), textarea, select"));

/** The focusable control of a row; a row may itself be focusable. */
const control = (row: Element | undefined) =>
  row?.matches("[tabindex]") ? (row as HTMLElement) : row?.querySelector<HTMLElement>(CONTROL);

/** Moves the focus between rows of the focused panel, or of the first panel. */
function move(step: 1 | -1) {
  const focused = document.activeElement;
  const panel = focused?.closest(".panel") ?? document.querySelector(".panel");
  const rows = [...(panel?.querySelectorAll(ROW) ?? [])].filter((row) => row.checkVisibility());
  const at = rows.indexOf(focused?.closest(ROW) as Element);
  control(rows[at < 0 ? 0 : Math.max(0, Math.min(at + step, rows.length - 1))])?.focus();
}

/** Single-key shortcuts, disabled while typing. */
export function useKeys(app: App) {
  useEffect(() => {
    const keys: { readonly [key: string]: () => void } = {
      "/": () => {
        app.go({ view: "preview", pane: "privileges" });
        requestAnimationFrame(() => document.getElementById("search")?.focus());
      },
      j: () => move(1),
      k: () => move(-1),
      w: () => document.getElementById("why-title")?.focus(),
      z: () => app.undo?.(),
      Z: () => app.redo?.(),
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const act = keys[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, [app]);
}
