// A subject as an entity and a context of Cedar.
import type { Session } from "../core/interfaces.js";
import type { AnySchema, Schema } from "../core/types.js";
import type { PolicyDescription, PrivilegeDescription } from "../studio/types.js";
import { productOf, type CedarEntity, type CedarName, type CedarValue } from "./cedar.js";

/** What Cedar needs besides the action and the entities of the policy to decide for somebody. */
export interface CedarSubject {
  readonly principal: CedarName;
  readonly resource: CedarName;
  /** The known facts. */
  readonly context: { readonly [fact: string]: CedarValue };
  /** The person: listed roles as parents, grants as attributes. */
  readonly entity: CedarEntity;
  /** The facts that are not known, without which Cedar refuses the request. */
  readonly missing: readonly string[];
}

type Values = Record<string, CedarValue>;

/**
 * The subject of a session for Cedar. Its roles and grants that have ended are left out, and renamed ids are the present ones, as in the session. O(subject + policy).
 *
 * @param id the id of the person among Cedar's entities of the type `User`
 * @example
 * const { principal, resource, context, entity } = toCedarSubject(description, session, "maria");
 * isAuthorized({ principal, action: { type: "Action", id: "orders.edit" }, resource, context, entities: [...entities, entity], policies, schema });
 */
export function toCedarSubject<S extends Schema = AnySchema>(
  policy: PolicyDescription,
  session: Session<S>,
  id: string,
): CedarSubject {
  const subject = session.subject();
  const known = new Map<string, PrivilegeDescription>(policy.privileges.map((it) => [it.id, it]));
  const [grants, inline]: [Values, Values] = [Object.create(null), Object.create(null)];
  const parents: CedarName[] = [];
  for (const [privilege, grant] of Object.entries(subject.grants ?? {}))
    put(grants, known.get(privilege)!, value(grant));
  for (const role of subject.roles ?? []) {
    const named = typeof role === "string" ? role : (role as { readonly role?: string }).role;
    if (named !== undefined) parents.push({ type: "Role", id: named });
    else
      for (const [privilege, grant] of Object.entries(inlineGrants(role as object))) {
        const declared = known.get(privilege)!;
        const isOwnElse = declared.kind === "choice" || declared.kind === "number";
        put(isOwnElse ? inline : grants, declared, value(grant));
      }
  }
  const given = Object.entries(subject.facts ?? {}).filter(([, fact]) => fact !== null && fact !== undefined);
  const context = Object.fromEntries(given) as Values;
  const principal = { type: "User", id };
  return {
    principal,
    resource: productOf(policy),
    context,
    entity: { uid: principal, attrs: { grants: { ...grants }, inline: { ...inline } }, parents },
    missing: policy.facts.flatMap((fact) =>
      fact.absent === undefined && !Object.hasOwn(context, fact.id) ? [fact.id] : [],
    ),
  };
}

/** The grants of an inline role, with or without a name. */
const inlineGrants = (role: object): object =>
  "name" in role ? ((role as { readonly grants?: object }).grants ?? {}) : role;

/** The value of a grant, with or without an end. */
const value = (grant: unknown): CedarValue =>
  (typeof grant === "object" && grant !== null && "until" in grant
    ? (grant as unknown as { readonly value: CedarValue }).value
    : grant) as CedarValue;

/** Joins a grant with what is there: flags by or, levels and numbers by the greater, sets by union. */
function put(into: Values, { id, kind, levels = [] }: PrivilegeDescription, given: CedarValue): void {
  if (given === false) return;
  const before = into[id];
  const rank = (level: CedarValue) => levels.findIndex((one) => one.id === level);
  if (before === undefined || kind === "choice") into[id] = given;
  else if (kind === "set") into[id] = [...new Set([...(before as CedarValue[]), ...(given as CedarValue[])])];
  else if (kind === "number") into[id] = Math.max(before as number, given as number);
  else if (kind === "level" && rank(given) > rank(before)) into[id] = given;
}
