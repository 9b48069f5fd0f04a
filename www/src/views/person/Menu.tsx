import type { MenuItem } from "privet";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Icon } from "../../parts/Icon.js";
import { Pane } from "../../parts/Panes.js";
import { Button, LinkButton, Segmented, Tag } from "../../parts/ui.js";
import { useApp, useLate } from "../../state/app.js";
import type { Model } from "../../state/model.js";
import { atSavePoint, difference, menuItems, sessionOf } from "../../state/workspace.js";
import type { Effect } from "../../state/workspace.js";
import { text } from "../../text/index.js";
import { useAsked } from "./asked.js";
import { useFixes } from "./answers.js";
import { useMenuNews } from "./Privileges.js";

type Marks = Omit<Effect, "person">;
interface Line {
  readonly item: MenuItem;
  readonly level: number;
  readonly parent: string | undefined;
  /** A run of shown items that is folded behind this line. */
  readonly run?: readonly MenuItem[];
}

/** Menus of up to this many items are open at first. */
const SMALL = 24;
/** The least items of a run that is folded. */
const RUN = 6;

/** The person's menu, with what a change adds and removes while one is previewed. */
export function Menu() {
  const { question, session, before, peeked, person, ask, model, content, commit, peek, say } = useApp();
  const now = useMemo(
    () =>
      peeked
        ? sessionOf(model, peeked.content, peeked.content.people.find(({ id }) => id === person.id) ?? person)
        : session,
    [session, peeked, person],
  );
  const { fixes } = useFixes(useLate(session, model));
  const first = fixes?.fixes[0];
  const next = useMemo(
    () => (first && !peeked ? new Set<string>(first.sideEffects.menu.shown) : new Set<string>()),
    [first, peeked],
  );
  const marks = useMemo(() => difference(peeked ? session : before, now), [session, before, now, peeked]);
  useMenuNews();
  const all = menuItems(session);
  const shown = all.filter((item) => item.state === "shown").length;
  const isEmpty = question.exact && menuItems(now).every(({ state }) => state !== "shown");
  const apply = () => {
    if (peeked && commit(peeked.content, peeked.title)) say(text.why.applied(person.name, marks.shown.length));
  };
  return (
    <Pane
      place={2}
      label={text.panes.menu}
      id="pane-menu"
      head={
        <>
          <div class="rowhead">
            <h2>{text.menu.title(person.name)}</h2>
            <span class="count">{text.menu.count(shown, all.length)}</span>
          </div>
          <div class="flex">
            <Segmented
              label={text.menu.tree}
              options={[
                { id: "all", label: text.menu.all },
                { id: "exact", label: text.menu.exact(person.pronoun) },
              ]}
              value={question.exact ? "exact" : "all"}
              onChange={(mode) => ask({ exact: mode === "exact" })}
            />
            <span class="grow" />
            {next.size > 0 && (
              <span class="s gain flex">
                <Icon name="plus" /> {text.menu.with(next.size)}
              </span>
            )}
          </div>
          {peeked && (
            <div class="flex previewing" data-previewing>
              <Icon name="eye" />
              <span class="grow">{text.menu.previewing(peeked.title)}</span>
              <Button kind="sm primary" onClick={apply}>
                {text.menu.apply}
              </Button>
              <Button kind="sm" onClick={() => peek(undefined)}>
                {text.menu.stop}
              </Button>
            </div>
          )}
        </>
      }
      foot={<SavePoint marks={marks} />}
    >
      {isEmpty ? (
        <p class="pad dim">{text.menu.empty(person.name)}</p>
      ) : (
        <Tree
          key={`${content === undefined} ${person.id}`}
          items={now.menu()}
          marks={marks}
          next={next}
          isPreview={peeked !== undefined}
        />
      )}
    </Pane>
  );
}

/** What has changed for this person since their save point; it does not cover the installation. */
function SavePoint({ marks }: { marks: Marks }) {
  const { person, content, commit, peeked } = useApp();
  const isSame = atSavePoint(person) === person;
  const change = (patch: Partial<typeof person>, did: string) =>
    commit({ ...content, people: content.people.map((it) => (it === person ? { ...it, ...patch } : it)) }, did);
  const save = () => {
    const name = text.savePoint.name(Date.now());
    change({ saved: { subject: person.subject, roles: person.roles, name } }, text.savePoint.did(person.name));
  };
  const back = () =>
    change({ subject: person.saved.subject, roles: person.saved.roles }, text.savePoint.returned(person.name));
  const [words, point] = isSame
    ? text.savePoint.none(person.name, person.saved.name)
    : text.savePoint.some(marks.gained.length + marks.lost.length, person.saved.name);
  return (
    <>
      <span class="s dim grow" data-since title={text.savePoint.help(person.name)}>
        {peeked ? (
          text.menu.previewing(peeked.title)
        ) : (
          <>
            {words} <b>{point}</b>
          </>
        )}
      </span>
      {!isSame && (
        <Button kind="sm quiet" onClick={back}>
          {text.savePoint.return}
        </Button>
      )}
      <Button kind="sm" icon="flag" disabled={isSame} onClick={save}>
        {text.savePoint.set}
      </Button>
    </>
  );
}

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

