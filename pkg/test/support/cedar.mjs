// Policies and random subjects in Cedar: the decisions of `@cedar-policy/cedar-wasm`, which nobody here wrote, beside those of the package.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { load } from "./package.mjs";

// One instance for a process: Node.js 20 ends where a process makes several
export const cedar = createRequire(import.meta.url)("@cedar-policy/cedar-wasm/nodejs");
const { PrivetError } = await load("privet");
const { toCedar, toCedarSubject } = await load("privet/cedar");

/** A policy in both engines. Cedar's strict validator accepts the translation. */
export function translate(policy, description) {
  const made = toCedar(description);
  const policies = { staticPolicies: made.policySet };
  const { type, ...found } = cedar.validate({ validationSettings: { mode: "strict" }, schema: made.schema, policies });
  assert.equal(type, "success", JSON.stringify(found));
  assert.deepEqual(found.validationErrors, []);
  assert.equal(cedar.preparsePolicySet(policy.id, policies).type, "success");
  assert.equal(cedar.preparseSchema(policy.id, made.schema).type, "success");
  // The files of `privet export` are the same
  assert.equal(cedar.policySetTextToParts(made.policies).policies?.length, Object.keys(made.policySet).length);
  return { policy, description, ...made };
}

/** What Cedar decides: the allowed actions among some. An error of a policy, which would deny silently, is a failure. */
export function permitted({ policy }, { principal, resource, context, entity }, actions) {
  return actions.filter((id, at) => {
    const { type, response, errors } = cedar.statefulIsAuthorized({
      principal,
      action: { type: "Action", id },
      resource,
      context,
      entities: [entity],
      preparsedPolicySetId: policy.id,
      // Once for each subject is enough: its attributes and the context are the same for all actions
      ...(at === 0 && { preparsedSchemaName: policy.id, validateRequest: true }),
    });
    assert.equal(type, "success", JSON.stringify(errors));
    assert.deepEqual(response.diagnostics.errors, []);
    return response.decision === "allow";
  });
}

/** The actions of the translation: operations, and obligations of operations. */
export const actionsOf = ({ operations }) =>
  operations.flatMap(({ id, obligations }) => [id, ...obligations.map((owed) => `${id}/${owed.id}`)]);

/** What the package decides, in the same words. */
export function decided(session, { operations }) {
  return operations.flatMap(({ id }) => {
    const { decision, obligations } = session.decide(id);
    assert.notEqual(decision, "undecided", `${id}, though all facts are known`);
    return decision === "allowed" ? [id, ...obligations.map((owed) => `${id}/${owed}`)] : [];
  });
}

/**
 * Compares the decisions of an engine, by default Cedar, with those of the package for random subjects with all facts known, until there are
 * `least` of them. A subject whose roles clash, which the package refuses, is denied everything.
 */
export function compare(
  translated,
  random,
  least,
  engine = (person, actions) => permitted(translated, person, actions),
) {
  const { policy, description, omitted } = translated;
  const left = new Set(omitted.map(({ id }) => id));
  const actions = actionsOf(description).filter((id) => !left.has(id));
  const counts = { subjects: 0, decisions: 0, allowed: 0, clashes: 0, differ: [] };
  for (let tries = 0; counts.decisions < least && tries < 20 * least; tries += 1) {
    const subject = randomSubject(description, random);
    const known = sessionOf(policy, subject);
    // A subject that the package refuses has no session: its entity is made from the subject as it is
    const person = toCedarSubject(description, known.session ?? { subject: () => subject }, "somebody");
    assert.deepEqual(person.missing, []);
    const expected = known.session ? decided(known.session, description).filter((id) => !left.has(id)) : [];
    const actual = engine(person, actions);
    counts.subjects += 1;
    counts.decisions += actions.length;
    counts.allowed += actual.length;
    if (!known.session) counts.clashes += 1;
    if (JSON.stringify(actual) !== JSON.stringify(expected)) counts.differ.push({ subject, expected, actual });
    if (actions.length === 0) break;
  }
  return counts;
}

function sessionOf(policy, subject) {
  try {
    return { session: policy.session(subject) };
  } catch (thrown) {
    if (thrown instanceof PrivetError && thrown.code === "conflicting-choice") return {};
    throw thrown;
  }
}

/** A subject with all facts known, and numbers near those that the policy compares with. */
export function randomSubject(description, { below, pick, chance }) {
  const { facts, privileges, roles } = description;
  const mentioned = [
    0,
    1,
    ...[...JSON.stringify(description).matchAll(/(?:[<>=] |":)(\d+)/g)].map(([, n]) => Number(n)),
  ];
  const number = (min = 0, max = 4294967295) => Math.min(max, Math.max(min, pick(mentioned) + pick([-1, 0, 0, 1])));
  const ids = (list) => list.map(({ id }) => id);
  const grant = ({ kind, levels, options, min, max }) =>
    ({
      flag: () => true,
      level: () => pick(ids(levels)),
      choice: () => pick(ids(options)),
      set: () => ids(options).filter(() => chance(0.6)),
      number: () => number(min, max),
    })[kind]();
  const density = pick([0.2, 0.6, 0.95]);
  const grants = (p, choice) =>
    Object.fromEntries(
      privileges
        .filter((it) => chance(it.kind === "choice" ? choice : p))
        .map((privilege) => [privilege.id, grant(privilege)]),
    );
  // Choices of two inline roles clash before there is an entity, so one of them alone has choices
  const inline = [grants(density / 2, 0.3), { name: "Night shift", grants: grants(density / 2, 0) }].slice(0, below(3));
  const fact = ({ kind, levels, options }) =>
    ({
      switch: () => chance(0.6),
      level: () => pick(ids(levels)),
      choice: () => pick(ids(options)),
      number: () => number(),
    })[kind]();
  return {
    roles: [...ids(roles).filter(() => chance(0.3)), ...inline],
    grants: grants(density, density / 2),
    facts: Object.fromEntries(
      facts.filter(({ absent }) => absent === undefined || chance(0.6)).map((it) => [it.id, fact(it)]),
    ),
  };
}
