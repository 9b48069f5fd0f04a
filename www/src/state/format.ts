import type { Change, FactValue, GrantValue } from "privet";
import type { TestNode } from "privet/studio";
import { text } from "../text/index.js";
import { type Model, withoutEnd } from "./model.js";

/** Formats a value with the policy's labels. */
export function formatValue(model: Model, id: string, value: GrantValue | FactValue | null | undefined): string {
  if (value === null || value === undefined) return model.facts.has(id) ? text.values.unknown : text.values.none;
  const privilege = model.privileges.get(id);
  const options = [
    ...(privilege?.levels ?? []),
    ...(privilege?.options ?? []),
    ...(model.facts.get(id)?.options ?? []),
  ];
  const label = (one: unknown) => options.find((option) => option.id === one)?.label ?? String(one);
  if (Array.isArray(value)) return value.length > 0 ? value.map(label).join(", ") : text.values.none;
  if (typeof value === "boolean")
    return privilege ? (value ? text.values.granted : text.values.none) : value ? text.values.on : text.values.off;
  const unit = typeof value === "number" ? (privilege?.unit ?? "") : "";
  return `${label(value)}${unit && ` ${unit}`}`;
}

/** Formats a change, one line per assignment. */
export function formatChange(model: Model, change: Change): string[] {
  type Value = GrantValue | FactValue | null | undefined;
  const assign = ([id, value]: [string, Value | { readonly value: GrantValue; readonly until: number }]) =>
    text.assign(model.label(id), formatValue(model, id, withoutEnd<Value>(value)));
  const assigned = [...Object.entries(change.set ?? {}), ...Object.entries(change.facts ?? {})].map(assign);
  const amended = (change.roles?.amend ?? []).flatMap(({ index, set }) =>
    Object.entries(set).map((entry) => text.roles.amend(index + 1, assign(entry))),
  );
  const added = (change.roles?.add ?? []).map((role) => text.roles.add(model.label(role)));
  const removed = (change.roles?.remove ?? []).map((role) => text.roles.remove(model.label(role)));
  return [...assigned, ...amended, ...added, ...removed];
}

/** The words of comparisons. */
export const signs = (): { readonly [op: string]: string } => ({
  ">=": text.signs.least,
  "<=": text.signs.most,
  ">": text.signs.more,
  "<": text.signs.less,
  "=": text.signs.is,
  "!=": text.signs.not,
});

/** Formats the value that a test needs. */
export function formatNeeded(model: Model, { id = "", needed = "" }: TestNode): string {
  const [, op = "", value = ""] = /^\S+\s*(>=|<=|!=|=|>|<)\s*(\S+)$/.exec(needed) ?? [];
  if (op) return `${signs()[op]} ${formatValue(model, id, model.label(value) === value ? value : model.label(value))}`;
  if (needed.endsWith(" is set")) return text.signs.set;
  const [, several] = /\sin\s*\((.*)\)$/.exec(needed) ?? [];
  if (several !== undefined)
    return several
      .split(",")
      .map((one) => formatValue(model, id, one.trim()))
      .join(text.signs.or);
  return model.facts.has(id) ? text.values.on : model.operations.has(id) ? text.values.allowed : text.values.granted;
}

/** Formats the value that the subject holds for a test. */
export function formatHeld(model: Model, { id = "", held, verdict }: TestNode): string {
  if (model.operations.has(id)) return text.verdicts[verdict];
  if (held === undefined) return model.facts.has(id) && verdict === "unknown" ? text.values.unknown : text.values.none;
  if (held === "true") return text.values.granted;
  if (model.facts.get(id)?.kind === "switch") return held === "on" ? text.values.on : text.values.off;
  if (held.startsWith("["))
    return held
      .slice(1, -1)
      .split(",")
      .map((one) => formatValue(model, id, one.trim()))
      .join(", ");
  return formatValue(model, id, held);
}
