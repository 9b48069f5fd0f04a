import { createContext } from "preact";
import type { ComponentChildren } from "preact";
import { useContext, useEffect, useMemo, useState } from "preact/hooks";
import { useApp } from "../state/app.js";
import { useImportedPeople } from "./importedPeople.js";
import { closeness, marked, matches, nearness } from "../state/find.js";
import { menuItems } from "../state/workspace.js";
import { isShared } from "../state/facts.js";
import { formatValue } from "../state/format.js";
import type { Ask } from "../state/types.js";
import { views } from "../state/types.js";
import { text } from "../text/index.js";
import { Icon } from "./Icon.js";
import { icons } from "./Side.js";
import { focusTitle } from "./titles.js";
import { itemOf } from "../state/model.js";
import { Combobox } from "./Combobox.js";
import { Modal, useOpening } from "./Dialog.js";

interface Palette {
  open(): void;
}
const Context = createContext<Palette>({ open: () => undefined });
export const usePalette = () => useContext(Context);

type Kind = keyof typeof text.search.kinds;
interface Entry {
  readonly kind: Kind;
  readonly id: string;
  readonly label: string;
  /** Other words that find it. */
  readonly words: string;
  readonly icon: string;
  readonly state: string;
  readonly ask: Ask;
  /** What choosing it does, where that is more than to ask. */
  readonly open?: () => void;
}
/** How many results of a kind are shown. */
const SHOWN = 6;

/** Everything that can be found, with what it says of the person in view. */
function entries({ model, content, session, person }: ReturnType<typeof useApp>): Entry[] {
  const state = new Map(menuItems(session).map((item) => [item.id, item.state]));
  const operations = model.allowable.map((operation): Entry => {
    const { id, label, menu, section } = operation;
    const item = itemOf(operation);
    return {
      kind: "operation",
      id,
      label,
      words: `${section} ${menu[0]?.map((step) => step.label).join(" ") ?? ""}`,
      icon: "clock",
      state: text.why.decision[session.decide(id).decision],
      ask: { view: "person", item, op: id, pane: "why" },
    };
  });
  const items = [...model.items.values()].map(
    ({ id, path }): Entry => ({
      kind: "item",
      id,
      label: path.join(" › "),
      words: "",
      icon: "list",
      state: text.menu.states[state.get(id) ?? "hidden"],
      ask: { view: "person", item: id, op: "", pane: "why" },
    }),
  );
  const privileges = model.described.privileges.flatMap(({ id, label, group, levels, options }): Entry[] => {
    const { granted } = session.holds(id);
    const entry = (name: string, words: string): Entry => ({
      kind: "privilege",
      id: name,
      label: name,
      words: `${group ?? ""} ${words}`,
      icon: "gear",
      state: granted === "undecided" ? text.values.unknown : formatValue(model, id, granted),
      ask: { view: "person", search: label, pane: "privileges" },
    });
    return [entry(label, ""), ...(levels ?? options ?? []).map((it) => entry(`${label}: ${it.label}`, ""))];
  });
  const roles = [
    ...model.described.roles,
    ...content.roles.filter(({ id }) => !model.roles.has(id)).map(({ id, name }) => ({ id, label: name })),
  ];
  return [
    ...operations,
    ...items,
    ...privileges,
    ...roles.map(
      ({ id, label }): Entry => ({
        kind: "role",
        id,
        label,
        words: text.views.roles,
        icon: "roles",
        state: "",
        ask: { view: "roles", role: id },
      }),
    ),
    ...content.people.map(
      ({ id, name }): Entry => ({
        kind: "person",
        id,
        label: name,
        words: "",
        icon: "person",
        state: id === person.id ? text.people.viewingAs : "",
        ask: { view: "person", who: id },
      }),
    ),
    ...model.described.facts.map((fact): Entry => {
      const { id, label, where, absent } = fact;
      const shared = isShared(fact);
      return {
        kind: "fact",
        id,
        label,
        words: where ?? "",
        icon: "sliders",
        state: formatValue(model, id, shared ? content.facts[id] : (person.subject.facts?.[id] ?? absent)),
        ask: shared ? { view: "installation", fact: id } : { view: "person", search: label, pane: "privileges" },
      };
    }),
    ...views.map(
      (view): Entry => ({
        kind: "view",
        id: view,
        label: text.views[view],
        words: text.search.viewWords[view],
        icon: icons[view],
        state: "",
        ask: { view },
      }),
    ),
  ];
}

