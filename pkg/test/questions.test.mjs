// Runs the questions of tests/cases through the installed package; Rust runs the same questions natively and as WebAssembly.
// For random subjects of the built-in policies, explanations agree with decisions, and no change of two ids is smaller than the
// fixes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { builtIn, openPolicy, privet, tools } from "./support/policies.mjs";
import { queriesOf } from "./support/questions.mjs";
import { random } from "./support/random.mjs";

const queries = queriesOf(tools);

/** The part of a result that is expected: whole lists, and of objects the expected keys. */
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
    const opened = openPolicy(policy);
    for (const question of questions) {
      test(question.why, () => {
        const query = () => queries[question.ask](opened, question, policy);
        if (question.answer) return assert.deepEqual(part(query(), question.answer), question.answer);
        assert.throws(query, (error) => {
          assert.deepEqual({ code: error.code, message: error.message }, question.error);
          return error instanceof privet.PrivetError;
        });
      });
    }
  }
});

test("invalid sessions, policies and lists are refused, and the message names the argument", () => {
  const policy = builtIn.contact;
  const refused = (query, code, message) => assert.throws(query, { code, message });
  for (const invalid of [undefined, null, {}, policy]) {
    for (const query of ["explain", "fixes", "preview", "dormant"]) {
      refused(
        () => tools[query](invalid, "item.reports.view"),
        "invalid-subject",
        "`session` is not a session; call `policy.session` first",
      );
    }
    if (invalid === policy) continue;
    for (const query of ["describe", "impact", "leastPrivilege", "compare"]) {
      refused(
        () => tools[query](invalid, query === "impact" ? { role: "agent" } : []),
        "invalid-subject",
        "`policy` is not a policy; open a pack first",
      );
    }
  }
  refused(() => tools.compare(policy, {}), "invalid-subject", "`policy` is not a policy; open a pack first");
  refused(
    () => tools.leastPrivilege(policy, "item.reports.view"),
    "invalid-options",
    "`operations` is not a list; pass a list of ids",
  );
});

test("arguments of other types are refused, and the studio goes on", () => {
  const policy = builtIn.contact;
  const actor = policy.session();
  const { id, version, fingerprint } = policy;
  // What WebAssembly would read as a text of four billion letters, what has no letters, and what throws when it is read
  const odd = [
    undefined,
    null,
    5,
    ["a"],
    new Array(2 ** 32 - 1),
    { length: 9 },
    Symbol("a"),
    () => 1,
    Object.create(null),
  ];
  for (const value of odd) {
    assert.throws(() => tools.words(value), {
      code: "invalid-options",
      message: "`requirement` is not a text; pass a text",
    });
    assert.throws(() => tools.render([], value), {
      code: "invalid-options",
      message: "`text` is not a text; pass a text",
    });
    assert.throws(() => tools.strip(value), { code: "invalid-pack" });
    if (value !== undefined && !Array.isArray(value))
      assert.throws(() => tools.review(policy, { actor, before: {}, after: {}, others: value }), {
        code: "invalid-options",
        message: "`others` is not a list; pass a list of sessions",
      });
    assert.throws(() => tools.explainRecord(policy, value), {
      code: "invalid-options",
      message: "`record` is not a record of a decision; pass a record of a decision",
    });
  }
  // Without its inputs, a record would be explained as that of a person with nothing
  assert.throws(
    () => tools.explainRecord(policy, { policy: { id, version, fingerprint }, operation: "item.reports.view" }),
    { code: "invalid-options" },
  );
  assert.equal(tools.words("a and b").words.length, 3);
});

/** Values of a fact or privilege. */
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

function subject(described, { below, pick }) {
  const often = below(10);
  const some = (list) => list.filter(() => below(10) < often).map((it) => [it.id, pick(values(it))]);
  const roles = described.roles.filter(() => below(4) === 0).map(({ id }) => id);
  return {
    roles,
    grants: Object.fromEntries(some(described.privileges)),
    facts: Object.fromEntries(some(described.facts)),
  };
}

/** All assignments of one id that a fix may propose, except roles, with their costs. */
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

/** The least cost below `limit` of a change of one or two ids that allows the operation; else `limit`. */
function bruteForce(session, operation, candidates, limit) {
  let least = limit;
  const works = (change) => {
    try {
      return session.with(change).can(operation);
    } catch {
      return false; // a role undoes the change
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

/** The ids that an operation reads, directly or indirectly. */
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
  test(`${name}: explanations agree with decisions, fixes have their effects, and no change of two ids is smaller`, () => {
    const described = tools.describe(policy);
    const generator = random(11);
    let compared = 0;
    for (const { id, restricts } of described.operations) {
      const read = reads(described, id);
      for (let round = 0; round < 4; round++) {
        const session = policy.session(subject(described, generator));
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
        // Removing a role is not tried, so brute force may find fewer changes than there are, but never smaller ones.
        const candidates = assignments(described).filter((it) => read.has(it.id));
        const cost = fixes[0]?.cost ?? 500;
        assert.ok(bruteForce(session, id, candidates, cost) >= cost, `${id}: ${JSON.stringify(fixes[0])}`);
        compared += complete ? 1 : 0;
      }
    }
    assert.ok(compared > described.operations.length, "too few subjects are denied");
  });
}
