// Small shared components.
import type { ButtonHTMLAttributes, ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { text } from "../text.js";

type Children = { readonly children?: ComponentChildren };

export function Button({
  children,
  kind = "plain",
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { kind?: "plain" | "main" | "quiet" }) {
  return (
    <button type="button" class={`button ${kind}`} {...rest}>
      {children}
    </button>
  );
}

export function Switch({
  label,
  on,
  onChange,
  disabled = false,
}: {
  label: string;
  on: boolean;
  onChange: (on: boolean) => void;
  disabled?: boolean;
}) {
  return (
    <button
      type="button"
      role="switch"
      class="switch"
      aria-checked={on}
      aria-label={label}
      disabled={disabled}
      onClick={() => onChange(!on)}
    >
      <span class="knob" />
    </button>
  );
}

/** A radio group shown as segments. */
export function Segmented<T extends string>({
  label,
  options,
  value,
  onChange,
}: {
  label: string;
  options: readonly { id: T; label: string }[];
  value: T;
  onChange: (value: T) => void;
}) {
  const name = useId();
  return (
    <div role="radiogroup" aria-label={label} class="segmented">
      {options.map((option) => (
        <label key={option.id}>
          <input type="radio" name={name} checked={option.id === value} onChange={() => onChange(option.id)} />
          <span>{option.label}</span>
        </label>
      ))}
    </div>
  );
}

export function Select<T extends string>({
  label,
  value,
  options,
  onChange,
  visible = false,
}: {
  label: string;
  value: T;
  options: readonly { id: T; label: string }[];
  onChange: (value: T) => void;
  visible?: boolean;
}) {
  const id = useId();
  const select = (
    <select
      id={id}
      aria-label={visible ? undefined : label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value as T)}
    >
      {options.map((option) => (
        <option key={option.id} value={option.id} selected={option.id === value}>
          {option.label}
        </option>
      ))}
    </select>
  );
  return visible ? (
    <label class="field" for={id}>
      <span>{label}</span>
      {select}
    </label>
  ) : (
    select
  );
}

/** A select of people; the value is the row. */
export function PersonSelect({
  label,
  row,
  names,
  onChange,
  visible = true,
}: {
  label: string;
  row: number;
  names: readonly string[];
  onChange: (row: number) => void;
  visible?: boolean;
}) {
  const options = names.map((name, index) => ({ id: String(index), label: name }));
  return (
    <Select
      label={label}
      value={String(row)}
      options={options}
      onChange={(value) => onChange(Number(value))}
      visible={visible}
    />
  );
}

const glyphs = {
  shown: "●",
  hidden: "⌀",
  undecided: "◐",
  yes: "✓",
  no: "✕",
  unknown: "?",
  done: "✓",
  ready: "→",
  blocked: "✕",
} as const;
export type Mark = keyof typeof glyphs;

/** A table or picture that may be wider than the page. It is focusable, so that the keyboard can scroll it. */
export function Scrollable({ label, children }: Children & { label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard (axe: scrollable-region-focusable)
    <section class="wide-table" tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}

/** A decorative glyph; a word with the same meaning always follows it. */
export function Glyph({ mark }: { mark: Mark }) {
  return (
    <span class={`glyph ${mark}`} aria-hidden="true">
      {glyphs[mark]}
    </span>
  );
}

export function Badge({
  children,
  tone = "grey",
  title,
}: Children & { tone?: "grey" | "gain" | "loss" | "warn" | "fact"; title?: string }) {
  return (
    <span class={`badge ${tone}`} title={title}>
      {children}
    </span>
  );
}

export function Empty({ title, children }: Children & { title: string }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

export function Loading({ error }: { error?: string | undefined }) {
  return error === undefined ? (
    <p class="loading" role="status">
      {text.loading}
    </p>
  ) : (
    <p class="error" role="alert">
      {error}
    </p>
  );
}