function Tree({
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
  const item = question.item || asked.operation?.menu[0]?.at(-1)?.id || "";
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
    requestAnimationFrame(() => document.getElementById("why-title")?.focus());
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

  return (
    // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the ARIA tree pattern on a list, with its keyboard handling
    <ul class="tree" role="tree" aria-label={text.menu.tree} ref={tree} onKeyDown={onKeyDown}>
      {rows.map((line) => (
        <Row
          key={line.run ? `run ${line.item.id}` : line.item.id}
          line={line}
          isCurrent={line === current}
          isChosen={line.item.id === item && !line.run}
          isOpen={isOpen(line.item)}
          marks={marks}
          appears={next.has(line.item.id)}
          isPreview={isPreview}
          onFocus={() => setAt(line.item.id)}
          onChoose={() => choose(line)}
          onFold={() => fold(line.item.id, !isOpen(line.item))}
        />
      ))}
    </ul>
  );
}

const parentsOf = (model: Model, id: string): string[] => {
  const parent = model.items.get(id)?.parent;
  return parent === undefined ? [] : [parent, ...parentsOf(model, parent)];
};

interface RowProps {
  readonly line: Line;
  readonly isCurrent: boolean;
  readonly isChosen: boolean;
  readonly isOpen: boolean;
  readonly marks: Marks;
  /** Whether the smallest change would show it. */
  readonly appears: boolean;
  readonly isPreview: boolean;
  readonly onFocus: () => void;
  readonly onChoose: () => void;
  readonly onFold: () => void;
}

function Row({ line, isCurrent, isChosen, isOpen, marks, appears, isPreview, onFocus, onChoose, onFold }: RowProps) {
  const { item, level, run } = line;
  const isParent = item.children.length > 0;
  const all = isParent ? below(item) : [];
  const came = marks.shown.includes(item.id);
  const went = marks.hidden.includes(item.id);
  if (run)
    return (
      // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles Enter and Space for its items
      <li
        class="tr fold"
        role="treeitem"
        aria-level={level}
        aria-selected={false}
        tabIndex={isCurrent ? 0 : -1}
        style={{ "--level": level }}
        data-item={item.id}
        data-row
        onFocus={onFocus}
        onClick={onChoose}
      >
        <Icon name="dots" />
        <LinkButton tabIndex={-1}>{text.menu.fold(item.label, run.at(-1)?.label ?? "", run.length)}</LinkButton>
      </li>
    );
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles Enter and Space for its items
    <li
      role="treeitem"
      aria-level={level}
      aria-expanded={isParent ? isOpen : undefined}
      aria-selected={isChosen}
      tabIndex={isCurrent ? 0 : -1}
      class={`tr ${level === 1 ? "top1" : ""} ${item.state === "shown" ? "" : "hid"} ${isChosen ? "sel" : ""}`}
      style={{ "--level": level }}
      data-item={item.id}
      data-state={item.state}
      data-row
      onFocus={onFocus}
      onClick={onChoose}
    >
      {isParent ? (
        <span
          class="tw"
          aria-hidden="true"
          onClick={(event) => {
            event.stopPropagation();
            onFold();
          }}
        >
          <Icon name={isOpen ? "down" : "right"} />
        </span>
      ) : (
        <span class="tw" />
      )}
      {item.state === "shown" ? (
        <i class="st" aria-hidden="true" />
      ) : (
        <Icon name={item.state === "hidden" ? "hidden" : "ask"} kind="st" />
      )}
      <span class="nm">{item.label}</span>
      <Verbs item={item} marks={marks} />
      <span class="end">
        {(appears || (isPreview && came)) && (
          <Tag tone="gain" icon="plus">
            {text.menu.appears}
          </Tag>
        )}
        {isPreview && went && (
          <Tag tone="loss" icon="minus">
            {text.menu.goes}
          </Tag>
        )}
        {!isPreview && came && (
          <Tag tone="gain" icon="plus">
            {text.menu.gained}
          </Tag>
        )}
        {!isPreview && went && (
          <Tag tone="loss" icon="minus">
            {text.menu.lost}
          </Tag>
        )}
        {isParent ? (
          <span class="count">{text.menu.of(all.filter(({ state }) => state === "shown").length, all.length)}</span>
        ) : (
          <span class={item.state === "shown" ? "sr" : "state"}>{text.menu.states[item.state]}</span>
        )}
      </span>
    </li>
  );
}

const below = (item: MenuItem): MenuItem[] => item.children.flatMap((child) => [child, ...below(child)]);

/** The verbs available at an item, with gained and lost verbs marked. */
function Verbs({ item, marks }: { item: MenuItem; marks: Marks }) {
  const { model } = useApp();
  const placed = model.items.get(item.id)?.operations ?? [];
  const verbs = (ids: readonly string[]) =>
    new Set(placed.filter(({ id }) => ids.includes(id)).flatMap((operation) => operation.verbs));
  const [came, went] = [verbs(marks.gained), verbs(marks.lost)];
  const stayed = new Set(
    placed.filter(({ id }) => item.operations.includes(id) && !marks.gained.includes(id)).flatMap(({ verbs }) => verbs),
  );
  const gone = [...went].filter((verb) => !item.verbs.includes(verb));
  const all = [
    ...item.verbs.map((verb) => ({ verb, mark: came.has(verb) && !stayed.has(verb) ? "gain" : "" })),
    ...gone.map((verb) => ({ verb, mark: "loss" })),
  ];
  if (all.length === 0) return null;
  return (
    <span class="verbs">
      {all.map(({ verb, mark }, index) => (
        <span key={verb} class={mark}>
          {index > 0 && ", "}
          {mark !== "" && <span aria-hidden="true">{mark === "gain" ? "+" : "−"}</span>}
          {model.label(verb).toLowerCase()}
          {mark !== "" && <span class="sr">, {mark === "gain" ? text.menu.gained : text.menu.lost}</span>}
        </span>
      ))}
    </span>
  );
}
