// Grants of accesscontrol as a draft: a flag for each action on any record of a resource, and one for own records, which needs the
// switch fact that a record is one's own.
import { isObject } from "../jsonc.js";
import { Fault } from "../faults.js";
import { Ids, type Draft, type DraftOperation, type DraftPrivilege } from "./draft.js";

interface Grant {
  readonly role: string;
  readonly resource: string;
  readonly action: string;
  readonly isOwn: boolean;
  readonly attributes: readonly string[];
}

const ACTION = /^([\w-]+)(?::(any|own))?$/i;

/** Whether a value is grants of accesscontrol: by role, resource and action, or a list of rows. */
export function isAccessControl(value: unknown): boolean {
  if (Array.isArray(value))
    return (
      value.length > 0 && value.every((row) => isObject(row) && "role" in row && "resource" in row && "action" in row)
    );
  return (
    isObject(value) &&
    Object.keys(value).length > 0 &&
    Object.values(value).every(
      (resources) =>
        isObject(resources) &&
        Object.entries(resources).every(([name, actions]) =>
          name.startsWith("$")
            ? true
            : isObject(actions) &&
              Object.entries(actions).every(([action, attributes]) => ACTION.test(action) && Array.isArray(attributes)),
        ),
    )
  );
}

/** A draft from grants. */
export function draftFromAccessControl(value: unknown, name: string): Draft {
  if (!isAccessControl(value))
    throw new Fault(
      `${name} has no grants of accesscontrol; give them by role, resource and action, or as rows`,
      "no-grants",
    );
  const grants = Array.isArray(value)
    ? value.flatMap(grantOfRow)
    : grantsOf(value as Record<string, Record<string, unknown>>);
  const extended = Array.isArray(value) ? {} : extendsOf(value as Record<string, Record<string, unknown>>);
  const roles = [
    ...new Set([
      ...grants.map(({ role }) => role),
      ...Object.keys(Array.isArray(value) ? {} : (value as object)),
      ...Object.values(extended).flat(),
    ]),
  ];
  const resources = [...new Set(grants.map(({ resource }) => resource))];
  const [ids, operationIds, menuIds] = [new Ids(), new Ids(), new Ids()];
  const notes: string[] = [];
  const facts: NonNullable<Draft["facts"]>[number][] = [];
  const privileges: DraftPrivilege[] = [];
  const operations: DraftOperation[] = [];
  const given = new Map(roles.map((role): [string, Record<string, unknown>] => [role, {}]));
  const menu = resources.map((label) => ({ id: menuIds.of(label, "resource"), label }));
  resources.forEach((resource, place) => {
    const own = grants.filter((grant) => grant.resource === resource);
    const fact = own.some(({ isOwn }) => isOwn) ? ids.of(`own-${resource}`, "own-record") : undefined;
    if (fact) {
      facts.push({
        id: fact,
        kind: "switch",
        label: `The ${resource} is one's own`,
        note: "Computed by the host for each record.",
      });
      notes.push(`${resource}: “own” became the fact ${fact}, which the host computes for each record.`);
    }
    for (const action of new Set(own.map(({ action }) => action))) {
      const alternatives = [false, true].flatMap((isOwn) => {
        const matching = own.filter((grant) => grant.action === action && grant.isOwn === isOwn);
        if (matching.length === 0) return [];
        const id = ids.of(`${resource}.${action}${isOwn ? ".own" : ""}`, "privilege");
        privileges.push({ id, kind: "flag", label: `${action} ${isOwn ? "own " : ""}${resource}`, group: resource });
        for (const { role, attributes } of matching) {
          given.get(role)![id] = true;
          if (attributes.length > 0 && attributes.some((one) => one !== "*"))
            notes.push(
              `${role}: ${action} ${resource}: the attributes ${attributes.join(", ")} have no counterpart; make an operation for each group of attributes.`,
            );
        }
        return [isOwn ? `${id} and ${fact}` : id];
      });
      operations.push({
        id: operationIds.of(`${resource}.${action}`, "operation"),
        label: `${action} ${resource}`,
        section: resource,
        menu: [menu[place]!.id],
        requires: alternatives.join(" or "),
      });
    }
  });
  const roleIds = new Map(roles.map((role) => [role, ids.of(role, "role")]));
  return {
    facts,
    privileges,
    roles: roles.map((role) => {
      const inherits = (extended[role] ?? []).map((one) => roleIds.get(one)!);
      return {
        id: roleIds.get(role)!,
        label: role,
        ...(inherits.length > 0 && { inherits }),
        grants: given.get(role)!,
      };
    }),
    menu,
    operations,
    notes,
  };
}

function grantsOf(value: Record<string, Record<string, unknown>>): Grant[] {
  return Object.entries(value).flatMap(([role, resources]) =>
    Object.entries(resources).flatMap(([resource, actions]) =>
      resource.startsWith("$")
        ? []
        : Object.entries(actions as Record<string, unknown[]>).flatMap(([action, attributes]) =>
            grantOf(role, resource, action, attributes),
          ),
    ),
  );
}

function grantOfRow(row: Record<string, unknown>): Grant[] {
  const { role, resource, action, possession, attributes } = row;
  const list =
    typeof attributes === "string" ? attributes.split(/\s*[,;]\s*/) : Array.isArray(attributes) ? attributes : ["*"];
  const whole =
    typeof possession === "string" && !String(action).includes(":")
      ? `${String(action)}:${possession}`
      : String(action);
  return grantOf(String(role), String(resource), whole, list);
}

/** No attributes mean that the grant was denied. */
function grantOf(role: string, resource: string, text: string, attributes: readonly unknown[]): Grant[] {
  const [, action = text, possession = "any"] = ACTION.exec(text) ?? [];
  return attributes.length > 0
    ? [
        {
          role,
          resource,
          action: action.toLowerCase(),
          isOwn: possession.toLowerCase() === "own",
          attributes: attributes.map(String),
        },
      ]
    : [];
}

function extendsOf(value: Record<string, Record<string, unknown>>): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(value).map(([role, { $extend }]) => [role, Array.isArray($extend) ? $extend.map(String) : []]),
  );
}
