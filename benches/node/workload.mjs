// The workload of the comparison: each operation's requirement as an engine-neutral rule, with the requirements of its
// privileges inlined, and random people without roles whose facts are all known.
import { generator, shuffled } from "./random.mjs";

/**
 * The rule of each operation: `true`, `false`, `["and" | "or", ...rules]`, `["not", rule]`, `["is", key]`, or
 * `["at-least" | "equal", key, number]`.
 */
export function questions(policy) {
  const facts = new Map(policy.facts.map((fact) => [fact.id, fact]));
  const privileges = new Map(policy.privileges.map((privilege) => [privilege.id, privilege]));
  const operations = new Map(policy.operations.map((operation) => [operation.id, operation]));

  const rank = (privilege, level) => privilege.levels.findIndex(({ id }) => id === level) + 1;
  const needs = (of) => (of?.requires ? [expression(of.requires.tree)] : []);
  const level = (privilege, least) =>
    least > privilege.levels.length
      ? false
      : and([
          ["at-least", key(privilege.id), least],
          ...needs(privilege),
          ...privilege.levels.slice(0, least).flatMap(needs),
        ]);

  function test({ test, id, op, value, values }) {
    const owner = privileges.get(id) ?? facts.get(id);
    switch (test) {
      case "held":
        return and([["is", key(id)], ...needs(owner)]);
      case "on":
        return ["is", key(id)];
      case "is-set":
        return and([["is", key(id, "set")], ...needs(owner)]);
      case "allowed":
        return expression(operations.get(id).requires.tree);
      case "option": {
        const any = or(values.map((option) => and([["is", key(id, option)], ...needs(owner)])));
        return op === "!=" ? not(any) : any;
      }
      case "level": {
        const at = rank(owner, value);
        const equal = and([level(owner, at), not(level(owner, at + 1))]);
        return {
          ">=": level(owner, at),
          ">": level(owner, at + 1),
          "<": not(level(owner, at)),
          "<=": not(level(owner, at + 1)),
          "=": equal,
          "!=": not(equal),
        }[op];
      }
      case "number": {
        const set = facts.has(id) ? [] : [["is", key(id, "set")], ...needs(owner)];
        const compared = (...test) => and([...set, test]);
        const below = (bound) => and([...set, not(["at-least", key(id), bound])]);
        const equal = compared("equal", key(id), value);
        return {
          ">=": compared("at-least", key(id), value),
          ">": compared("at-least", key(id), value + 1),
          "<": below(value),
          "<=": below(value + 1),
          "=": equal,
          "!=": not(equal),
        }[op];
      }
    }
    throw new Error(`no expression for the test ${test}`);
  }

  function expression(tree) {
    if (tree.kind === "test") return test(tree);
    const parts = tree.children.map(expression);
    return { all: () => and(parts), any: () => or(parts), not: () => not(parts[0]) }[tree.kind]();
  }
  return policy.operations.map(({ id, requires }) => ({ id, rule: expression(requires.tree) }));
}

const and = (parts) =>
  parts.includes(false)
    ? false
    : joined(
        "and",
        parts.filter((part) => part !== true),
        true,
      );
const or = (parts) =>
  parts.includes(true)
    ? true
    : joined(
        "or",
        parts.filter((part) => part !== false),
        false,
      );
const not = (part) => (typeof part === "boolean" ? !part : ["not", part]);
const joined = (kind, parts, none) => (parts.length === 0 ? none : parts.length === 1 ? parts[0] : [kind, ...parts]);

/** A key that is a valid identifier in every engine's language. */
export const key = (id, part) => `${id}${part ? `__${part}` : ""}`.replace(/[^a-z0-9_]/g, "_").replace(/^(?=\d)/, "k");

/**
 * The questions about a policy, people, the operation ids in shuffled order and in the document's, and all pairs of person and
 * id in shuffled order. The ids are interned strings, as literals in a program are.
 */
export function createWorkload(policy, count) {
  const next = generator(20261122);
  const group = people(policy, count, next);
  const interned = (operations) => Object.keys(Object.fromEntries(operations.map(({ id }) => [id, true])));
  const ids = interned(shuffled(policy.operations, next));
  const ordered = interned(policy.operations);
  const pairs = shuffled(
    group.flatMap((_, person) => ids.map((id) => [person, id])),
    next,
  );
  return { questions: questions(policy), group, ids, ordered, pairs };
}

/** Random people, each with one change: a flag that is granted or revoked. */
export function people(policy, count, next) {
  const flags = policy.privileges.filter(({ kind }) => kind === "flag");
  const grant = ({ kind, levels, options, min = 0, max = 100 }) =>
    ({
      flag: () => true,
      level: () => levels[next(levels.length)].id,
      choice: () => options[next(options.length)].id,
      set: () => options.filter(() => next(2)).map(({ id }) => id),
      number: () => min + next(Math.min(max - min, 1000) + 1),
    })[kind]();
  const fact = ({ kind, options }) =>
    ({ switch: () => next(2) === 1, choice: () => options[next(options.length)].id, number: () => next(1000) })[kind]();
  const assigned = (entries, value) => Object.fromEntries(entries.map((entry) => [entry.id, value(entry)]));
  return Array.from({ length: count }, () => {
    const density = 1 + next(9);
    const subject = {
      grants: assigned(
        policy.privileges.filter(() => next(10) < density),
        grant,
      ),
      facts: assigned(policy.facts, fact),
    };
    const flag = flags[next(flags.length)].id;
    // A copied object has fast properties in V8; one that grew key by key has not
    return { subject, flag, held: !subject.grants[flag], data: { ...flat(policy, subject) } };
  });
}

/** A subject for the other engines: a boolean or number by key. */
function flat(policy, { grants, facts }) {
  const data = {};
  const options = (of, held) => {
    for (const option of of.options) data[key(of.id, option.id)] = held.includes(option.id);
  };
  for (const it of policy.privileges) {
    const value = grants[it.id];
    if (it.kind === "flag") data[key(it.id)] = value === true;
    if (it.kind === "level") data[key(it.id)] = it.levels.findIndex(({ id }) => id === value) + 1;
    if (it.kind === "choice") options(it, [value]);
    if (it.kind === "set") options(it, value ?? []);
    if (it.kind === "number")
      Object.assign(data, { [key(it.id)]: value ?? 0, [key(it.id, "set")]: value !== undefined });
  }
  for (const it of policy.facts) {
    if (it.kind === "choice") options(it, [facts[it.id]]);
    else data[key(it.id)] = facts[it.id];
  }
  return data;
}
