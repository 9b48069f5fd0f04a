// Runs the questions of tests/cases, which Rust runs natively and as WebAssembly too, through the installed package; and
// asks the three systems about random people: explanations agree with decisions, and no change of two ids is smaller than
// the fixes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { load } from "./package.mjs";

const privet = await load("privet");
const { studio } = await load("privet/studio");
const tools = await studio();
const builtIn = {};
for (const id of ["contact", "dotdigital", "vicidial"])
  builtIn[id] = privet.open((await load(`privet/policies/${id}`)).pack);
const open = (policy) => (typeof policy === "string" ? builtIn[policy] : privet.open(tools.compile(policy)));

/** The document with other values at some pointers. */
function edited(document, pointers) {
  const copy = structuredClone(document);
  for (const [pointer, value] of Object.entries(pointers)) {
    const keys = pointer.split("/").slice(1);
    const last = keys.pop();
    keys.reduce((node, key) => node[key], copy)[last] = value;
  }
  return copy;
}

const asks = {
  fixes: (policy, { subject, operation, options }) => tools.fixes(policy.session(subject), operation, options),
  explain: (policy, { subject, operation }) => tools.explain(policy.session(subject), operation),
  dormant: (policy, { subject }) => tools.dormant(policy.session(subject)),
  impact: (policy, { target }) => tools.impact(policy, target),
  leastPrivilege: (policy, { operations, options }) => tools.leastPrivilege(policy, operations, options),
  compare: (policy, { with: pointers }, document) => tools.compare(policy, open(edited(document, pointers))),
};

/** Of what was found the part that is expected: lists in full, of objects the keys that are expected. */
function part(found, expected) {
  if (Array.isArray(expected) && Array.isArray(found)) return found.map((one, index) => part(one, expected[index]));
  const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  if (!isObject(found) || !isObject(expected) || Object.keys(expected).length === 0) return found;
  return Object.fromEntries(
    Object.keys(expected)
      .filter((key) => key in found)
      .map((key) => [key, part(found[key], expected[key])]),
  );
}

describe("questions.json", () => {
  for (const { policy, questions } of JSON.parse(
    readFileSync(new URL("../../tests/cases/questions.json", import.meta.url), "utf8"),
  )) {
    const opened = open(policy);
    for (const question of questions) {
      test(question.why, () => {
        const ask = () => asks[question.ask](opened, question, policy);
        if (question.answer) return assert.deepEqual(part(ask(), question.answer), question.answer);
        assert.throws(ask, (error) => {
          assert.deepEqual({ code: error.code, message: error.message }, question.error);
          return error instanceof privet.PrivetError;
        });
      });
    }
  }
});

test("what is no session, policy or list is refused by name", () => {
  const policy = builtIn.contact;
  const refused = (ask, code, message) => assert.throws(ask, { code, message });
  for (const nobody of [undefined, null, {}, policy]) {
    for (const ask of ["explain", "fixes", "preview", "dormant"]) {
      refused(
        () => tools[ask](nobody, "item.reports.view"),
        "invalid-subject",
        "`session` is no session; resolve one first",
      );
    }
    if (nobody === policy) continue;
    for (const ask of ["describe", "impact", "leastPrivilege", "compare"]) {
      refused(
        () => tools[ask](nobody, ask === "impact" ? { role: "agent" } : []),
        "invalid-subject",
        "`policy` is no policy; open a pack first",
      );
    }
  }
  refused(() => tools.compare(policy, {}), "invalid-subject", "`policy` is no policy; open a pack first");
  refused(
    () => tools.leastPrivilege(policy, "item.reports.view"),
    "invalid-options",
    "`operations` is no list; give a list of ids",
  );
});

