import type { MenuItem } from "privet";
import { Icon } from "../../parts/Icon.js";
import { LinkButton, Tag } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
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

export function MenuRow({
  line,
  isCurrent,
  isChosen,
  isOpen,
  marks,
  appears,
  isPreview,
  onFocus,
  onChoose,
  onFold,
}: RowProps) {
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
