// CASL rules as a draft: a flag for each action on a subject; what conditions ask for becomes a switch fact, which the host computes.
import { isObject } from "../jsonc.js";
import { Fault } from "../faults.js";
import { Ids, type Draft, type DraftOperation, type DraftPrivilege } from "./draft.js";

interface Rule {
  readonly actions: readonly string[];
  readonly subjects: readonly string[];
  readonly inverted: boolean;
  readonly fields: readonly string[];
  readonly conditions: object | undefined;
  readonly reason: string | undefined;
}

const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(String) : value === undefined || value === null ? [] : [String(value)];

/** Whether a value is rules of CASL: a list of rules, or such lists by role. */
export function isCasl(value: unknown): boolean {
  const isRules = (rules: unknown) =>
    Array.isArray(rules) &&
    rules.length > 0 &&
    rules.every((rule) =>
      isObject(rule)
        ? "action" in rule && !("resource" in rule) && !("role" in rule)
        : Array.isArray(rule) && rule.length > 1,
    );
  return isRules(value) || (isObject(value) && Object.keys(value).length > 0 && Object.values(value).every(isRules));
}

/** A draft from rules: of one role `user`, or of each role in an object of rules. */
export function draftFromCasl(value: unknown, name: string): Draft {
  if (!isCasl(value))
    throw new Fault(
      `${name} has no rules of casl; give a list of rules with \`action\` and \`subject\`, or such lists by role`,
      "no-casl",
    );
  const byRole = Object.entries(Array.isArray(value) ? { user: value } : (value as Record<string, unknown[]>)).map(
    ([role, rules]) => ({ role, rules: rules.map(ruleOf) }),
  );
  const all = byRole.flatMap(({ rules }) => rules);
  const subjects = [...new Set(all.flatMap(({ subjects }) => subjects))].filter((subject) => subject !== "all");
  const actions = [...new Set(all.flatMap(({ actions }) => actions))].filter((action) => action !== "manage");
  const notes: string[] = [];
  if (subjects.length === 0) subjects.push("all");
  if (actions.length === 0) actions.push("manage");
  const [ids, operationIds, menuIds] = [new Ids(), new Ids(), new Ids()];
  const facts: NonNullable<Draft["facts"]>[number][] = [];
  const privileges: DraftPrivilege[] = [];
  const operations: DraftOperation[] = [];
  const menu = subjects.map((label) => ({ id: menuIds.of(label, "subject"), label }));
  const grants = byRole.map((): Record<string, unknown> => ({}));
  subjects.forEach((subject, place) => {
    const isNamed = (rule: Rule) => rule.subjects.includes(subject) || rule.subjects.includes("all");
    for (const action of actions) {
      const applies = (rule: Rule) =>
        isNamed(rule) && (rule.actions.includes(action) || rule.actions.includes("manage"));
      // The last rule wins; one with conditions is passed over where they do not hold
      const found = byRole.map(({ rules }) => effective(rules.filter(applies)));
      if (found.every(({ always, when }) => !always && when.length === 0)) continue;
      const label = `${action} ${subject}`;
      const alternatives: string[] = [];
      if (found.some(({ always }) => always)) {
        const id = ids.of(`${subject}.${action}`, "privilege");
        privileges.push({ id, kind: "flag", label, group: subject });
        found.forEach(({ always }, role) => {
          if (always) grants[role]![id] = true;
        });
        alternatives.push(id);
      }
      const conditions = [...new Set(found.flatMap(({ when }) => when))];
      for (const condition of conditions) {
        const fact = ids.of(`${subject}.${action}.matches`, "fact");
        const id = ids.of(`${subject}.${action}.some`, "privilege");
        facts.push({
          id: fact,
          kind: "switch",
          label: `The ${subject} matches ${condition}`,
          note: "Computed by the host for each record.",
        });
        privileges.push({ id, kind: "flag", label: `${label} where ${condition}`, group: subject });
        found.forEach(({ when }, role) => {
          if (when.includes(condition)) grants[role]![id] = true;
        });
        alternatives.push(`${id} and ${fact}`);
        notes.push(`${label}: the conditions ${condition} became the fact ${fact}, which the host computes.`);
      }
      operations.push({
        id: operationIds.of(`${subject}.${action}`, "operation"),
        label,
        section: subject,
        menu: [menu[place]!.id],
        requires: alternatives.join(" or "),
      });
    }
  });
  for (const { role, rules } of byRole) {
    for (const rule of rules) {
      const what = `${rule.actions.join(", ")} ${rule.subjects.join(", ")}`;
      if (rule.fields.length > 0)
        notes.push(
          `${role}: ${what}: the fields ${rule.fields.join(", ")} have no counterpart; make an operation for each group of fields.`,
        );
      if (rule.inverted)
        notes.push(
          `${role}: cannot ${what}: read as not granted; a policy has no rule that takes away${rule.conditions ? ", and its conditions are left out: check it" : ""}.`,
        );
      if (rule.reason)
        notes.push(`${role}: ${what}: the reason “${rule.reason}” has no counterpart; explanations are computed.`);
    }
  }
  if (all.some(({ subjects, actions }) => subjects.includes("all") || actions.includes("manage")))
    notes.push("`all` and `manage` were read as the subjects and actions that the rules name.");
  const roles = byRole.map(({ role }, index) => ({ id: ids.of(role, "role"), label: role, grants: grants[index]! }));
  return {
    facts,
    privileges,
    roles,
    menu: menu.filter(({ id }) => operations.some((one) => one.menu?.includes(id))),
    operations,
    notes: [...new Set(notes)],
  };
}

/** What rules for one action and subject come to: always allowed, or under conditions. */
function effective(rules: readonly Rule[]): { always: boolean; when: string[] } {
  let always = false;
  let when: string[] = [];
  for (const { inverted, conditions } of rules) {
    if (inverted) {
      // With conditions it takes away a part, which cannot be said: nothing remains that it might take
      always = false;
      when = [];
    } else if (conditions) when.push(JSON.stringify(conditions));
    else always = true;
  }
  return { always, when };
}

function ruleOf(rule: unknown): Rule {
  // A packed rule: actions, subjects, conditions, inverted, fields, reason; lists are joined by commas
  const packed = (one: unknown) => (typeof one === "string" ? one.split(",") : []);
  if (Array.isArray(rule)) {
    const [actions, subjects, conditions, inverted, fields, reason] = rule as unknown[];
    return {
      actions: packed(actions),
      subjects: packed(subjects),
      conditions: isObject(conditions) ? conditions : undefined,
      inverted: Boolean(inverted),
      fields: packed(fields),
      reason: typeof reason === "string" && reason !== "" ? reason : undefined,
    };
  }
  const { action, subject, inverted, fields, conditions, reason } = rule as Record<string, unknown>;
  const subjects = strings(subject);
  return {
    actions: strings(action),
    subjects: subjects.length > 0 ? subjects : ["all"],
    inverted: inverted === true,
    fields: strings(fields),
    conditions: isObject(conditions) && Object.keys(conditions).length > 0 ? conditions : undefined,
    reason: typeof reason === "string" ? reason : undefined,
  };
}
