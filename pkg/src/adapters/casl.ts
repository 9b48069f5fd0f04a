import { InvalidOptionsError } from "../core/errors.js";
import type { Session } from "../core/interfaces.js";
import type { AnySchema, Schema } from "../core/types.js";

/** A rule in the format of `@casl/ability`. */
export interface RawRule {
  action: string | string[];
  subject: string | string[];
  fields?: string[];
  conditions?: Record<string, unknown>;
  inverted?: true;
  reason?: string;
}

/** What an operation is called in the ability. */
export interface CaslTarget {
  readonly action: string | readonly string[];
  readonly subject: string | readonly string[];
  /** The fields of the subject that the operation concerns; by default all. */
  readonly fields?: readonly string[];
  /** Which records it concerns, in CASL's notation, such as `{ author: user.id }`; by default all. */
  readonly conditions?: Readonly<Record<string, unknown>>;
}

/** How decisions become rules. */
export interface CaslOptions<S extends Schema = AnySchema> {
  /** The names of the wildcards in the ability; by default those of CASL: `manage` and `all`. */
  readonly anyAction?: string;
  readonly anySubjectType?: string;
  /** By operation, its actions and subjects in the ability. Operations that are not named have no rule. */
  readonly map?: { readonly [operation in S["operations"]]?: CaslTarget | readonly CaslTarget[] };
  /**
   * Says why an operation is not allowed. The text becomes the `reason` of a rule that forbids it, which CASL reads in `ForbiddenError` and
   * `relevantRuleFor`. Without a text there is no such rule.
   */
  readonly reason?: (operation: S["operations"], decision: "denied" | "undecided") => string | undefined;
}

/** The subject of operations. */
export const OPERATION = "Operation";

/**
 * Converts the decisions of a session to rules for an existing `@casl/ability`. Denied and undecided operations open nothing.
 *
 * - Without `map`, `ability.can(operation, "Operation")` is `session.can(operation)`, and `ability.can(verb, menuItem)` is
 *   `session.verbs(menuItem).has(verb)`.
 * - With `map`, `ability.can(action, subject)` holds where one of the operations that have this action and subject is allowed.
 *
 * @throws InvalidOptionsError if the policy has an id that is one of the wildcards, and for a target without actions or subjects.
 * @throws UnknownIdError if `map` names an operation that the policy lacks.
 * @example
 * const map = { "orders.edit": { action: ["create", "update"], subject: "Order" } };
 * const ability = createMongoAbility(toCaslRules(session, { map, reason: (id) => tools.explain(session, id).sentence }));
 */
export function toCaslRules<S extends Schema = AnySchema>(
  session: Session<S>,
  options: CaslOptions<S> = {},
): RawRule[] {
  const { map, reason } = options;
  const targets = map ? mapped<S>(map) : plain(session, options);
  const [forbidding, allowing]: [RawRule[], RawRule[]] = [[], []];
  for (const [operation, rules] of targets) {
    const { decision } = session.decide(operation);
    if (decision === "allowed") allowing.push(...rules);
    else {
      const text = reason?.(operation, decision);
      if (text) forbidding.push(...rules.map((rule) => ({ ...rule, inverted: true as const, reason: text })));
    }
  }
  if (!map)
    for (const subject of session.policy.menu)
      allowing.push(...[...session.verbs(subject).names].map((action) => ({ action, subject })));
  // In CASL the last rule that matches decides: what is allowed stands behind what explains why other operations are not
  return [...forbidding, ...allowing];
}

type Targets<S extends Schema> = readonly (readonly [S["operations"], readonly RawRule[]])[];

/** The operations by their ids. */
function plain<S extends Schema>(session: Session<S>, options: CaslOptions<S>): Targets<S> {
  const { anyAction = "manage", anySubjectType = "all" } = options;
  const { operations, verbs, menu } = session.policy;
  refuse("anyAction", anyAction, [...operations, ...verbs]);
  refuse("anySubjectType", anySubjectType, [OPERATION, ...menu]);
  return operations.map((action) => [action, [{ action, subject: OPERATION }]]);
}

/** The operations by the names that the ability has for them. */
function mapped<S extends Schema>(map: NonNullable<CaslOptions<S>["map"]>): Targets<S> {
  return Object.entries<CaslTarget | readonly CaslTarget[] | undefined>(map).map(([id, given]) => {
    const list =
      given === undefined ? [] : Array.isArray(given) ? (given as readonly CaslTarget[]) : [given as CaslTarget];
    return [id as S["operations"], list.map((target) => ruleOf(id, target))];
  });
}

function ruleOf(id: string, { action, subject, fields, conditions }: CaslTarget): RawRule {
  const names = (value: string | readonly string[]) => (typeof value === "string" ? value : [...(value ?? [])]);
  const rule = { action: names(action), subject: names(subject) };
  if (rule.action.length === 0 || rule.subject.length === 0)
    throw new InvalidOptionsError("invalid-options", `\`map\` gives \`${id}\` no action or no subject; give both`, id);
  return { ...rule, ...(fields && { fields: [...fields] }), ...(conditions && { conditions: { ...conditions } }) };
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
