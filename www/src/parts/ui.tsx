// Small shared components.
import type { ButtonHTMLAttributes, ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { text } from "../text/index.js";
import { Icon } from "./Icon.js";

type Children = { readonly children?: ComponentChildren };
export interface Option<T extends string = string> {
  readonly id: T;
  readonly label: string;
}

export function Button({
  children,
  kind = "",
  icon,
  class: more = "",
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { kind?: string; icon?: string }) {
  return (
    <button type="button" class={`btn ${kind} ${more}`} {...rest}>
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  );
}

/** A button that looks like a link, or where it is plain like text. */
export function LinkButton({
  children,
  plain = false,
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { plain?: boolean }) {
  return (
    <button type="button" class={plain ? "link plain" : "link"} {...rest}>
      {children}
    </button>
  );
}

/** A radio group as one track of segments. */
export function Segmented<T extends string>({
  label,
  options,
  value,
  onChange,
  kind = "",
  classOf,
}: {
  label: string;
  options: readonly (Option<T> & { readonly disabled?: boolean })[];
  value: T;
  onChange: (value: T) => void;
  kind?: string;
  /** More classes of a segment. */
  classOf?: (id: T, index: number) => string;
}) {
  const name = useId();
  return (
    <div role="radiogroup" aria-label={label} class={`seg ${kind}`}>
      {options.map((option, index) => (
        <label key={option.id} class={`${option.id === value ? "on" : ""} ${classOf?.(option.id, index) ?? ""}`}>
          <input
            class="sr"
            type="radio"
            name={name}
            checked={option.id === value}
            disabled={option.disabled}
            onChange={() => onChange(option.id)}
          />
          {option.label}
        </label>
      ))}
    </div>
  );
}

export function Check({ label, on, onChange }: { label: string; on: boolean; onChange: (on: boolean) => void }) {
  return (
    <label class="check">
      <input class="sr" type="checkbox" checked={on} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span class={`box ${on ? "on" : ""}`}>{on && <Icon name="check" />}</span>
      <span>{label}</span>
    </label>
  );
}

/** A field that filters what a view lists. */
export function SearchField({
  label,
  value,
  onSearch,
  id,
}: {
  label: string;
  value: string;
  onSearch: (search: string) => void;
  id?: string;
}) {
  return (
    <label class="field">
      <Icon name="search" />
      <span class="sr">{label}</span>
      <input
        type="search"
        id={id}
        placeholder={label}
        value={value}
        onInput={(event) => onSearch(event.currentTarget.value)}
      />
    </label>
  );
}

export type Tone = "" | "gain" | "loss" | "warn" | "fact" | "line" | "dash" | "dim";

export function Tag({ children, tone = "", icon }: Children & { tone?: Tone; icon?: string }) {
  return (
    <span class={`tag ${tone}`}>
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </span>
  );
}

export function Mark({ tone, icon }: { tone: Tone; icon: string }) {
  return (
    <span class={`mark ${tone}`} aria-hidden="true">
      <Icon name={icon} kind={tone} />
    </span>
  );
}

const marks = { yes: ["gain", "check"], no: ["loss", "x"], unknown: ["fact", "ask"] } as const;
/** The mark of a verdict, with its word for screen readers. */
export function VerdictMark({ verdict }: { verdict: keyof typeof marks }) {
  const [tone, icon] = marks[verdict];
  return (
    <>
      <Mark tone={tone} icon={icon} />
      <span class="sr">{text.verdicts[verdict]}</span>
    </>
  );
}

export function Avatar({ name, me = false }: { name: string; me?: boolean }) {
  return (
    <i class={`avatar ${me ? "me" : ""}`} aria-hidden="true">
      {[...name][0]?.toUpperCase() ?? "?"}
    </i>
  );
}

const verdictIcons = { ok: "ok", no: "no", hm: "info" } as const;
/** A decision: its tone, one sentence, and a second line where something belongs to it. */
export function Verdict({
  tone,
  children,
  note,
}: Children & { tone: keyof typeof verdictIcons; note?: ComponentChildren }) {
  return (
    <div class={`verdict ${tone}`}>
      <Icon name={verdictIcons[tone]} />
      <p>{children}</p>
      {note && <p class="verdict-note">{note}</p>}
    </div>
  );
}

export function Empty({ title, children }: Children & { title: string }) {
  return (
    <div class="empty">
      <b>{title}</b>
      {children}
    </div>
  );
}

export function Loading({ error, retry }: { error?: string | undefined; retry?: () => void }) {
  return error === undefined ? (
    <div class="pad stack t" role="status" aria-label={text.loading}>
      <div class="skel" style={{ width: "60%" }} />
      <div class="skel" style={{ width: "85%" }} />
      <div class="skel" style={{ width: "40%" }} />
    </div>
  ) : (
    <div class="pad" role="alert">
      <Empty title={text.errors.load}>
        <p class="s dim">{error}</p>
        {retry && <Button onClick={retry}>{text.errors.again}</Button>}
      </Empty>
    </div>
  );
}
