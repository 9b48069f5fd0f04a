import type { ComponentChildren } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { text } from "../text/index.js";
import { matches } from "../state/find.js";
import { Icon } from "./Icon.js";
import { Combobox } from "./Combobox.js";

export interface Item<T extends string = string> {
  readonly id: T;
  readonly label: string;
  /** A second line. */
  readonly hint?: string;
  readonly group?: string;
  readonly icon?: string;
  readonly count?: string;
}

/** From how many items the list has a search field, and how many are drawn at once. */
const SEARCHED = 9;
const DRAWN = 200;

/**
 * A select or combobox: a button with the value, and a list with groups and, if it is long, a search field. Arrows move, Enter
 * chooses, Escape closes; the focus returns to the button.
 */
export function Choice<T extends string>({
  label,
  value,
  items,
  onChange,
  kind = "",
  visible = false,
  note,
  face,
  acts = [],
}: {
  label: string;
  value: T;
  items: readonly Item<T>[];
  onChange: (value: T) => void;
  kind?: string;
  /** Whether the label stands above the button. */
  visible?: boolean;
  /** A word after the visible label. */
  note?: string;
  /** What the button shows instead of the label of the value. */
  face?: ComponentChildren;
  /** Acts at the end of the list. */
  acts?: readonly { readonly label: string; readonly icon: string; readonly act: () => void }[];
}) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const [search, setSearch] = useState("");
  const [at, setAt] = useState(0);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const chosen = items.find((item) => item.id === value);
  const isLong = items.length >= SEARCHED;
  const found = (search === "" ? items : items.filter((item) => isFound(item, search))).slice(0, DRAWN);
  const rows = found.length + acts.length;

  const close = (focus: boolean) => {
    setOpen(false);
    setSearch("");
    if (focus) button.current?.focus();
  };
  const choose = (index: number) => {
    const item = found[index];
    close(true);
    if (item) onChange(item.id);
    else acts[index - found.length]?.act();
  };
  useLayoutEffect(() => {
    if (!isOpen) return;
    const outside = (event: Event) => {
      if (!list.current?.contains(event.target as Node) && !button.current?.contains(event.target as Node))
        close(false);
    };
    addEventListener("pointerdown", outside);
    return () => removeEventListener("pointerdown", outside);
  }, [isOpen]);
  useLayoutEffect(() => {
    const pop = list.current;
    const edge = button.current?.getBoundingClientRect();
    if (!isOpen || !pop || !edge) return;
    const width = Math.min(Math.max(edge.width, 260), innerWidth - 16);
    const below = innerHeight - edge.bottom > 280 || edge.top < 280;
    pop.style.cssText = `width:${width}px; left:${Math.max(8, Math.min(edge.left, innerWidth - width - 8))}px; ${below ? `top:${edge.bottom + 4}px; max-height:${innerHeight - edge.bottom - 12}px` : `bottom:${innerHeight - edge.top + 4}px; max-height:${edge.top - 12}px`}`;
    (pop.querySelector<HTMLElement>("input") ?? pop).focus();
    pop.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [isOpen]);
  useEffect(() => {
    if (isOpen) list.current?.querySelector(`[data-index="${at}"]`)?.scrollIntoView({ block: "nearest" });
  }, [at, isOpen]);

  const open = () => {
    setAt(
      Math.max(
        0,
        items.findIndex((item) => item.id === value),
      ),
    );
    setOpen(true);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: { [key: string]: () => void } = {
      ArrowDown: () => setAt(Math.min(rows - 1, at + 1)),
      ArrowUp: () => setAt(Math.max(0, at - 1)),
      Home: () => setAt(0),
      End: () => setAt(rows - 1),
      Enter: () => at >= 0 && choose(at),
      Escape: () => close(true),
      Tab: () => close(true),
    };
    const move = moves[event.key];
    if (!move) return;
    if (event.key !== "Tab") event.preventDefault();
    event.stopPropagation();
    move();
  };
  const element = (
    <>
      <button
        ref={button}
        type="button"
        id={id}
        class={`select ${kind}`}
        aria-haspopup="listbox"
        aria-expanded={isOpen}
        aria-labelledby={visible ? `${id}-label ${id}` : undefined}
        data-choice={label}
        onClick={() => (isOpen ? close(true) : open())}
        onKeyDown={(event) => {
          if (isOpen || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
          event.preventDefault();
          open();
        }}
      >
        {!visible && <span class="sr">{label}: </span>}
        {face ?? (
          <>
            {chosen?.icon && <Icon name={chosen.icon} />}
            <span>{chosen?.label ?? text.choose}</span>
          </>
        )}
        <Icon name="updown" />
      </button>
      {isOpen && (
        // biome-ignore lint/a11y/noStaticElementInteractions: the keys of the list work wherever the focus is in it
        <div class="pop" ref={list} tabIndex={-1} onKeyDown={onKeyDown}>
          {isLong && (
            <Combobox
              list={`${id}-list`}
              active={`${id}-${at}`}
              label={label}
              placeholder={text.shell.search}
              value={search}
              onSearch={(search) => {
                setSearch(search);
                // Enter after words that nothing matches does nothing, rather than the first of the acts
                setAt(items.some((item) => isFound(item, search)) ? 0 : -1);
              }}
            />
          )}
          <div
            class="pop-list"
            role="listbox"
            id={`${id}-list`}
            aria-label={label}
            tabIndex={isLong ? -1 : 0}
            aria-activedescendant={`${id}-${at}`}
          >
            {found.map((item, index) => (
              <Row
                key={item.id}
                item={item}
                caption={item.group !== undefined && item.group !== found[index - 1]?.group}
              >
                {/* biome-ignore lint/a11y/useKeyWithClickEvents: the list handles Enter */}
                <div
                  role="option"
                  id={`${id}-${index}`}
                  data-index={index}
                  data-value={item.id}
                  tabIndex={-1}
                  class={`opt ${index === at ? "on" : ""}`}
                  aria-selected={item.id === value}
                  onPointerMove={() => setAt(index)}
                  onClick={() => choose(index)}
                >
                  {item.icon && <Icon name={item.icon} />}
                  <span class="grow">
                    {item.label}
                    {item.hint && <small>{item.hint}</small>}
                  </span>
                  {item.count && <span class="count">{item.count}</span>}
                  {item.id === value && <Icon name="check" />}
                </div>
              </Row>
            ))}
            {found.length === 0 && <p class="opt mute">{text.search.none(search)}</p>}
          </div>
          {acts.length > 0 && <hr />}
          {acts.map((act, index) => (
            <button
              key={act.label}
              type="button"
              class={`opt ${found.length + index === at ? "on" : ""}`}
              data-index={found.length + index}
              onClick={() => choose(found.length + index)}
            >
              <Icon name={act.icon} /> {act.label}
            </button>
          ))}
        </div>
      )}
    </>
  );
  return visible ? (
    <div class="labelled">
      <span class="label" id={`${id}-label`}>
        {label}
        {note !== undefined && <span class="mute"> {note}</span>}
      </span>
      {element}
    </div>
  ) : (
    element
  );
}

const isFound = ({ label, hint = "", group = "" }: Item, search: string) =>
  matches(`${label} ${hint} ${group}`, search);

function Row({ item, caption, children }: { item: Item; caption: boolean; children: ComponentChildren }) {
  return (
    <>
      {caption && (
        <div class="group" role="presentation">
          {item.group}
        </div>
      )}
      {children}
    </>
  );
}
