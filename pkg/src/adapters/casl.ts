import { InvalidOptionsError } from "../core/errors.js";
import type { Session } from "../core/interfaces.js";
import type { AnySchema, Schema } from "../core/types.js";

/** A rule in the format of `@casl/ability`. */
export interface RawRule {
  action: string;
  subject: string;
}

/** The names of the wildcards for actions and subjects in the ability; by default those of CASL: `manage` and `all`. */
export interface CaslOptions {
  readonly anyAction?: string;
  readonly anySubjectType?: string;
}

/** The subject of operations. */
export const OPERATION = "Operation";

/**
 * Converts the decisions of a session to rules for an existing `@casl/ability`. Denied and undecided operations have no rule.
 *
 * - `ability.can(operation, "Operation")` is `session.can(operation)`
 * - `ability.can(verb, menuItem)` is `session.verbs(menuItem).has(verb)`
 *
 * @throws InvalidOptionsError if the policy has an id that is one of the wildcards.
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

/** Refuses a wildcard that is an id of the policy, whether or not the session allows it. */
function refuse(option: "anyAction" | "anySubjectType", any: string, ids: readonly string[]): void {
  if (!ids.includes(any)) return;
  const help = `create the ability with another \`${option}\`, and pass it here too`;
  throw new InvalidOptionsError(
    "invalid-options",
    `the policy has the id \`${any}\`, which is a wildcard in CASL; ${help}`,
    any,
  );
}
