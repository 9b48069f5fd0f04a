// A policy as a schema, policies and entities of Cedar.
import type { ObligationDescription, OperationDescription, PolicyDescription } from "../studio/types.js";
import { Conditions } from "./conditions.js";
import { type Expression, quoted, TooLarge, written } from "./expression.js";
import { schemaOf } from "./schema.js";

/** An entity in Cedar's JSON. */
export interface CedarEntity {
  readonly uid: CedarName;
  readonly attrs: { readonly [name: string]: CedarValue };
  readonly parents: readonly CedarName[];
}

/** The type and id of an entity. */
export interface CedarName {
  readonly type: string;
  readonly id: string;
}

/** A value in Cedar's JSON. */
export type CedarValue = boolean | number | string | readonly CedarValue[] | { readonly [name: string]: CedarValue };

/** What of a policy has no counterpart in Cedar, and why. */
export interface CedarOmission {
  /** `operation`, `obligation` or `choice` for one that is left out, else a part of the policy such as `menu`. */
  readonly kind:
    | ("operation" | "obligation" | "choice")
    | ("undecided" | "menu" | "verbs" | "restricts" | "guides" | "changeRules");
  /** Which one is left out. */
  readonly id?: string;
  readonly reason: string;
}

/** A policy in Cedar. */
export interface CedarPolicy {
  /** The schema, in Cedar's own notation. */
  readonly schema: string;
  /** The policies, one for each operation and obligation that can be allowed or owed. */
  readonly policies: string;
  /** The same policies by their ids, as Cedar's libraries take them. */
  readonly policySet: { readonly [id: string]: string };
  /** The roles, and the product. */
  readonly entities: readonly CedarEntity[];
  /** What has no counterpart. An operation or obligation that is left out is denied, or never owed. */
  readonly omitted: readonly CedarOmission[];
}

/** The action that says whether an operation owes an obligation. */
export const obligationAction = (operation: string, obligation: string): string => `${operation}/${obligation}`;

/**
 * Translates a policy to Cedar: each operation is an action on the product, and its policy permits it to whom Privet allows it, with all facts known. Roles are entities
 * that people belong to, their grants are in the policies; own grants are attributes of people; facts are the context of a request. An obligation is an action
 * `operation/obligation`, permitted where the operation is allowed and owes it. Cedar's strict validator accepts the result. O(policy), with what requirements depend on
 * written out; an operation that becomes too large is left out and named in `omitted`.
 *
 * @example
 * const { schema, policySet, entities } = toCedar(tools.describe(policy));
 */
export function toCedar(policy: PolicyDescription): CedarPolicy {
  const conditions = new Conditions(policy);
  const omitted: CedarOmission[] = [...without(policy)];
  const set: Record<string, string> = Object.create(null);
  /** Adds a policy, unless its condition never holds or cannot be written. */
  const add = (kind: "operation" | "obligation" | "choice", id: string, text: Text, condition: () => Expression) => {
    try {
      const made = condition();
      if (made.kind !== "constant" || made.value) set[text.id] = statement(text, made);
    } catch (thrown) {
      if (!(thrown instanceof TooLarge)) throw thrown;
      omitted.push({ kind, id, reason: thrown.message });
    }
  };
  for (const operation of policy.operations) {
    add("operation", operation.id, ofOperation(operation), () => conditions.operation(operation.id));
    for (const owed of operation.obligations)
      add("obligation", obligationAction(operation.id, owed.id), ofObligation(operation, owed), () =>
        conditions.owed(operation.id, owed.when.tree),
      );
  }
  for (const choice of policy.privileges.filter(({ kind }) => kind === "choice"))
    add("choice", choice.id, ofClash(choice.id), () => conditions.clash(choice));
  return {
    schema: schemaOf(policy),
    policies: Object.values(set).join("\n"),
    policySet: { ...set },
    entities: [
      ...policy.roles.map(({ id }) => ({ uid: { type: "Role", id }, attrs: {}, parents: [] })),
      { uid: productOf(policy), attrs: {}, parents: [] },
    ],
    omitted,
  };
}

/** The entity that all operations are on. */
export const productOf = ({ id }: { readonly id: string }): CedarName => ({ type: "Product", id });

/** The parts of a policy around its condition. */
interface Text {
  readonly id: string;
  readonly annotations: { readonly [name: string]: string };
  readonly effect: "permit" | "forbid";
  /** The action; all without. */
  readonly action?: string;
}

const ofOperation = ({ id, label, requires }: OperationDescription): Text => ({
  id,
  annotations: { label, requires: requires.text },
  effect: "permit",
  action: id,
});

function ofObligation(operation: OperationDescription, { id, label, when }: ObligationDescription): Text {
  const action = obligationAction(operation.id, id);
  return { id: action, annotations: { label, when: when.text }, effect: "permit", action };
}

const ofClash = (choice: string): Text => ({
  id: `conflicting-choice/${choice}`,
  annotations: { label: `Roles give different options of ${choice}: Privet refuses such a person` },
  effect: "forbid",
});

function statement({ id, annotations, effect, action }: Text, condition: Expression): string {
  const lines = Object.entries({ id, ...annotations }).map(([name, text]) => `@${name}(${quoted(text)})\n`);
  const scope = action === undefined ? "action" : `action == Action::${quoted(action)}`;
  const body = condition.kind === "constant" ? "" : `\nwhen {\n  ${written(condition)}\n}`;
  return `${lines.join("")}${effect} (principal, ${scope}, resource)${body};\n`;
}

/** What no policy has a counterpart for. */
function* without(policy: PolicyDescription): Generator<CedarOmission> {
  const needed = policy.facts.filter(({ absent }) => absent === undefined).length;
  if (needed > 0)
    yield { kind: "undecided", reason: "Cedar has no undecided: a request must give every fact, or it is refused" };
  if (policy.menu.length > 0) yield { kind: "menu", reason: "Cedar has no menus: ask for the operations of an item" };
  if (policy.operations.some(({ verbs }) => verbs.length > 0))
    yield { kind: "verbs", reason: "verbs say what stands at a menu item; they decide nothing" };
  if (policy.operations.some(({ restricts }) => restricts))
    yield { kind: "restricts", reason: "an operation that stands for a restriction is an action like any other" };
  if (policy.guides.length > 0) yield { kind: "guides", reason: "Cedar has no guides" };
  if (policy.changeRules.length > 0)
    yield { kind: "changeRules", reason: "Cedar does not compare a subject before and after a change" };
}
