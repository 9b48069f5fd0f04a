import type { MenuItem } from "privet";
import { Icon } from "../../parts/Icon.js";
import { Drawn } from "../../parts/Drawn.js";
import { LinkButton, Tag } from "../../parts/ui.js";
import type { Model } from "../../state/model.js";
import type { Effect } from "../../state/workspace.js";
import { text } from "../../text/index.js";

/** What a change did, or would do, to the menu and its operations. */
export type Marks = Omit<Effect, "person">;

/** A line of the tree: an item, or a run of items that is folded. */
export interface Line {
  readonly item: MenuItem;
  readonly level: number;
  readonly parent: string | undefined;
  /** A run of shown items that is folded behind this line. */
  readonly run?: readonly MenuItem[];
}

interface Verb {
  readonly label: string;
  readonly mark: "gain" | "loss" | "";
}

/** What a line shows, as plain data. */
export interface ShownLine {
  readonly id: string;
  readonly label: string;
  readonly level: number;
  readonly state: MenuItem["state"];
  readonly isCurrent: boolean;
  readonly isChosen: boolean;
  /** Of an item with others below it: whether they are open, and how many are shown of how many. */
  readonly below: { readonly isOpen: boolean; readonly shown: number; readonly all: number } | undefined;
  readonly verbs: readonly Verb[];
  readonly tag: "appears" | "goes" | "gained" | "lost" | undefined;
  /** Words for a folded run. */
  readonly fold: string | undefined;
}

/** What a line shows with the marks of a change; `appears` are the items that the smallest change would show. */
export function shownLine(
  model: Model,
  { item, level, run }: Line,
  of: {
    readonly current: Line | undefined;
    readonly chosen: string;
    readonly isOpen: (item: MenuItem) => boolean;
    readonly marks: Marks;
    readonly appears: ReadonlySet<string>;
    readonly isPreview: boolean;
  },
): ShownLine {
  const { marks, isPreview } = of;
  const all = below(item);
  const came = marks.shown.includes(item.id);
  const went = marks.hidden.includes(item.id);
  return {
    id: item.id,
    label: item.label,
    level,
    state: item.state,
    isCurrent: of.current?.item === item,
    isChosen: item.id === of.chosen && !run,
    below: run || all.length === 0 ? undefined : { isOpen: of.isOpen(item), shown: shownOf(all), all: all.length },
    verbs: run ? [] : verbsOf(model, item, marks),
    tag:
      of.appears.has(item.id) || (isPreview && came)
        ? "appears"
        : isPreview && went
          ? "goes"
          : came
            ? "gained"
            : went
              ? "lost"
              : undefined,
    fold: run && text.menu.fold(item.label, run.at(-1)?.label ?? "", run.length),
  };
}

const below = (item: MenuItem): MenuItem[] => item.children.flatMap((child) => [child, ...below(child)]);
const shownOf = (items: readonly MenuItem[]) => items.filter(({ state }) => state === "shown").length;

/** The verbs available at an item, with gained and lost verbs marked. */
function verbsOf(model: Model, item: MenuItem, marks: Marks): Verb[] {
  const placed = model.items.get(item.id)?.operations ?? [];
  const verbs = (ids: readonly string[]) =>
    new Set(placed.filter(({ id }) => ids.includes(id)).flatMap((operation) => operation.verbs));
  const [came, went] = [verbs(marks.gained), verbs(marks.lost)];
  const stayed = verbs(item.operations.filter((id) => !marks.gained.includes(id)));
  const label = (verb: string) => model.label(verb).toLowerCase();
  return [
    ...item.verbs.map(
      (verb): Verb => ({ label: label(verb), mark: came.has(verb) && !stayed.has(verb) ? "gain" : "" }),
    ),
    ...[...went]
      .filter((verb) => !item.verbs.includes(verb))
      .map((verb): Verb => ({ label: label(verb), mark: "loss" })),
  ];
}

/** A line of the tree, which handles its events. */
export const MenuRow = ({ line }: { line: ShownLine }) => <Drawn data={line} draw={Row} />;

function Row({ id, label, level, state, isCurrent, isChosen, below, verbs, tag, fold }: ShownLine) {
  const tab = isCurrent ? 0 : -1;
  const style = { "--level": level };
  if (fold !== undefined)
    return (
      <li
        class="tr fold"
        role="treeitem"
        aria-level={level}
        aria-selected={false}
        tabIndex={tab}
        style={style}
        data-item={id}
        data-row
      >
        <Icon name="dots" />
        <LinkButton tabIndex={-1}>{fold}</LinkButton>
      </li>
    );
  return (
    <li
      role="treeitem"
      aria-level={level}
      tabIndex={tab}
      style={style}
      aria-expanded={below?.isOpen}
      aria-selected={isChosen}
      class={`tr ${level === 1 ? "top1" : ""} ${state === "shown" ? "" : "hid"} ${isChosen ? "sel" : ""}`}
      data-item={id}
      data-state={state}
      data-row
    >
      <span class="tw" aria-hidden="true" data-twisty={below && ""}>
        {below && <Icon name={below.isOpen ? "down" : "right"} />}
      </span>
      {state === "shown" ? (
        <i class="st" aria-hidden="true" />
      ) : (
        <Icon name={state === "hidden" ? "hidden" : "ask"} kind="st" />
      )}
      <span class="nm">{label}</span>
      <Verbs verbs={verbs} />
      <span class="end">
        {tag && (
          <Tag
            tone={tag === "appears" || tag === "gained" ? "gain" : "loss"}
            icon={tag === "appears" || tag === "gained" ? "plus" : "minus"}
          >
            {text.menu[tag]}
          </Tag>
        )}
        {below ? (
          <span class="count">{text.menu.of(below.shown, below.all)}</span>
        ) : (
          <span class={state === "shown" ? "sr" : "state"}>{text.menu.states[state]}</span>
        )}
      </span>
    </li>
  );
}

const Verbs = ({ verbs }: { verbs: readonly Verb[] }) =>
  verbs.length === 0 ? null : (
    <span class="verbs">
      {verbs.map(({ label, mark }, index) => (
        <span key={label} class={mark}>
          {index > 0 && ", "}
          {mark !== "" && <span aria-hidden="true">{mark === "gain" ? "+" : "−"}</span>}
          {label}
          {mark !== "" && <span class="sr">, {mark === "gain" ? text.menu.gained : text.menu.lost}</span>}
        </span>
      ))}
    </span>
  );
