// The two sides of a comparison, and its rows as data.
import type { GrantValue, Session } from "privet";
import type { App } from "../../state/app.js";
import { formatValue } from "../../state/format.js";
import { isShared } from "../../state/facts.js";
import type { Model } from "../../state/model.js";
import { roleSession, rolesIn } from "../../state/roles.js";
import type { Person } from "../../state/types.js";
import { atSavePoint, menuItems, roleNames, sessionOf } from "../../state/workspace.js";
import { text } from "../../text/index.js";

export interface Side {
  readonly id: string;
  readonly name: string;
  readonly session: Session;
  readonly person?: Person;
  readonly roles: readonly string[];
}

export interface Row {
  readonly key: string;
  readonly group: string;
  readonly label: string;
  readonly left: string;
  readonly right: string;
  readonly differs: boolean;
  /** Whether the right side has more (1), less (-1), or neither. */
  readonly more: number;
  /** Whether the right side has nothing. */
  readonly missing: boolean;
}

type Place = Pick<App, "model" | "content">;

export function sidesOf(
  { model, content }: Place,
  mode: "people" | "roles" | "time",
  left: string,
  right: string,
): { left: Side; right: Side } | undefined {
  if (mode === "roles") {
    const side = (id: string): Side | undefined => {
      const role = rolesIn(model, content).find((it) => it.id === id);
      return role && { id, name: role.name, session: roleSession(model, content, role), roles: [role.name] };
    };
    const [one, other] = [side(left), side(right)];
    return one && other && { left: one, right: other };
  }
  const side = (person: Person, name = person.name): Side => ({
    id: person.id,
    name,
    session: sessionOf(model, content, person),
    person,
    roles: roleNames(model, content, person),
  });
  const person = (id: string) => content.people.find((it) => it.id === id) ?? (content.people[0] as Person);
  if (mode === "time")
    return {
      left: side(atSavePoint(person(left)), text.compare.before(person(left).name)),
      right: side(person(left), text.compare.after(person(left).name)),
    };
  return { left: side(person(left)), right: side(person(right)) };
}

const row = (key: string, group: string, label: string, a: string, b: string, more: number, missing = false): Row => ({
  key,
  group,
  label,
  left: a,
  right: b,
  differs: a !== b,
  more,
  missing,
});

type Item = ReturnType<typeof menuItems>[number];

/** The items of two menus, which may be of two versions of a policy: those of the first, then those that the second adds. */
export function menuRows(before: Model, was: Session, after: Model, is: Session): Row[] {
  const [old, now] = [was, is].map((session) => new Map(menuItems(session).map((item) => [item.id as string, item])));
  const say = (model: Model, item: Item | undefined) =>
    item === undefined || item.state === "hidden"
      ? "–"
      : [text.menu.states[item.state], ...item.verbs.map((verb) => model.label(verb).toLowerCase())].join(" · ");
  const count = (item: Item | undefined) => (item?.state === "shown" ? 1 + item.verbs.length : 0);
  return [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])].map((id) => {
    const [one, other] = [old?.get(id), now?.get(id)];
    const path = (after.items.get(id) ?? before.items.get(id))?.path ?? [];
    return row(
      id,
      "",
      path.join(" › "),
      say(before, one),
      say(after, other),
      Math.sign(count(other) - count(one)),
      other === undefined || other.state === "hidden",
    );
  });
}

export function rowsOf(
  { model, content }: Place,
  { left, right }: { left: Side; right: Side },
  what: "holds" | "opens" | "menu",
): Row[] {
  if (what === "opens") {
    const words = { allowed: text.compare.can, denied: "–", undecided: text.compare.unknown };
    const rank = { denied: 0, undecided: 1, allowed: 2 };
    return model.allowable.map(({ id, label, section, obligations }) => {
      const say = (side: Side) => {
        const { decision, obligations: owed } = side.session.decide(id);
        return [words[decision], ...owed.map((it) => obligations.find((one) => one.id === it)?.label ?? it)].join(
          " · ",
        );
      };
      const [a, b] = [left.session.decide(id).decision, right.session.decide(id).decision];
      return row(id, section, label, say(left), say(right), Math.sign(rank[b] - rank[a]), b === "denied");
    });
  }
  if (what === "menu") return menuRows(model, left.session, model, right.session);
  const roles = left.person
    ? rolesIn(model, content).map(({ id, name }) =>
        row(
          `role ${id}`,
          text.roles.title,
          name,
          left.roles.includes(name) ? text.values.granted : "–",
          right.roles.includes(name) ? text.values.granted : "–",
          Number(right.roles.includes(name)) - Number(left.roles.includes(name)),
          !right.roles.includes(name),
        ),
      )
    : [];
  const facts = left.person
    ? model.described.facts
        .filter((fact) => !isShared(fact))
        .map(({ id, label, absent }) =>
          row(
            id,
            text.compare.facts,
            label,
            formatValue(model, id, left.person?.subject.facts?.[id] ?? absent),
            formatValue(model, id, right.person?.subject.facts?.[id] ?? absent),
            0,
          ),
        )
    : [];
  const privileges = model.described.privileges.map(({ id, label, group, levels, kind }) => {
    const held = (side: Side) => side.session.holds(id);
    const say = (side: Side) => {
      const { granted, effective } = held(side);
      if (granted === undefined) return "–";
      if (granted === "undecided") return text.grants.undecided;
      return `${formatValue(model, id, granted)}${effective === undefined ? ` · ${text.grants.noEffect}` : ""}`;
    };
    const rank = (value: GrantValue | undefined | "undecided") =>
      value === undefined
        ? -1
        : kind === "level"
          ? (levels ?? []).findIndex((level) => level.id === value)
          : Array.isArray(value)
            ? value.length
            : typeof value === "number"
              ? value
              : 0;
    const [a, b] = [held(left).granted, held(right).granted];
    return row(id, group ?? "", label, say(left), say(right), Math.sign(rank(b) - rank(a)), b === undefined);
  });
  return [...roles, ...facts, ...privileges];
}
