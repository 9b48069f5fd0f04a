// Pure functions on a workspace: what a person holds in it, and what a change makes of it.
import type { Change, Grants, GrantValue, Session, Subject } from "privet";
import { assumedRoles } from "./assumed.js";
import { isShared } from "./facts.js";
import { type Model, roleName, withoutEnd } from "./model.js";
import { Latest } from "./memo.js";
import type { Content, Facts, Person, RoleDraft, SavePoint } from "./types.js";

type Role = NonNullable<Subject["roles"]>[number];
interface Resolved {
  readonly facts: Facts;
  readonly roles: readonly RoleDraft[];
  readonly subject: Subject;
}
/**
 * What people hold in the installation as it is, and as a change would leave it. The history keeps people who have changed, but not their
 * sessions: so this is bounded, by the people of the content.
 */
const resolved = new Latest<Person, readonly Resolved[]>();
/** The states of an installation that are remembered for a person. */
const STATES = 3;

/** The listed id of a role, if it is one. */
export const listedId = (role: Role): string | undefined =>
  typeof role === "string" ? role : "role" in role && typeof role.role === "string" ? role.role : undefined;

const inline = (role: RoleDraft): Role => ({ name: role.name, grants: role.grants }) as unknown as Role;

/** The roles of a subject in a workspace: redefined roles and roles that were made here are inline. */
function rolesOf(roles: readonly RoleDraft[], subject: Subject, made: readonly string[]): Role[] {
  const listed = (subject.roles ?? []).map((role) => {
    const found = roles.find(({ id }) => id === listedId(role));
    return found ? inline(found) : role;
  });
  return [...listed, ...roles.filter(({ id }) => made.includes(id)).map(inline)];
}

/** What a person holds, with the facts of the installation. Memoised, so that sessions are. */
export function subjectOf({ facts, roles, people }: Content, person: Person): Subject {
  const states = resolved.get(person) ?? [];
  const known = states.find((it) => it.facts === facts && it.roles === roles);
  const subject =
    known?.subject ??
    ({
      ...person.subject,
      roles: rolesOf(roles, person.subject, person.roles),
      facts: { ...facts, ...person.subject.facts },
    } as Subject);
  const kept = known ? states : [{ facts, roles, subject }, ...states.slice(0, STATES - 1)];
  resolved.keep(person, kept, people.length + SPARE);
  return subject;
}
/** Sessions beside those of the people: at a save point, as of a preview, before the latest change. */
const SPARE = 4;

/** The person of an id, or of a place in the list as links of earlier versions have it; else the first. */
export const personOf = ({ people }: Content, who: string): Person =>
  (people.find(({ id }) => id === who) ?? people[Number(/^\d+$/.test(who) ? who : 0)] ?? people[0]) as Person;

export const sessionOf = (model: Model, content: Content, person: Person): Session =>
  model.session(subjectOf(content, person));

const same = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (
    typeof a !== "object" ||
    typeof b !== "object" ||
    a === null ||
    b === null ||
    Array.isArray(a) !== Array.isArray(b)
  )
    return false;
  const [mine, yours] = [a as { [key: string]: unknown }, b as { [key: string]: unknown }];
  const keys = new Set([...Object.keys(mine), ...Object.keys(yours)]);
  // A list or table that is left out is empty
  const value = (of: { [key: string]: unknown }, key: string) =>
    of[key] ??
    (Array.isArray(mine[key] ?? yours[key]) ? [] : typeof (mine[key] ?? yours[key]) === "object" ? {} : undefined);
  return [...keys].every((key) => same(value(mine, key), value(yours, key)));
};

/** The person as at the save point, in the present installation. Memoised by save point. */
const savedPeople = new WeakMap<SavePoint, Person>();
export function atSavePoint(person: Person): Person {
  const { subject, roles } = person.saved;
  if ((subject === person.subject || same(subject, person.subject)) && same(roles, person.roles)) return person;
  const known = savedPeople.get(person.saved);
  if (known && known.id === person.id && known.name === person.name) return known;
  const saved = { ...person, subject, roles };
  savedPeople.set(person.saved, saved);
  return saved;
}

