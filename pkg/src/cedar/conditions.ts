// Requirements as conditions of Cedar. A decision in Cedar has two values, so all facts are known: the schema requires them in the context.
import type {
  FactDescription,
  PolicyDescription,
  PrivilegeDescription,
  RequirementTest,
  RequirementTree,
  RoleDescription,
} from "../studio/types.js";
import { type Expression, Expressions, quoted, TooLarge } from "./expression.js";

type Compare = ">=" | ">" | "<=" | "<" | "=" | "!=";

/** Dependencies that are followed one after the other. */
const MAX_CHAIN = 500;

/** The conditions of one policy. */
export class Conditions {
  readonly #make = new Expressions();
  readonly #privileges: ReadonlyMap<string, PrivilegeDescription>;
  readonly #facts: ReadonlyMap<string, FactDescription>;
  readonly #conditions: ReadonlyMap<string, RequirementTree>;
  readonly #operations: ReadonlyMap<string, RequirementTree>;
  /** By privilege: the roles that grant it, with the value. */
  readonly #givers = new Map<string, { role: RoleDescription; value: unknown }[]>();
  /** What was asked for before. */
  readonly #known = new Map<string, Expression>();
  /** How many dependencies are being followed. */
  #chain = 0;

  constructor(policy: PolicyDescription) {
    this.#privileges = new Map(policy.privileges.map((it) => [it.id, it]));
    this.#facts = new Map(policy.facts.map((it) => [it.id, it]));
    this.#conditions = new Map(policy.conditions.map((it) => [it.id, it.requires.tree]));
    this.#operations = new Map(policy.operations.map((it) => [it.id, it.requires.tree]));
    for (const role of policy.roles)
      for (const [privilege, value] of Object.entries(role.grants)) {
        const list = this.#givers.get(privilege) ?? [];
        this.#givers.set(privilege, [...list, { role, value }]);
      }
  }

  /** Whether an operation is allowed. */
  operation(id: string): Expression {
    return this.#once(`operation ${id}`, () => this.requirement(this.#operations.get(id)!));
  }

  /** Whether an operation is allowed and owes an obligation. */
  owed(operation: string, when: RequirementTree): Expression {
    return this.#make.all(this.operation(operation), this.requirement(when));
  }

  /** Whether roles of somebody without an option of their own grant different options of a choice. */
  clash({ id, options = [] }: PrivilegeDescription): Expression {
    const { all, any, not, test } = bound(this.#make);
    const given = options.flatMap((option) => {
      const roles = this.#roles(id, (value) => value === option.id);
      return roles.kind === "constant" && !roles.value ? [] : [{ option: option.id, roles }];
    });
    const pairs = given.flatMap(({ option, roles }, at) => [
      all(
        this.#attribute("inline", id, (it) => `(${it} != ${quoted(option)})`),
        roles,
      ),
      ...given.slice(at + 1).map((other) => all(roles, other.roles)),
    ]);
    return all(not(test(`(${has("grants", id)})`)), any(...pairs));
  }

  requirement(tree: RequirementTree): Expression {
    switch (tree.kind) {
      case "all":
        return this.#make.all(...tree.children.map((child) => this.requirement(child)));
      case "any":
        return this.#make.any(...tree.children.map((child) => this.requirement(child)));
      case "not":
        return this.#make.not(this.requirement(tree.children[0]!));
      case "test":
        return this.#test(tree);
      case "unknown":
        throw new TypeError("`unknown` stands in residuals alone");
    }
  }

  #once(key: string, make: () => Expression): Expression {
    const known = this.#known.get(key);
    if (known) return known;
    if (this.#chain >= MAX_CHAIN)
      throw new TooLarge(`its requirement depends on more than ${MAX_CHAIN} others, one after the other`);
    this.#chain += 1;
    try {
      const made = make();
      this.#known.set(key, made);
      return made;
    } finally {
      this.#chain -= 1;
    }
  }

  #test(test: RequirementTest): Expression {
    const { id } = test;
    if (test.test === "condition")
      return this.#once(`condition ${id}`, () => this.requirement(this.#conditions.get(id)!));
    if (test.test === "allowed") return this.operation(id);
    const fact = this.#facts.get(id);
    return fact ? this.#ofFact(fact, test) : this.#ofPrivilege(this.#privileges.get(id)!, test);
  }

