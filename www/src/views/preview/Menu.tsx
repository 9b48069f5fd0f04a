import type { MenuItem } from "privet";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Badge, Button, Glyph } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { menuDiff, menuItems } from "../../state/format.js";
import type { MenuDiff } from "../../state/format.js";
import { text } from "../../text.js";

interface Line {
  readonly item: MenuItem;
  readonly level: number;
  readonly parent: string | undefined;
}

function lines(
  items: readonly MenuItem[],
  exact: boolean,
  closed: ReadonlySet<string>,
  level = 1,
  parent?: string,
): Line[] {
  return items
    .filter(({ state }) => !exact || state === "shown")
    .flatMap((item) => [
      { item, level, parent },
      ...(closed.has(item.id) ? [] : lines(item.children, exact, closed, level + 1, item.id)),
    ]);
}

/** The person's menu, with the effects of a change while one is previewed. */
export function Menu() {
  const { state, session, before, peeked, person, go, setPeople, model } = useApp();
  const now = useMemo(() => (peeked ? session.with(peeked) : session), [session, peeked]);
  const found = useMemo(() => menuDiff(peeked ? session : before, now), [session, before, now, peeked]);
  const all = menuItems(now);
  const shown = all.filter((item) => item.state === "shown").length;
  const isSaved = state.people[state.who] === state.saved[state.who];
  const revert = () => setPeople(state.people.map((it, row) => (row === state.who ? (state.saved[row] ?? it) : it)));
  return (
    <>
      <div class="panel-head">
        <h2>{text.menu.title(person.name)}</h2>
        <span class="count">{text.menu.count(shown, all.length)}</span>
      </div>
      <label class="check">
        <input type="checkbox" checked={state.exact} onChange={() => go({ exact: !state.exact })} />
        <span>{text.menu.exact(person.name)}</span>
      </label>
      {peeked && <p class="peeking">{text.menu.peeking}</p>}
      {state.exact && shown === 0 ? (
        <p class="dim">{text.menu.empty(person.name)}</p>
      ) : (
        <Tree items={now.menu()} found={found} />
      )}
      <div class="since" data-since>
        <p role="status">
          <strong>{peeked ? text.menu.would : text.menu.since}</strong>{" "}
          {found.gained.size + found.lost.size + found.shown.length + found.hidden.length === 0
            ? text.menu.same
            : `${text.menu.shown(found.shown.length)} · ${text.menu.hidden(found.hidden.length)} · ${text.menu.operations(found.gained.size, found.lost.size)}`}
        </p>
        {found.shown.length + found.hidden.length > 0 && (
          <p class="unseen" aria-live="polite">
            {[
              ...found.shown.map((id) => `${model.label(id)} ${text.menu.gained}`),
              ...found.hidden.map((id) => `${model.label(id)} ${text.menu.lost}`),
            ].join(", ")}
          </p>
        )}
        <div class="pair">
          <Button onClick={() => go({ saved: state.people })} disabled={isSaved}>
            {text.menu.save}
          </Button>
          <Button kind="quiet" onClick={revert} disabled={isSaved}>
            {text.menu.revert}
          </Button>
        </div>
      </div>
    </>
  );
}

