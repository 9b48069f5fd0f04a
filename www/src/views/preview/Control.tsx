// Input controls by kind of privilege and fact. For facts, "unknown" is an explicit option.
import type { FactValue, GrantValue } from "privet";
import { Segmented, Select, Switch } from "../../parts/ui.js";
import type { FactInfo, PrivilegeInfo } from "../../state/model.js";
import { text } from "../../text.js";

const NONE = "";
/** Maximum total length of the labels, in characters; longer lists use a select. */
const SEGMENTS = 34;

interface GrantProps {
  readonly privilege: PrivilegeInfo;
  /** The granted value, from the person's own grants or from a role. */
  readonly value: GrantValue | undefined;
  /** Whether the value comes from a role and cannot be revoked here. */
  readonly locked: boolean;
  readonly onChange: (value: GrantValue | null) => void;
}

export function GrantControl({ privilege, value, locked, onChange }: GrantProps) {
  const { label, kind } = privilege;
  if (kind === "flag")
    return (
      <Switch
        label={label}
        on={value === true}
        disabled={locked && value === true}
        onChange={(on) => onChange(on ? true : null)}
      />
    );
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
  if (kind === "set") {
    const held = Array.isArray(value) ? (value as readonly string[]) : [];
    const toggled = (id: string) =>
      (privilege.options ?? []).map((option) => option.id).filter((it) => (it === id) !== held.includes(it));
    return (
      <fieldset class="checks">
        <legend class="unseen">{label}</legend>
        {privilege.options?.map((option) => (
          <label key={option.id}>
            <input
              type="checkbox"
              checked={held.includes(option.id)}
              onChange={() => onChange(toggled(option.id).length > 0 ? toggled(option.id) : null)}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </fieldset>
    );
  }
  const options = [{ id: NONE, label: text.privileges.none }, ...(privilege.levels ?? privilege.options ?? [])];
  const isShort = kind === "level" && options.reduce((sum, option) => sum + option.label.length + 1, 0) <= SEGMENTS;
  const Choice = isShort ? Segmented : Select;
  return (
    <Choice
      label={label}
      options={options}
      value={typeof value === "string" ? value : NONE}
      onChange={(id) => onChange(id === NONE ? null : id)}
    />
  );
}

export function FactControl({
  fact,
  value,
  onChange,
}: {
  fact: FactInfo;
  value: FactValue | null | undefined;
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
    const options = [{ id: NONE, label: text.values.unknown }, ...(fact.levels ?? fact.options ?? [])];
    return (
      <Select
        label={label}
        options={options}
        value={typeof value === "string" ? value : NONE}
        onChange={(id) => onChange(id === NONE ? null : id)}
      />
    );
  }
  const options = [
    { id: "false", label: text.values.off },
    { id: NONE, label: text.values.unknown },
    { id: "true", label: text.values.on },
  ];
  return (
    <Segmented
      label={label}
      options={options}
      value={value === null || value === undefined ? NONE : String(value)}
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

function NumberControl({ label, value, min = 0, max, unit, empty = text.values.notSet, onChange }: NumberProps) {
  const take = (input: string) => onChange(input === "" ? null : Number(input));
  return (
    <span class="number">
      <input
        type="number"
        aria-label={label}
        min={min}
        max={max}
        step={1}
        placeholder={empty}
        value={value ?? ""}
        onChange={(event) => take(event.currentTarget.value)}
      />
      {unit && <span class="unit">{unit}</span>}
    </span>
  );
}
