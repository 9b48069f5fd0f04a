import { open } from "privet";
import type { Policy, Session, Subject } from "privet";
import type { PolicyDescription } from "privet/studio";
import { language, text } from "../text/index.js";
import { memo } from "./memo.js";
import { loadStudio } from "./tools.js";
import type { PolicyId } from "./types.js";

type Described<K extends keyof PolicyDescription> = PolicyDescription[K] extends readonly (infer T)[] ? T : never;
export type PrivilegeInfo = Described<"privileges">;
export type FactInfo = Described<"facts">;
export type OperationInfo = Described<"operations">;
export type RoleInfo = Described<"roles">;

/** A menu item with its operations. */
export interface ItemInfo {
  readonly id: string;
  readonly label: string;
  readonly parent?: string;
  /** Labels from the root to the item. */
  readonly path: readonly string[];
  readonly operations: readonly OperationInfo[];
}

/** An opened policy with its description, indexed by id. */
export interface Model {
  readonly policy: Policy;
  readonly pack: Uint8Array;
  readonly described: PolicyDescription;
  readonly privileges: ReadonlyMap<string, PrivilegeInfo>;
  readonly facts: ReadonlyMap<string, FactInfo>;
  readonly operations: ReadonlyMap<string, OperationInfo>;
  readonly items: ReadonlyMap<string, ItemInfo>;
  readonly roles: ReadonlyMap<string, RoleInfo>;
  /** The operations that somebody can be allowed to do; the others only restrict. */
  readonly allowable: readonly OperationInfo[];
  /** The label of any id; the id itself if it has none. */
  label(id: string): string;
  /** Memoised by subject object. */
  session(subject: Subject): Session;
}

/** The built-in policies by language: the reasons of a pack are in its language, all else is the same. */
const packs = {
  en: {
    vicidial: () => import("privet/policies/vicidial"),
    contact: () => import("privet/policies/contact"),
    dotdigital: () => import("privet/policies/dotdigital"),
  },
  de: {
    vicidial: () => import("virtual:german/vicidial"),
    contact: () => import("virtual:german/contact"),
    dotdigital: () => import("virtual:german/dotdigital"),
  },
};
const descriptions = {
  vicidial: () => import("virtual:described/vicidial"),
  contact: () => import("virtual:described/contact"),
  dotdigital: () => import("virtual:described/dotdigital"),
};

/** Opens a policy: a built-in one with the core alone, a user's own with the studio. */
export async function loadModel(id: PolicyId, document: string | undefined): Promise<Model> {
  if (id !== "own") {
    const [{ pack }, { default: described }] = await Promise.all([packs[language][id](), descriptions[id]()]);
    return model(pack as Uint8Array, open(pack as Uint8Array), described);
  }
  const studio = await loadStudio();
  const pack = studio.compile(document ?? "", { reasons: "localized" });
  const policy = open(pack);
  return model(pack, policy, studio.describe(policy));
}

function model(pack: Uint8Array, policy: Policy, description: PolicyDescription): Model {
  const facts = description.facts.map((fact) =>
    fact.where === undefined ? fact : { ...fact, where: fact.where.replaceAll(" > ", " › ") },
  );
  // Operations that the policy puts in no section stand with their menu, or below the title
  const operationInfos = description.operations.map((it) =>
    it.section ? it : { ...it, section: it.menu[0]?.[0]?.label ?? description.title },
  );
  const described = { ...description, facts, operations: operationInfos };
  const map = <T extends { readonly id: string }>(list: readonly T[]) => new Map(list.map((it) => [it.id, it]));
  const [privileges, factsById, operations, rolesById] = [
    map(described.privileges),
    map(facts),
    map(described.operations),
    map(described.roles),
  ];
  const allowable = described.operations.filter(({ restricts }) => !restricts);
  const items = new Map<string, ItemInfo>();
  for (const { id, label, parent } of described.menu) {
    const placed = allowable.filter(({ menu }) => menu.some((path) => path.at(-1)?.id === id));
    const path = [...(parent === undefined ? [] : (items.get(parent)?.path ?? [])), label];
    items.set(id, { id, label, path, operations: placed, ...(parent !== undefined && { parent }) });
  }
  const { verbs, roles, guides, changeRules } = described;
  const labels = new Map(
    [
      ...verbs,
      ...roles,
      ...guides,
      ...changeRules,
      ...described.menu,
      ...described.operations,
      ...described.facts,
      ...described.privileges,
    ].map(({ id, label }) => [id, label]),
  );
  const sessions = new WeakMap<Subject, Session>();
  const session = (subject: Subject) => {
    const cached = sessions.get(subject) ?? policy.session(subject);
    sessions.set(subject, cached);
    return cached;
  };
  return {
    policy,
    pack,
    described,
    privileges,
    facts: factsById,
    operations,
    items,
    allowable,
    roles: rolesById,
    session,
    label: (id) => labels.get(id) ?? id,
  };
}

/** The id of the menu item where an operation stands first; empty where it stands nowhere. */
export const itemOf = (operation: Pick<OperationInfo, "menu"> | undefined): string =>
  operation?.menu[0]?.at(-1)?.id ?? "";

/** The operations of a menu item, or those below it if it has none of its own. */
export function operationsOf(model: Model, item: string): readonly OperationInfo[] {
  const own = model.items.get(item)?.operations ?? [];
  if (own.length > 0) return own;
  return model.allowable.filter(({ menu }) => menu.some((path) => path.some(({ id }) => id === item)));
}

type Held = ReturnType<Session["holds"]>;
const NOTHING: Held = { granted: undefined, effective: undefined, from: [] };

/** A grant without its end. */
export const withoutEnd = <V>(given: V | { readonly value: V; readonly until: number }): V =>
  typeof given === "object" && given !== null && "until" in given ? given.value : (given as V);

/** The name of a listed or inline role of a subject. */
export function roleName(model: Model, role: NonNullable<Subject["roles"]>[number]): string {
  if (typeof role === "string") return model.label(role);
  if ("role" in role && typeof role.role === "string") return model.label(role.role);
  return "name" in role && typeof role.name === "string" ? role.name : text.roles.unnamed;
}

/** The roles of a subject that grant a privilege. */
export function rolesGranting(
  { described }: Model,
  subject: Subject,
  privilege: string,
): NonNullable<Subject["roles"]> {
  const granted = (role: NonNullable<Subject["roles"]>[number]): object | undefined => {
    const id = typeof role === "string" ? role : "role" in role ? role.role : undefined;
    if (id !== undefined) return described.roles.find((known) => known.id === id)?.grants;
    return "name" in (role as object) ? (role as { grants?: object }).grants : (role as object);
  };
  return (subject.roles ?? []).filter((role) => Object.hasOwn(granted(role) ?? {}, privilege));
}

const holdings = memo<Session, Held>();
/** The granted and effective value of a privilege. Memoised; skips the engine where neither a grant nor a role can affect it. */
export const holding = (model: Model, session: Session, subject: Subject, privilege: string): Held =>
  holdings(session, privilege, () => {
    const isPossible =
      subject.grants?.[privilege] !== undefined ||
      model.described.roles.some(({ when, grants }) => when && grants[privilege] !== undefined);
    return isPossible || rolesGranting(model, subject, privilege).length > 0 ? session.holds(privilege) : NOTHING;
  });
