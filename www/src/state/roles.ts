// Roles of a workspace: those of the policy, also where they were changed here, and those that were made here.
import type { Change, Grants, GrantValue, Session, Subject } from "privet";
import type { Studio } from "privet/studio";
import { text } from "../text/index.js";
import { formatValue } from "./format.js";
import type { Model } from "./model.js";
import type { Content, Facts, Person, RoleDraft } from "./types.js";
import { applied, effects, freshId, grantsOf, holdersOf, personOf, sessionOf } from "./workspace.js";
import type { Effect } from "./workspace.js";
import { memo } from "./memo.js";

export interface RoleInfo {
  readonly id: string;
  readonly name: string;
  readonly grants: Grants;
  /** How it differs from the policy: not at all, changed here, or made here. */
  readonly kind: "policy" | "changed" | "made";
  /** The facts with which it is held; it cannot be given or edited then. */
  readonly when?: string;
  readonly inferred: boolean;
  readonly base?: string;
}

export function rolesIn(model: Model, content: Content): RoleInfo[] {
  const described = model.described.roles.map(({ id, label, grants, when, inferred = false, inherits }): RoleInfo => {
    const draft = content.roles.find((role) => role.id === id);
    return {
      id,
      name: label,
      grants: draft?.grants ?? grants,
      kind: draft ? "changed" : "policy",
      inferred,
      ...(when && { when: when.text.split(" ").map(model.label).join(" ") }),
      ...(inherits?.[0] !== undefined && { base: inherits[0] }),
    };
  });
  const made = content.roles
    .filter(({ id }) => !model.roles.has(id))
    .map(
      ({ id, name, grants, base }): RoleInfo => ({
        id,
        name,
        grants,
        kind: "made",
        inferred: false,
        ...(base !== undefined && { base }),
      }),
    );
  return [...made, ...described];
}

const sessions = memo<Grants, Session>();
const sessionWith = (model: Model, { facts }: Content, { grants }: RoleInfo, kind: string, subject: object): Session =>
  sessions(grants, `${model.described.fingerprint} ${kind} ${JSON.stringify(facts)}`, () =>
    model.policy.session({ ...subject, facts } as Subject),
  );

/** What somebody with this role alone could do in the installation. */
export const roleSession = (model: Model, content: Content, role: RoleInfo): Session =>
  sessionWith(model, content, role, `role ${role.id}`, {
    roles: [role.kind === "policy" ? role.id : { name: role.name, grants: role.grants }],
  });

/** The same as a person who holds these grants themselves, so that what each opens can be tried. */
export const ownSession = (model: Model, content: Content, role: RoleInfo): Session =>
  sessionWith(model, content, role, "own", { grants: role.grants });

/** Sets a grant of a role; a role of the policy is changed in this workspace alone. */
export function withGrants(
  model: Model,
  content: Content,
  role: RoleInfo,
  set: { readonly [id: string]: GrantValue | null },
): Content {
  const grants = Object.fromEntries(
    Object.entries({ ...role.grants, ...set }).filter(([, value]) => value !== null),
  ) as Grants;
  const known = content.roles.some(({ id }) => id === role.id);
  const draft: RoleDraft = {
    id: role.id,
    name: role.name,
    grants,
    ...(role.base !== undefined && { base: role.base }),
  };
  const isAsInPolicy = JSON.stringify(sorted(model.roles.get(role.id)?.grants)) === JSON.stringify(sorted(grants));
  if (isAsInPolicy) return { ...content, roles: content.roles.filter(({ id }) => id !== role.id) };
  return {
    ...content,
    roles: known ? content.roles.map((it) => (it.id === role.id ? draft : it)) : [...content.roles, draft],
  };
}

const sorted = (grants: object = {}) => Object.entries(grants).sort(([a], [b]) => (a < b ? -1 : 1));

/** A new role, perhaps with the grants of another. */
export function newRole(model: Model, content: Content, name: string, grants: Grants, base?: string): RoleDraft {
  const taken = [
    ...model.described.roles,
    ...model.described.privileges,
    ...model.described.facts,
    ...content.roles,
  ].map(({ id }) => String(id));
  return { id: freshId(`role-${name}`, taken), name, grants, ...(base !== undefined && { base }) };
}

export function withoutRole(content: Content, role: string): Content {
  return {
    ...content,
    roles: content.roles.filter(({ id }) => id !== role),
    people: content.people.map((person) =>
      person.roles.includes(role) ? { ...person, roles: person.roles.filter((id) => id !== role) } : person,
    ),
  };
}

/** A way to open an operation for a person through roles. */
export interface Way {
  readonly kind: "new" | "raise" | "give";
  readonly role: string;
  readonly name: string;
  readonly what: string;
  readonly after: Content;
  readonly own: Effect | undefined;
  /** Others whom it changes. */
  readonly others: readonly Effect[];
  /** Operations besides the one that was asked for. */
  readonly excess: number;
}