/** The facts of a change that belong to the installation, and those about the person. */
function splitFacts(model: Model, facts: Change["facts"] = {}): { shared: Facts; own: Facts } {
  const part = (shared: boolean) =>
    Object.fromEntries(
      Object.entries(facts as Facts).filter(
        ([id, value]) => value !== undefined && isShared(model.facts.get(id)) === shared,
      ),
    );
  return { shared: part(true), own: part(false) };
}

const dropNull = <T>(values: { readonly [id: string]: T | null | undefined }): { [id: string]: T } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined)) as {
    [id: string]: T;
  };

/** Applies a change: facts of the installation to everybody, the rest to one person. */
export function applied(model: Model, content: Content, who: string, change: Change): Content {
  const { shared, own } = splitFacts(model, change.facts);
  const facts = Object.keys(shared).length > 0 ? { ...content.facts, ...shared } : content.facts;
  const person = content.people.find(({ id }) => id === who);
  if (!person) return { ...content, facts };
  let { roles: drafts } = content;
  const inlineRoles = rolesOf(content.roles, person.subject, person.roles).filter(
    (role) => listedId(role) === undefined,
  );
  let held = [...(person.subject.roles ?? [])];
  for (const { index, set } of change.roles?.amend ?? []) {
    const amended = inlineRoles[index] as unknown as { name?: string; grants?: Grants } | undefined;
    const grants = (given: Grants = {} as Grants) => dropNull({ ...given, ...set }) as Grants;
    const draft = drafts.find(({ name, grants }) => name === amended?.name && grants === amended?.grants);
    if (draft) drafts = drafts.map((it) => (it === draft ? { ...it, grants: grants(it.grants) } : it));
    else
      held = held.map((role) =>
        role === inlineRoles[index]
          ? (("grants" in (role as object)
              ? { ...(role as object), grants: grants((role as unknown as { grants: Grants }).grants) }
              : grants(role as Grants)) as Role)
          : role,
      );
  }
  const removed = new Set<string | undefined>(change.roles?.remove as readonly string[] | undefined);
  const isMade = (id: string) => content.roles.some((role) => role.id === id && !model.roles.has(id));
  const added = ((change.roles?.add ?? []) as readonly string[]).filter((id) => !isMade(id));
  const made = ((change.roles?.add ?? []) as readonly string[]).filter(isMade);
  const kept = held.filter((role) => !removed.has(listedId(role)));
  const next: Person = {
    ...person,
    roles: [...new Set([...person.roles.filter((id) => !removed.has(id)), ...made])],
    subject: {
      ...person.subject,
      roles: [...kept, ...added.filter((id) => !kept.some((role) => listedId(role) === id))] as Role[],
      grants: dropNull({ ...person.subject.grants, ...change.set }) as NonNullable<Subject["grants"]>,
      facts: dropNull({ ...person.subject.facts, ...own }) as NonNullable<Subject["facts"]>,
    },
  };
  return { facts, roles: drafts, people: content.people.map((it) => (it === person ? next : it)) };
}

/** The names of a person's roles: those of the policy, also by facts, those that were made here, and inline ones. */
export const roleNames = (model: Model, content: Content, person: Person): string[] => [
  ...(subjectOf(content, person).roles ?? []).map((role) => roleName(model, role)),
  ...assumedRoles(model.described.roles, sessionOf(model, content, person)).map(model.label),
];

/** The grants of a role: of one that was made or changed here, or of the policy. */
export const grantsOf = (model: Model, content: Content, role: string): Grants =>
  content.roles.find(({ id }) => id === role)?.grants ?? model.roles.get(role)?.grants ?? ({} as Grants);

/** Who holds a role, listed or assumed by its facts. */
export function holdersOf(model: Model, content: Content, role: string): readonly Person[] {
  const byFacts = model.roles.get(role)?.when !== undefined;
  return content.people.filter(
    (person) =>
      person.roles.includes(role) ||
      (person.subject.roles ?? []).some((held) => listedId(held) === role) ||
      (byFacts && assumedRoles(model.described.roles, sessionOf(model, content, person)).includes(role)),
  );
}