export function PaletteProvider({ children }: { children: ComponentChildren }) {
  const { opening, open, close } = useOpening();
  const value = useMemo(() => ({ open }), []);
  return (
    <Context.Provider value={value}>
      {children}
      {opening > 0 && <Search key={opening} onClose={close} />}
    </Context.Provider>
  );
}

function Search({ onClose }: { onClose: () => void }) {
  const app = useApp();
  const [search, setSearch] = useState("");
  const [at, setAt] = useState(0);
  const all = useMemo(() => entries(app), [app.model, app.content, app.session]);
  const imported = useImportedPeople(app, search, SHOWN).map(
    ({ row, name, open }): Entry => ({
      kind: "person",
      id: `row ${row}`,
      label: name,
      words: "",
      icon: "person",
      state: text.search.imported,
      ask: {},
      open,
    }),
  );
  const exact =
    search.trim() === ""
      ? all.filter(({ kind }) => kind === "view" || kind === "person")
      : [...all, ...imported].filter(({ label, words }) => matches(`${label} ${words}`, search));
  const isNearest = exact.length === 0;
  const nearest = isNearest
    ? [...all]
        .map((entry) => ({ entry, near: nearness(`${entry.label} ${entry.words}`, search) }))
        .sort((a, b) => b.near - a.near)
        .slice(0, 3)
        .map(({ entry }) => entry)
    : [];
  const found = isNearest ? nearest : ranked(exact, search);
  const total = exact.length;
  useEffect(() => {
    if (search === "") return;
    const timer = setTimeout(() => app.say(text.live.results(total)), 400);
    return () => clearTimeout(timer);
  }, [search, total]);
  const choose = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    if (entry.open) entry.open();
    else app.ask(entry.ask);
    focusTitle(entry.ask.pane === "why" ? "answer" : "view");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    const moves: { [key: string]: () => void } = {
      ArrowDown: () => setAt(Math.min(found.length - 1, at + 1)),
      ArrowUp: () => setAt(Math.max(0, at - 1)),
      Enter: () => choose(found[at]),
    };
    if (!moves[event.key]) return;
    event.preventDefault();
    moves[event.key]?.();
  };
  return (
    <Modal label={text.search.title} kind="palette" onClose={onClose} onKeyDown={onKeyDown}>
      <Combobox
        list="palette-list"
        active={`palette-${at}`}
        label={text.search.title}
        placeholder={text.search.placeholder}
        value={search}
        onSearch={(search) => {
          setSearch(search);
          setAt(0);
        }}
      />
      {isNearest && <p class="s dim">{text.search.none(search)}</p>}
      <div role="listbox" id="palette-list" aria-label={text.search.title} class="pop-list">
        {found.map((entry, index) => (
          <>
            {(isNearest ? index === 0 : entry.kind !== found[index - 1]?.kind) && (
              <div class="group" role="presentation">
                {isNearest ? text.search.nearest : text.search.kinds[entry.kind]}
              </div>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field handles Enter */}
            <div
              key={`${entry.kind} ${entry.id}`}
              role="option"
              id={`palette-${index}`}
              tabIndex={-1}
              aria-selected={index === at}
              class={`opt ${index === at ? "on" : ""}`}
              data-found={entry.id}
              onPointerMove={() => setAt(index)}
              onClick={() => choose(entry)}
            >
              <Icon name={entry.icon} />
              <span class="grow">
                {marked(entry.label, search).map(([part, hit], at) => (hit ? <mark key={at}>{part}</mark> : part))}
              </span>
              <span class="count">{entry.state}</span>
            </div>
          </>
        ))}
      </div>
      <p class="xs mute">{text.search.hint}</p>
    </Modal>
  );
}

/** The best results of each kind; the kind with the best of all comes first. */
function ranked(exact: readonly Entry[], search: string): readonly Entry[] {
  const kinds = (Object.keys(text.search.kinds) as Kind[]).map((kind) => {
    const scored = exact
      .filter((entry) => entry.kind === kind)
      .map((entry) => ({ entry, score: search.trim() === "" ? 0 : closeness(entry.label, search) }))
      .sort((a, b) => b.score - a.score);
    return { best: scored[0]?.score ?? -1, entries: scored.slice(0, SHOWN).map(({ entry }) => entry) };
  });
  return kinds.sort((a, b) => b.best - a.best).flatMap(({ entries }) => entries);
}
