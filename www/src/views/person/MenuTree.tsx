import type { MenuItem } from "privet";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useApp } from "../../state/app.js";
import type { Model } from "../../state/model.js";
import { text } from "../../text/index.js";
import { useAsked } from "./asked.js";
import { type Line, type Marks, MenuRow, shownLine } from "./MenuRow.js";
import { focusTitle } from "../../parts/titles.js";
import { itemOf } from "../../state/model.js";

/** Menus of up to this many items are open at first. */
const SMALL = 24;
/** The least items of a run that is folded. */
const RUN = 6;

/** The lines of the items that are open; runs of shown items that nothing is asked about are folded. */
function lines(
  items: readonly MenuItem[],
  exact: boolean,
  isOpen: (item: MenuItem) => boolean,
  keep: ReadonlySet<string>,
  unfolded: ReadonlySet<string>,
  level = 1,
  parent?: string,
): Line[] {
  const some = items.filter(({ state }) => !exact || state === "shown");
  const isRunnable = (item: MenuItem) => item.state === "shown" && item.children.length === 0 && !keep.has(item.id);
  const result: Line[] = [];
  for (let at = 0; at < some.length; at++) {
    const item = some[at] as MenuItem;
    const run: MenuItem[] = [];
    if (some.some(({ id }) => keep.has(id)) && level > 1)
      for (let end = at; end < some.length && isRunnable(some[end] as MenuItem); end++) run.push(some[end] as MenuItem);
    if (run.length >= RUN && !unfolded.has(item.id)) {
      result.push({ item, level, parent, run });
      at += run.length - 1;
    } else
      result.push(
        { item, level, parent },
        ...(isOpen(item) ? lines(item.children, exact, isOpen, keep, unfolded, level + 1, item.id) : []),
      );
  }
  return result;
}

/** Which items are open is remembered for each person while the page is open. */
const folds = new Map<string, ReadonlyMap<string, boolean>>();

/** The menu as a tree; arrow keys move through it. */
export function MenuTree({
  items,
  marks,
  next,
  isPreview,
}: {
  items: readonly MenuItem[];
  marks: Marks;
  next: ReadonlySet<string>;
  isPreview: boolean;
}) {
  const { question, ask, model, person, workspace } = useApp();
  const asked = useAsked();
  const key = `${workspace.id} ${person.id}`;
  const [chosen, setChosen] = useState(folds.get(key) ?? new Map<string, boolean>());
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const [at, setAt] = useState<string>();
  const tree = useRef<HTMLUListElement>(null);
  const item = question.item || itemOf(asked.operation);
  const keep = useMemo(() => new Set([item, ...next, ...marks.shown, ...marks.hidden]), [item, next, marks]);
  const above = useMemo(() => new Set([...keep].flatMap((id) => parentsOf(model, id))), [keep, model]);
  const isSmall = model.items.size <= SMALL;
  const isOpen = ({ id, children }: MenuItem) => children.length > 0 && (chosen.get(id) ?? (isSmall || above.has(id)));
  const rows = lines(items, question.exact, isOpen, keep, unfolded);
  const current = rows.find((row) => row.item.id === (at ?? item)) ?? rows[0];

  useEffect(() => {
    const row = tree.current?.querySelector<HTMLElement>(`[data-item="${CSS.escape(item)}"]`);
    if (row?.checkVisibility()) row.scrollIntoView({ block: "nearest" });
    setAt(undefined);
  }, [item]);

  const focus = (id: string | undefined) => {
    if (id === undefined) return;
    setAt(id);
    tree.current?.querySelector<HTMLElement>(`[data-item="${CSS.escape(id)}"]`)?.focus();
  };
  const choose = (line: Line) =>
    line.run
      ? setUnfolded(new Set([...unfolded, line.item.id]))
      : ask({ item: line.item.id, op: "", pane: innerWidth <= 1024 ? "why" : question.pane });
  const why = (line: Line) => {
    choose(line);
    focusTitle("answer");
  };
  const fold = (id: string, open: boolean) => {
    const changed = new Map([...chosen, [id, open] as const]);
    folds.set(key, changed);
    setChosen(changed);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!current || event.ctrlKey || event.metaKey || event.altKey) return;
    const index = rows.indexOf(current);
    const { item, parent } = current;
    const moves: { [key: string]: () => void } = {
      ArrowDown: () => focus(rows[index + 1]?.item.id),
      ArrowUp: () => focus(rows[index - 1]?.item.id),
      j: () => focus(rows[index + 1]?.item.id),
      k: () => focus(rows[index - 1]?.item.id),
      Home: () => focus(rows[0]?.item.id),
      End: () => focus(rows.at(-1)?.item.id),
      ArrowRight: () =>
        item.children.length > 0 && !isOpen(item)
          ? fold(item.id, true)
          : focus(rows[index + 1]?.parent === item.id ? rows[index + 1]?.item.id : undefined),
      ArrowLeft: () => (isOpen(item) ? fold(item.id, false) : focus(parent)),
      Enter: () => choose(current),
      " ": () => choose(current),
      w: () => why(current),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    move();
  };

  // The tree handles the events of its lines, so that a line is drawn again only where what it shows has changed
  const lineOf = (target: EventTarget | null) => {
    const id = (target as Element | null)?.closest<HTMLElement>("[role=treeitem]")?.dataset.item;
    return rows.find((row) => row.item.id === id);
  };
  const onClick = ({ target }: MouseEvent) => {
    const line = lineOf(target);
    if (!line) return;
    if ((target as Element).closest("[data-twisty]")) fold(line.item.id, !isOpen(line.item));
    else choose(line);
  };
  const shown = { current, chosen: item, isOpen, marks, appears: next, isPreview };
  return (
    <ul
      class="tree"
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the ARIA tree pattern on a list, with its keyboard handling
      role="tree"
      aria-label={text.menu.tree}
      ref={tree}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onFocusIn={({ target }) => setAt(lineOf(target)?.item.id)}
    >
      {rows.map((line) => (
        <MenuRow key={line.run ? `run ${line.item.id}` : line.item.id} line={shownLine(model, line, shown)} />
      ))}
    </ul>
  );
}

const parentsOf = (model: Model, id: string): string[] => {
  const parent = model.items.get(id)?.parent;
  return parent === undefined ? [] : [parent, ...parentsOf(model, parent)];
};