export interface Ways {
  /** The facts that have to hold first, which no role gives, and the workspace with them. */
  readonly facts: Facts;
  readonly placed: Content;
  /** Narrowest first, as they are once the facts hold; empty where the facts alone are enough. */
  readonly ways: readonly Way[];
}

/** The ways to open an operation for a person through roles. */
export function waysOf(studio: Studio, model: Model, content: Content, who: string, operation: string): Ways {
  const session = sessionOf(model, content, personOf(content, who));
  const { fixes } = studio.fixes(session, operation, { through: "subject" });
  const hasFacts = (change: Change) => Object.keys(change.facts ?? {}).length > 0;
  const hasGrants = (change: Change) => Object.keys(change.set ?? {}).length > 0;
  const { change } = fixes.find(({ change }) => hasGrants(change) && !hasFacts(change)) ??
    fixes.find(({ change }) => hasGrants(change)) ??
    fixes[0] ?? { change: {} as Change };
  const facts = (change.facts ?? {}) as Facts;
  const placed = hasFacts(change) ? applied(model, content, who, { facts: change.facts } as Change) : content;
  const grants = (change.set ?? {}) as { readonly [id: string]: GrantValue | null };
  return { facts, placed, ways: ways(model, placed, personOf(placed, who), operation, grants) };
}

/** The ways to give a person these grants or a role with them, narrowest first. */
function ways(
  model: Model,
  content: Content,
  person: Person,
  operation: string,
  set: { readonly [id: string]: GrantValue | null },
): Way[] {
  if (sessionOf(model, content, person).can(operation)) return [];
  const roles = rolesIn(model, content);
  const way = (kind: Way["kind"], role: string, name: string, what: string, after: Content): Way[] => {
    let touched: Effect[];
    try {
      touched = effects(model, content, after);
      const next = after.people.find(({ id }) => id === person.id);
      if (!next || !sessionOf(model, after, next).can(operation)) return [];
    } catch {
      return []; // the roles of somebody would clash
    }
    const own = touched.find((effect) => effect.person.id === person.id);
    return [
      {
        kind,
        role,
        name,
        what,
        after,
        own,
        others: touched.filter((effect) => effect !== own),
        excess: Math.max(0, (own?.gained.length ?? 1) - 1),
      },
    ];
  };
  const held = roles.filter(
    ({ id, when }) => when === undefined && holdersOf(model, content, id).some((it) => it.id === person.id),
  );
  const give = roles
    .filter((role) => role.when === undefined && !held.includes(role))
    .flatMap((role) =>
      way("give", role.id, role.name, "", applied(model, content, person.id, { roles: { add: [role.id] } } as Change)),
    );
  if (Object.keys(set).length === 0) return give.sort(narrowest);
  const what = Object.entries(set)
    .map(([id, value]) => (value === true ? model.label(id) : `${model.label(id)}: ${formatValue(model, id, value)}`))
    .join(", ");
  const raise = held.flatMap((role) => way("raise", role.id, role.name, what, withGrants(model, content, role, set)));
  const [base] = held;
  const name = text.roles.newRole(base?.name ?? "", base ? what : model.label(operation));
  const draft = newRole(
    model,
    content,
    name,
    Object.fromEntries(Object.entries({ ...base?.grants, ...set }).filter(([, value]) => value !== null)) as Grants,
    base?.id,
  );
  const made = applied(model, { ...content, roles: [...content.roles, draft] }, person.id, {
    roles: { add: [draft.id] },
  } as Change);
  return [...way("new", draft.id, name, what, made), ...raise, ...give].sort(narrowest);
}

const order = { new: 0, raise: 1, give: 2 };
const narrowest = (a: Way, b: Way) =>
  a.excess + a.others.length * 3 - (b.excess + b.others.length * 3) || order[a.kind] - order[b.kind];

/** Where a grant of a role comes from: the role that it was copied from or inherits, or itself. */
export function origin(
  model: Model,
  content: Content,
  role: RoleInfo,
  privilege: string,
): { readonly label: string; readonly isChanged: boolean } {
  const value = JSON.stringify(role.grants[privilege]);
  const before = role.kind === "changed" ? model.roles.get(role.id)?.grants[privilege] : undefined;
  if (role.kind === "changed")
    return JSON.stringify(before) === value
      ? { label: role.name, isChanged: false }
      : { label: text.roles.raisedHere, isChanged: true };
  if (role.base === undefined) return { label: text.roles.ownGrant, isChanged: false };
  const base = JSON.stringify(grantsOf(model, content, role.base)[privilege]);
  const name = content.roles.find(({ id }) => id === role.base)?.name ?? model.label(role.base);
  return base === value
    ? { label: name, isChanged: false }
    : { label: role.kind === "made" ? text.roles.raisedHere : text.roles.ownGrant, isChanged: role.kind === "made" };
}
