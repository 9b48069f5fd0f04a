// The rows of panes: the focus moves between them by keys, and a list of rows is one stop of Tab.
import { useEffect } from "preact/hooks";

const ROW = "[data-row]";
const CONTROL = "button:not(:disabled), input:checked, input[type=number], input[type=checkbox], select, a";

/** The focusable control of a row; a row may itself be focusable. */
const control = (row: Element | undefined) =>
  row?.matches("[tabindex]") ? (row as HTMLElement) : row?.querySelector<HTMLElement>(CONTROL);

/** Moves the focus between the rows of the focused pane, or of the first. Rows that cannot be changed are passed over. */
export function moveRow(step: 1 | -1): void {
  const focused = document.activeElement;
  const pane = focused?.closest(".pane") ?? document.querySelector(".pane");
  const rows = [...(pane?.querySelectorAll(ROW) ?? [])].filter((row) => row.checkVisibility() && control(row));
  const at = rows.indexOf(focused?.closest(ROW) as Element);
  control(rows[at < 0 ? 0 : Math.max(0, Math.min(at + step, rows.length - 1))])?.focus();
}

/**
 * Makes the rows of a pane one stop of Tab: only the controls of the row that had the focus last are reached by it, and the arrow keys
 * move between rows. It sets `tabindex` past Preact, so that a row which has not changed is not drawn again.
 */
export function useRowsAsOneStop(pane: string): void {
  useEffect(() => {
    const body = document.querySelector<HTMLElement>(`#${pane} > .body`);
    if (!body) return;
    const rowOf = (it: Element) => it.closest(ROW) ?? it;
    let current: Element | undefined;
    const apply = () => {
      const all = [...body.querySelectorAll<HTMLElement & { disabled?: boolean }>("button, input, select, a[href]")];
      if (!current?.isConnected) current = all.filter(({ disabled }) => !disabled).map(rowOf)[0];
      for (const it of all) {
        const index = rowOf(it) === current ? 0 : -1;
        if (it.getAttribute("tabindex") !== String(index)) it.tabIndex = index;
      }
    };
    const onFocus = ({ target }: FocusEvent) => {
      const row = rowOf(target as Element);
      if (row === current || target === body) return;
      current = row;
      apply();
    };
    const onKeyDown = (event: KeyboardEvent) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key] as 1 | -1 | undefined;
      const target = event.target as HTMLElement;
      // Radios, numbers and lists have arrow keys of their own
      if (!step || !target.matches("button:not([aria-haspopup]), input[type=checkbox], a")) return;
      event.preventDefault();
      moveRow(step);
    };
    apply();
    const drawn = new MutationObserver(apply);
    drawn.observe(body, { childList: true, subtree: true });
    body.addEventListener("focusin", onFocus);
    body.addEventListener("keydown", onKeyDown);
    return () => {
      drawn.disconnect();
      body.removeEventListener("focusin", onFocus);
      body.removeEventListener("keydown", onKeyDown);
    };
  }, [pane]);
}