/** Numbers from 0 up to a bound, the same in every run. */
function dice(seed) {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** The values that a fact or privilege may be given. */
function values({ kind, levels = [], options = [], min = 0 }) {
  const ids = [...levels, ...options].map(({ id }) => id);
  return {
    switch: [true, false],
    flag: [true],
    level: ids,
    choice: ids,
    set: [ids, ...ids.map((id) => [id])],
    number: [min, min + 1, min + 2, min + 30],
  }[kind];
}

function person(described, random) {
  const often = random(10);
  const some = (list) =>
    list.filter(() => random(10) < often).map((it) => [it.id, values(it)[random(values(it).length)]]);
  const roles = described.roles.filter(() => random(4) === 0).map(({ id }) => id);
  return {
    roles,
    grants: Object.fromEntries(some(described.privileges)),
    facts: Object.fromEntries(some(described.facts)),
  };
}

/** Every assignment of one id that a fix may propose, with its cost; roles aside. */
function assignments(described) {
  const facts = described.facts.flatMap((fact) =>
    values(fact).map((value) => ({ id: fact.id, cost: 100, change: { facts: { [fact.id]: value } } })),
  );
  const privileges = described.privileges.flatMap((privilege) => {
    const { id, restricting, cost = 1 } = privilege;
    const given = restricting ? [null] : [...values(privilege), null];
    return given.map((value) => ({ id, cost, change: { set: { [id]: value } } }));
  });
  return [...privileges, ...facts];
}

const together = (a, b) => ({ set: { ...a.set, ...b.set }, facts: { ...a.facts, ...b.facts } });

/** The least cost of a change of one id or two that allows the operation; `limit` and above is not looked for. */
function bruteForce(session, operation, candidates, limit) {
  let least = limit;
  const works = (change) => {
    try {
      return session.with(change).can(operation);
    } catch {
      return false; // a role undoes it
    }
  };
  for (const [index, a] of candidates.entries()) {
    if (a.cost < least && works(a.change)) least = a.cost;
    for (const b of candidates.slice(index + 1)) {
      if (b.id !== a.id && a.cost + b.cost < least && works(together(a.change, b.change))) least = a.cost + b.cost;
    }
  }
  return least;
}

/** The ids that an operation reads, however indirectly. */
function reads(described, operation) {
  const seen = new Set();
  const visit = (node) => {
    if (node.id && !seen.has(node.id)) {
      seen.add(node.id);
      const privilege = described.privileges.find(({ id }) => id === node.id);
      const other = described.operations.find(({ id }) => id === node.id);
      const level = (privilege?.levels ?? []).map(({ requires }) => requires);
      for (const requirement of [privilege?.requires, other?.requires, ...level])
        if (requirement) visit(requirement.tree);
    }
    node.children?.forEach(visit);
  };
  visit(described.operations.find(({ id }) => id === operation).requires.tree);
  return seen;
}

for (const [name, policy] of Object.entries(builtIn)) {
  test(`${name}: explanations are the decisions, fixes do what they say, and no change of two ids is smaller`, () => {
    const described = tools.describe(policy);
    const random = dice(11);
    let compared = 0;
    for (const { id, restricts } of described.operations) {
      const read = reads(described, id);
      for (let people = 0; people < 4; people++) {
        const session = policy.session(person(described, random));
        const explained = tools.explain(session, id);
        assert.equal(explained.decision, session.decide(id).decision);
        const { fixes, minimal, complete } = tools.fixes(session, id, { through: "subject" });
        assert.ok(minimal);
        for (const fix of fixes) {
          const after = session.with(fix.change);
          assert.ok(after.can(id), id);
          assert.deepEqual(part(tools.preview(session, fix.change), fix.sideEffects), fix.sideEffects);
          assert.equal(fix.cost, fixes[0].cost);
        }
        if (restricts || session.can(id)) continue;
        // What a role gives could be taken away with it: then brute force has fewer choices, never more.
        const candidates = assignments(described).filter((it) => read.has(it.id));
        const cost = fixes[0]?.cost ?? 500;
        assert.ok(bruteForce(session, id, candidates, cost) >= cost, `${id}: ${JSON.stringify(fixes[0])}`);
        compared += complete ? 1 : 0;
      }
    }
    assert.ok(compared > described.operations.length, "too few people are denied to compare much");
  });
}
