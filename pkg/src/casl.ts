import { InvalidOptionsError } from "./errors.js";
import type { Session } from "./session.js";
import type { AnySchema, Schema } from "./types.js";

/** A rule as `@casl/ability` takes it. */
export interface RawRule {
  action: string;
  subject: string;
}

/** What stands for any action and any subject in the ability that the rules are for; CASL's own when not given. */
export interface CaslOptions {
  readonly anyAction?: string;
  readonly anySubjectType?: string;
}

/** The subject of operations. No menu item can be called so: ids have no capitals. */
export const OPERATION = "Operation";

/**
 * The decisions of a session as rules for an existing `@casl/ability`. What is not allowed has no rule.
 *
 * - `ability.can(operation, "Operation")` is `session.can(operation)`
 * - `ability.can(verb, menuItem)` is `session.verbs(menuItem).has(verb)`
 *
 * @throws InvalidOptionsError where the policy has an id that CASL would take for any action or any subject.
 */
export function toCaslRules<S extends Schema = AnySchema>(session: Session<S>, options: CaslOptions = {}): RawRule[] {
  const { anyAction = "manage", anySubjectType = "all" } = options;
  const { operations, verbs, menu } = session.policy;
  refuse("anyAction", anyAction, [...operations, ...verbs]);
  refuse("anySubjectType", anySubjectType, [OPERATION, ...menu]);
  const rules: RawRule[] = operations.filter((id) => session.can(id)).map((action) => ({ action, subject: OPERATION }));
  for (const subject of menu) {
    for (const action of session.verbs(subject).names) rules.push({ action, subject });
  }
  return rules;
}

/** Whatever the session allows: a policy that does not fit is found at once. */
function refuse(option: "anyAction" | "anySubjectType", any: string, ids: readonly string[]): void {
  if (!ids.includes(any)) return;
  const help = `make the ability with another \`${option}\`, and give it here too`;
  throw new InvalidOptionsError(
    "invalid-options",
    `the policy has the id \`${any}\`, which CASL takes for anything; ${help}`,
    any,
  );
}