/** What a change of the workspace does to each person whom it touches. */
export interface Effect {
  readonly person: Person;
  readonly gained: readonly string[];
  readonly lost: readonly string[];
  readonly shown: readonly string[];
  readonly hidden: readonly string[];
}

export function effects(model: Model, before: Content, after: Content): Effect[] {
  return after.people.flatMap((person) => {
    const was = before.people.find(({ id }) => id === person.id);
    if (!was) return [];
    const effect = difference(sessionOf(model, before, was), sessionOf(model, after, person));
    return effect.gained.length + effect.lost.length + effect.shown.length + effect.hidden.length > 0
      ? [{ person, ...effect }]
      : [];
  });
}

/** How many people a change gives something, and from how many it takes something. */
export const touchedBy = (effects: readonly Effect[]): { readonly gain: number; readonly lose: number } => ({
  gain: effects.filter(({ gained }) => gained.length > 0).length,
  lose: effects.filter(({ lost }) => lost.length > 0).length,
});

type Item = ReturnType<Session["menu"]>[number];
const flat = (items: readonly Item[]): Item[] => items.flatMap((item) => [item, ...flat(item.children)]);
const flattened = new WeakMap<Session, readonly Item[]>();

/** All menu items, parents first. Memoised. */
export function menuItems(session: Session): readonly Item[] {
  const known = flattened.get(session) ?? flat(session.menu());
  flattened.set(session, known);
  return known;
}

export const shownItems = (session: Session): string[] =>
  menuItems(session)
    .filter(({ state }) => state === "shown")
    .map(({ id }) => id);

/** The menu items that come and go between two sessions, which may be of two versions of a policy. */
export function menuDifference(before: Session, after: Session): Pick<Effect, "shown" | "hidden"> {
  const [was, is] = [new Set(shownItems(before)), new Set(shownItems(after))];
  return { shown: [...is].filter((id) => !was.has(id)), hidden: [...was].filter((id) => !is.has(id)) };
}

/** The differences in operations and menu items between two sessions. */
export function difference(before: Session, after: Session): Omit<Effect, "person"> {
  if (before === after) return { gained: [], lost: [], shown: [], hidden: [] };
  const { gained, lost } = before.diff(after);
  return { gained, lost, ...menuDifference(before, after) };
}

/** The change that turns what a person held into what they hold. */
export function between(before: Subject, after: Subject): Change {
  const differs = (a: { readonly [id: string]: unknown } = {}, b: { readonly [id: string]: unknown } = {}) =>
    Object.fromEntries(
      [...new Set([...Object.keys(a), ...Object.keys(b)])]
        .filter((id) => JSON.stringify(a[id]) !== JSON.stringify(b[id]))
        .map((id) => [id, b[id] ?? null]),
    );
  const named = (subject: Subject) => (subject.roles ?? []).map(listedId).filter((id) => id !== undefined);
  const [was, is] = [named(before), named(after)];
  const add = is.filter((role) => !was.includes(role));
  const remove = was.filter((role) => !is.includes(role));
  return {
    set: differs(before.grants, after.grants) as { [id: string]: GrantValue | null },
    facts: differs(before.facts, after.facts) as Facts,
    ...((add.length > 0 || remove.length > 0) && { roles: { add, remove } }),
  };
}

/** Own grants by privilege, without their ends. */
export const ownGrant = (person: Person, privilege: string): GrantValue | undefined =>
  withoutEnd<GrantValue | undefined>(person.subject.grants?.[privilege]);

/** A new id that no other has. */
export function freshId(wanted: string, taken: readonly string[]): string {
  const base =
    wanted
      .toLowerCase()
      .normalize("NFKD")
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "") || "x";
  let id = base;
  for (let number = 2; taken.includes(id); number++) id = `${base}-${number}`;
  return id;
}

/** A person who holds this, with a save point there. */
export function newPerson(name: string, subject: Subject, taken: readonly string[], start: string): Person {
  return { id: freshId(name, taken), name, subject, roles: NO_ROLES, saved: { subject, roles: NO_ROLES, name: start } };
}
const NO_ROLES: readonly string[] = [];
