import type { Change, FactValue, GrantValue, Session, Subject } from "privet";
import type { TestNode } from "privet/studio";
import { text } from "../text.js";
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

const signs: { readonly [op: string]: string } = {
  ">=": text.signs.least,
  "<=": text.signs.most,
  ">": text.signs.more,
  "<": text.signs.less,
  "=": text.signs.is,
  "!=": text.signs.not,
};

/** Formats the value that a test needs. */
export function formatNeeded(model: Model, { id = "", needed = "" }: TestNode): string {
  const [, op = "", value = ""] = /^\S+\s*(>=|<=|!=|=|>|<)\s*(\S+)$/.exec(needed) ?? [];
  if (op) return `${signs[op]} ${formatValue(model, id, model.label(value) === value ? value : model.label(value))}`;
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
  if (held.startsWith("["))
    return held
      .slice(1, -1)
      .split(",")
      .map((one) => formatValue(model, id, one.trim()))
      .join(", ");
  return formatValue(model, id, held);
}

/** The change that turns one subject into another. */
export function between(before: Subject, after: Subject): Change {
  const differs = <T>(
    a: { readonly [id: string]: T } = {},
    b: { readonly [id: string]: T } = {},
  ): { [id: string]: T | null } =>
    Object.fromEntries(
      [...new Set([...Object.keys(a), ...Object.keys(b)])]
        .filter((id) => JSON.stringify(a[id]) !== JSON.stringify(b[id]))
        .map((id) => [id, b[id] ?? null]),
    );
  const named = (subject: Subject) => (subject.roles ?? []).filter((role): role is string => typeof role === "string");
  const [was, is] = [named(before), named(after)];
  const add = is.filter((role) => !was.includes(role));
  const remove = was.filter((role) => !is.includes(role));
  return {
    set: differs(before.grants as { [id: string]: GrantValue }, after.grants as { [id: string]: GrantValue }),
    facts: differs(
      before.facts as { [id: string]: FactValue | null },
      after.facts as { [id: string]: FactValue | null },
    ),
    ...((add.length > 0 || remove.length > 0) && { roles: { add, remove } }),
  };
}

/** Differences in operations and menu items between two sessions. */
export interface MenuDiff {
  readonly gained: ReadonlySet<string>;
  readonly lost: ReadonlySet<string>;
  readonly shown: readonly string[];
  readonly hidden: readonly string[];
}

export function menuDiff(before: Session, after: Session): MenuDiff {
  const { gained, lost } = before.diff(after);
  const [was, is] = [shownItems(before), shownItems(after)];
  return {
    gained: new Set(gained),
    lost: new Set(lost),
    shown: is.filter((id) => !was.includes(id)),
    hidden: was.filter((id) => !is.includes(id)),
  };
}

type Item = ReturnType<Session["menu"]>[number];
const flat = (items: readonly Item[]): Item[] => items.flatMap((item) => [item, ...flat(item.children)]);

/** All menu items, parents first. */
export const menuItems = (session: Session): Item[] => flat(session.menu());
export const shownItems = (session: Session): string[] =>
  menuItems(session)
    .filter(({ state }) => state === "shown")
    .map(({ id }) => id);
