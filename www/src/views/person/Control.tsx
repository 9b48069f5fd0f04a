// Input controls by kind of privilege and fact. For facts, "unknown" is a position of its own.
import type { FactValue, GrantValue } from "privet";
import { Choice } from "../../parts/Choice.js";
import { Icon } from "../../parts/Icon.js";
import { Segmented } from "../../parts/ui.js";
import type { FactInfo, PrivilegeInfo } from "../../state/model.js";
import { text } from "../../text/index.js";

const NONE = "";
/** Levels and the letters of their labels up to which they are segments; more are a select. */
const SEGMENTS = 10;
const LETTERS = 30;

interface GrantProps {
  readonly privilege: PrivilegeInfo;
  /** The granted value, from the person's own grants or from a role. */
  readonly value: GrantValue | undefined;
  /** The role that gives it, and so cannot be taken away here. */
  readonly lockedBy?: string | undefined;
  /** Whether it has no effect. */
  readonly idle?: boolean;
  /** What a screen reader adds to the state. */
  readonly hint?: string;
  /** The level or value that the question needs. */
  readonly needed?: string | undefined;
  readonly onChange: (value: GrantValue | null) => void;
}

export function GrantControl(props: GrantProps) {
  const { privilege, value, lockedBy, idle = false, hint = "", onChange } = props;
  const { label, kind } = privilege;
  if (kind === "flag") {
    const on = value === true;
    return (
      <button
        type="button"
        role="switch"
        class={`sw ${on ? (lockedBy ? "role" : idle ? "idle" : "on") : ""}`}
        aria-checked={on}
        aria-label={hint ? `${label}, ${hint}` : label}
        disabled={on && lockedBy !== undefined}
        title={lockedBy && text.grants.lockedBy(lockedBy)}
        onClick={() => onChange(on ? null : true)}
      />
    );
  }
  if (kind === "number")
    return (
      <NumberControl
        label={label}
        value={value as number | undefined}
        min={privilege.min}
        max={privilege.max}
        unit={privilege.unit}
        onChange={onChange}
      />
    );
  if (kind === "set") return <SetControl {...props} />;
  const options = [{ id: NONE, label: text.grants.none1 }, ...(privilege.levels ?? privilege.options ?? [])];
  const letters = options.reduce((sum, option) => sum + option.label.length, 0);
  const current = typeof value === "string" ? value : NONE;
  const choose = (id: string) => onChange(id === NONE ? null : id);
  if (kind === "choice" || options.length > SEGMENTS || letters > LETTERS)
    return <Choice label={label} kind="sm" items={options} value={current} onChange={choose} />;
  const rank = options.findIndex(({ id }) => id === current);
  const isShort = options.slice(1).every((option) => option.label.length <= 2);
  return (
    <Segmented
      label={label}
      kind={`level ${isShort ? "nums" : ""} ${lockedBy ? "locked" : ""}`}
      options={options.map((option, index) => ({
        ...option,
        label: index === 0 && isShort ? "–" : option.label,
        disabled: lockedBy !== undefined && index < rank,
      }))}
      value={current}
      classOf={(id, index) =>
        `${id === NONE && index === rank ? "off" : ""} ${index > 0 && index < rank ? "below" : ""} ${id === props.needed && index > rank ? "needed" : ""}`
      }
      onChange={choose}
    />
  );
}

function SetControl({ privilege, value, onChange }: GrantProps) {
  const held = Array.isArray(value) ? (value as readonly string[]) : [];
  const toggled = (id: string) =>
    (privilege.options ?? []).map((option) => option.id).filter((it) => (it === id) !== held.includes(it));
  return (
    <fieldset class="checks">
      <legend class="sr">{privilege.label}</legend>
      {privilege.options?.map((option) => (
        <label key={option.id} class={`tag ${held.includes(option.id) ? "gain" : "line"} pick`}>
          <input
            class="sr"
            type="checkbox"
            checked={held.includes(option.id)}
            onChange={() => onChange(toggled(option.id).length > 0 ? toggled(option.id) : null)}
          />
          {held.includes(option.id) && <Icon name="check" />}
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}

export function FactControl({
  fact,
  value,
  isKnown = false,
  onChange,
}: {
  fact: FactInfo;
  value: FactValue | null | undefined;
  /** Whether it is never unknown, since it has a value where nothing is said. */
  isKnown?: boolean;
  onChange: (value: FactValue | null) => void;
}) {
  const { label, kind } = fact;
  if (kind === "number")
    return (
      <NumberControl
        label={label}
        value={typeof value === "number" ? value : undefined}
        empty={text.values.unknown}
        onChange={onChange}
      />
    );
  if (kind === "choice" || kind === "level") {
    const unknown = isKnown ? [] : [{ id: NONE, label: text.switches.unknown }];
    const options = [...unknown, ...(fact.levels ?? fact.options ?? [])];
    return (
      <Choice
        label={label}
        kind="sm"
        items={options}
        value={typeof value === "string" ? value : NONE}
        onChange={(id) => onChange(id === NONE ? null : id)}
      />
    );
  }
  const options = [
    { id: "false", label: text.switches.off },
    ...(isKnown ? [] : [{ id: NONE, label: text.switches.unknown }]),
    { id: "true", label: text.switches.on },
  ];
  const current = value === null || value === undefined ? NONE : String(value);
  return (
    <Segmented
      label={label}
      kind="fact"
      options={options}
      value={current}
      classOf={(id) => (id !== current ? "" : id === "false" ? "off" : id === NONE ? "unk" : "")}
      onChange={(id) => onChange(id === NONE ? null : id === "true")}
    />
  );
}

interface NumberProps {
  readonly label: string;
  readonly value: number | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly unit?: string | undefined;
  readonly empty?: string;
  readonly onChange: (value: number | null) => void;
}

function NumberControl({ label, value, min = 0, max, unit, empty, onChange }: NumberProps) {
  const take = (input: string) => onChange(input === "" ? null : Number(input));
  return (
    <span class="number">
      <span class="field">
        <input
          type="number"
          aria-label={label}
          min={min}
          max={max}
          step={1}
          placeholder={empty ?? text.values.notSet}
          value={value ?? ""}
          onChange={(event) => take(event.currentTarget.value)}
        />
      </span>
      {unit && <span class="count">{unit}</span>}
    </span>
  );
}