  #ofFact(fact: FactDescription, { test, op, value, values = [] }: RequirementTest): Expression {
    const { kind, levels = [], options = [] } = fact;
    if (test === "on")
      return this.#factIs(
        fact,
        (it) => it,
        (given) => given === true,
      );
    if (kind === "number")
      return this.#factIs(
        fact,
        (it) => `(${it} ${op === "=" ? "==" : op} ${value})`,
        (given) => compares(given as number, op as Compare, value as number),
      );
    const all = (kind === "level" ? levels : options).map(({ id }) => id);
    // `in` of a level has the form of a choice
    if (test === "option") {
      const is = this.#among(fact, values, all);
      return op === "!=" ? this.#make.not(is) : is;
    }
    const rank = all.indexOf(value as string);
    const passing = all.filter((_, at) => compares(at, op as Compare, rank));
    return this.#among(fact, passing, all);
  }

  /** Whether a fact has one of some values. A test that no value passes still reads the fact, so that it is refused without it. */
  #among(fact: FactDescription, values: readonly string[], all: readonly string[]): Expression {
    if (values.length === 0) return this.#make.not(this.#among(fact, all, all));
    return this.#factIs(fact, isOneOf(values), (given) => values.includes(given as string));
  }

  /** A test of a fact, by the text that reads its value, and for the value that counts where it is not given. */
  #factIs(
    { id, absent }: FactDescription,
    text: (value: string) => string,
    holds: (value: unknown) => boolean,
  ): Expression {
    const tested = text(attribute("context", id));
    if (absent === undefined) return this.#make.test(tested);
    return this.#make.test(`(if context has ${quoted(id)} then ${tested} else ${holds(absent)})`);
  }

  #ofPrivilege(privilege: PrivilegeDescription, { test, op, value, values = [] }: RequirementTest): Expression {
    const { id, kind, levels = [] } = privilege;
    const { not, any, all } = bound(this.#make);
    switch (kind) {
      case "flag":
        return this.#effective(
          privilege,
          this.#given(
            id,
            (it) => it === true,
            (it) => it,
          ),
        );
      case "level": {
        const from = (at: number) => this.#atLeast(privilege, at);
        const exactly = (at: number) => all(from(at), not(from(at + 1)));
        const rank = levels.findIndex((level) => level.id === value);
        const tests = {
          ">=": () => from(rank),
          ">": () => from(rank + 1),
          "<": () => not(from(rank)),
          "<=": () => not(from(rank + 1)),
          "=": () => exactly(rank),
          "!=": () => not(exactly(rank)),
        };
        // `in` has the form of a choice
        if (test !== "option") return tests[op as Compare]();
        const one = any(...levels.flatMap(({ id }, at) => (values.includes(id) ? [exactly(at)] : [])));
        return op === "!=" ? not(one) : one;
      }
      case "choice":
      case "set": {
        const holds = (option: string) => (kind === "set" ? this.#includes(id, option) : this.#chosen(id, option));
        const one = this.#effective(privilege, any(...values.map(holds)));
        return op === "!=" ? not(one) : one;
      }
      case "number": {
        if (test === "is-set") return this.#effective(privilege, this.#isSet(id));
        const compared = this.#number(id, op === "!=" ? "=" : (op as Exclude<Compare, "!=">), value as number);
        const holds = this.#effective(privilege, compared);
        return op === "!=" ? not(holds) : holds;
      }
    }
  }

  /** What is granted, as far as the privilege's requirement holds. */
  #effective({ id, requires }: PrivilegeDescription, granted: Expression): Expression {
    if (!requires) return granted;
    return this.#make.all(
      granted,
      this.#once(`requires ${id}`, () => this.requirement(requires.tree)),
    );
  }

  /** Whether the effective level is at least the one at a place, from 0. Above the top there is none. */
  #atLeast(privilege: PrivilegeDescription, at: number): Expression {
    const { id, levels = [] } = privilege;
    if (at >= levels.length) return this.#make.constant(false);
    return this.#once(`level ${id} ${at}`, () => {
      const enough = levels.slice(at).map((level) => level.id);
      const granted = this.#given(id, (value) => enough.includes(value as string), isOneOf(enough));
      const needs = levels
        .slice(0, at + 1)
        .flatMap(({ requires }) => (requires ? [this.requirement(requires.tree)] : []));
      return this.#effective(privilege, this.#make.all(granted, ...needs));
    });
  }

  /** Whether a set includes an option. */
  #includes(id: string, option: string): Expression {
    return this.#given(
      id,
      (value) => Array.isArray(value) && value.includes(option),
      (it) => `${it}.contains(${quoted(option)})`,
    );
  }

  /** What holds if the subject's own grant or that of any role passes: flags, levels and sets join so. */
  #given(id: string, passes: (value: unknown) => boolean, text: (value: string) => string): Expression {
    return this.#make.any(this.#attribute("grants", id, text), this.#roles(id, passes));
  }

  /** A choice: the subject's own option, else that of the roles. */
  #chosen(id: string, option: string): Expression {
    return this.#ownElse(
      id,
      equals(option),
      this.#fromRoles(id, (value) => value === option, equals(option)),
    );
  }

  #isSet(id: string): Expression {
    const { any, test } = bound(this.#make);
    return any(test(`(${has("grants", id)})`), test(`(${has("inline", id)})`), this.#roles(id, isNumber));
  }

  /** A number: the subject's own, else the largest of the roles, which is at least `n` where that of a role is. */
  #number(id: string, op: Exclude<Compare, "!=">, n: number): Expression {
    const { all, not } = bound(this.#make);
    const from = (least: number) =>
      this.#fromRoles(
        id,
        (value) => isNumber(value) && value >= least,
        (it) => `(${it} >= ${least})`,
      );
    const anyRole = () => this.#make.any(this.#make.test(`(${has("inline", id)})`), this.#roles(id, isNumber));
    const largest = {
      ">=": () => from(n),
      ">": () => from(n + 1),
      "=": () => all(from(n), not(from(n + 1))),
      "<=": () => all(anyRole(), not(from(n + 1))),
      "<": () => all(anyRole(), not(from(n))),
    };
    return this.#ownElse(id, (it) => `(${it} ${op === "=" ? "==" : op} ${n})`, largest[op]());
  }

  /** A test of the subject's own value, and what holds without one. */
  #ownElse(id: string, text: (value: string) => string, otherwise: Expression): Expression {
    const { any, all, not, test } = bound(this.#make);
    return any(this.#attribute("grants", id, text), all(not(test(`(${has("grants", id)})`)), otherwise));
  }

  /** Whether a listed role, an inline role, or one that is held by its facts grants a value that passes. */
  #fromRoles(id: string, passes: (value: unknown) => boolean, text: (value: string) => string): Expression {
    return this.#make.any(this.#attribute("inline", id, text), this.#roles(id, passes));
  }

  #attribute(record: "grants" | "inline", id: string, text: (value: string) => string): Expression {
    return this.#make.test(`(${has(record, id)} && ${text(attribute(`principal.${record}`, id))})`);
  }

  /** Whether a role is held that grants a value that passes. */
  #roles(id: string, passes: (value: unknown) => boolean): Expression {
    const roles = (this.#givers.get(id) ?? []).filter(({ value }) => passes(value)).map(({ role }) => role);
    if (roles.length === 0) return this.#make.constant(false);
    const listed = roles.map((role) => `Role::${quoted(role.id)}`).join(", ");
    const whens = roles.flatMap((role) =>
      role.when ? [this.#once(`when ${role.id}`, () => this.requirement(role.when!.tree))] : [],
    );
    return this.#make.any(this.#make.test(`(principal in [${listed}])`), ...whens);
  }
}

// `false` and `[]` are no grant, whatever the kind
const isNumber = (value: unknown): value is number => typeof value === "number";

const bound = (make: Expressions) => ({
  all: make.all.bind(make),
  any: make.any.bind(make),
  not: make.not.bind(make),
  test: make.test.bind(make),
});

const attribute = (record: string, id: string): string => `${record}[${quoted(id)}]`;
const has = (record: "grants" | "inline", id: string): string => `principal.${record} has ${quoted(id)}`;
const equals = (value: string) => (it: string) => `(${it} == ${quoted(value)})`;
const isOneOf = (values: readonly string[]) => (it: string) =>
  values.length === 1 ? equals(values[0]!)(it) : `[${values.map(quoted).join(", ")}].contains(${it})`;

const COMPARED: { readonly [op in Compare]: (a: number, b: number) => boolean } = {
  ">=": (a, b) => a >= b,
  ">": (a, b) => a > b,
  "<=": (a, b) => a <= b,
  "<": (a, b) => a < b,
  "=": (a, b) => a === b,
  "!=": (a, b) => a !== b,
};
const compares = (a: number, op: Compare, b: number): boolean => COMPARED[op](a, b);