function Tree({ items, found }: { items: readonly MenuItem[]; found: MenuDiff }) {
  const { state, go } = useApp();
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [at, setAt] = useState<string>();
  const tree = useRef<HTMLUListElement>(null);
  const rows = lines(items, state.exact, closed);
  const current = rows.find(({ item }) => item.id === (at ?? state.item)) ?? rows[0];

  useEffect(() => {
    const list = tree.current;
    const row = list?.querySelector<HTMLElement>(`[data-item="${CSS.escape(state.item ?? "")}"]`);
    if (list && row && list.scrollHeight > list.clientHeight)
      list.scrollTop = Math.max(list.scrollTop, row.offsetTop - list.offsetTop - list.clientHeight + 120);
  }, [state.item]);

  const focus = (id: string | undefined) => {
    if (id === undefined) return;
    setAt(id);
    tree.current?.querySelector<HTMLElement>(`[data-item="${CSS.escape(id)}"]`)?.focus();
  };
  const ask = (id: string) => go({ item: id, op: "", pane: "why" });
  const fold = (id: string, close: boolean) =>
    setClosed(new Set(close ? [...closed, id] : [...closed].filter((it) => it !== id)));
  const onKeyDown = (event: KeyboardEvent) => {
    const index = current ? rows.indexOf(current) : -1;
    const { item, parent } = current ?? {};
    const isParent = item !== undefined && item.children.length > 0;
    const moves: { [key: string]: () => void } = {
      ArrowDown: () => focus(rows[index + 1]?.item.id),
      ArrowUp: () => focus(rows[index - 1]?.item.id),
      Home: () => focus(rows[0]?.item.id),
      End: () => focus(rows.at(-1)?.item.id),
      ArrowRight: () =>
        item && (closed.has(item.id) ? fold(item.id, false) : isParent && focus(rows[index + 1]?.item.id)),
      ArrowLeft: () => item && (isParent && !closed.has(item.id) ? fold(item.id, true) : focus(parent)),
      Enter: () => item && ask(item.id),
      " ": () => item && ask(item.id),
      w: () => item && ask(item.id),
    };
    const move = moves[event.key];
    if (!move || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    move();
  };

  return (
    // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the ARIA tree pattern on a list, with its keyboard handling
    <ul class="tree" role="tree" aria-label={text.menu.tree} ref={tree} onKeyDown={onKeyDown}>
      {rows.map(({ item, level }) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles Enter and Space for its items
        <li
          key={item.id}
          role="treeitem"
          aria-level={level}
          aria-expanded={item.children.length > 0 ? !closed.has(item.id) : undefined}
          aria-selected={item.id === state.item}
          tabIndex={item.id === current?.item.id ? 0 : -1}
          class={`item ${item.state} ${found.shown.includes(item.id) ? "gained" : found.hidden.includes(item.id) ? "lost" : ""}`}
          style={{ "--level": level }}
          data-item={item.id}
          data-row
          onFocus={() => setAt(item.id)}
          onClick={() => ask(item.id)}
        >
          <Glyph mark={item.state} />
          <span class="item-words">
            <span class="item-label">{item.label}</span>
            <Verbs item={item} found={found} />
            {found.shown.includes(item.id) && <Badge tone="gain">{text.menu.gained}</Badge>}
            {found.hidden.includes(item.id) && <Badge tone="loss">{text.menu.lost}</Badge>}
          </span>
          <span class="item-state">
            {item.state === "shown" ? (
              <span class="unseen">{text.menu.states.shown}</span>
            ) : (
              text.menu.states[item.state]
            )}
          </span>
          <span class="item-why" aria-hidden="true">
            {text.menu.why}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The verbs available at an item, with gained and lost verbs marked. */
function Verbs({ item, found }: { item: MenuItem; found: MenuDiff }) {
  const { model } = useApp();
  const placed = model.items.get(item.id)?.operations ?? [];
  const verbs = (ids: ReadonlySet<string>) =>
    new Set(placed.filter(({ id }) => ids.has(id)).flatMap((operation) => operation.verbs));
  const [came, went] = [verbs(found.gained), verbs(found.lost)];
  const gone = [...went].filter((verb) => !item.verbs.includes(verb));
  const stayed = new Set(
    placed
      .filter(({ id }) => item.operations.includes(id) && !found.gained.has(id))
      .flatMap((operation) => operation.verbs),
  );
  return (
    <span class="verbs">
      {item.verbs.map((verb) => {
        const isNew = came.has(verb) && !stayed.has(verb);
        return (
          <span key={verb} class={`verb ${isNew ? "gain" : ""}`}>
            {isNew && <span aria-hidden="true">+</span>}
            {model.label(verb)}
            {isNew && <span class="unseen">, {text.menu.gained}</span>}
          </span>
        );
      })}
      {gone.map((verb) => (
        <span key={verb} class="verb loss">
          <span aria-hidden="true">−</span>
          <s>{model.label(verb)}</s>
          <span class="unseen">, {text.menu.lost}</span>
        </span>
      ))}
    </span>
  );
}
