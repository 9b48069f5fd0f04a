// Runs the reviews and guides of tests/cases through the installed package; Rust runs the same cases natively and as WebAssembly.
// Also: errors that only JavaScript callers can make.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { builtIn, openPolicy, privet, tools } from "./support/policies.mjs";

const { vicidial, dotdigital } = builtIn;

const suites = (file) => JSON.parse(readFileSync(new URL(`../../tests/cases/${file}.json`, import.meta.url), "utf8"));

/** Runs a query, and asserts the expected error if there is one. */
function check(expected, query) {
  if (!expected.error) return query();
  assert.throws(query, (error) => {
    assert.ok(error instanceof privet.PrivetError);
    assert.deepEqual({ code: error.code, message: error.message }, expected.error);
    return true;
  });
}

const tests = ({ kind, verdict, id, children = [] }) => [
  ...(kind === "test" ? [`${verdict} ${id}`] : []),
  ...children.flatMap(tests),
];

function review(policy, { actor, before, after, kind, now, others, ...expected }) {
  check(expected, () => {
    const people = others?.map((subject) => policy.session(subject));
    const found = tools.review(policy, { actor: policy.session(actor), before, after, kind, now, others: people });
    assert.deepEqual(found.together, expected.together);
    assert.equal(found.allowed, expected.allowed);
    if (expected.broken)
      assert.deepEqual(
        found.broken.map(({ rule }) => rule),
        expected.broken,
      );
    const about = (id) => found.broken.find(({ rule }) => rule === id).explanation;
    for (const [rule, sentence] of Object.entries(expected.says ?? {})) assert.equal(about(rule).sentence, sentence);
    for (const [rule, decision] of Object.entries(expected.decisions ?? {}))
      assert.equal(about(rule).decision, decision);
    for (const [rule, facts] of Object.entries(expected.facts ?? {})) assert.deepEqual(about(rule).facts, facts);
    for (const [rule, ids] of Object.entries(expected.decisive ?? {})) assert.deepEqual(about(rule).decisive, ids);
    for (const [rule, nodes] of Object.entries(expected.tests ?? {})) assert.deepEqual(tests(about(rule).tree), nodes);
    for (const { rule, explanation } of found.broken) assert.equal(explanation.operation, rule);
  });
}

function guide(policy, { guide, actor, actors, ...expected }) {
  check(expected, () => {
    const people = Object.entries(actors ?? {}).map(([name, subject]) => [name, policy.session(subject)]);
    const steps = tools.guide(actor ? policy.session(actor) : Object.fromEntries(people), guide);
    assert.deepEqual(
      steps.map(({ id, state, waitsFor }) => [id, state, ...waitsFor]),
      expected.steps,
    );
    for (const [id, sentence] of Object.entries(expected.says ?? {})) {
      assert.equal(steps.find((step) => step.id === id).explanation?.sentence ?? null, sentence);
    }
  });
}

describe("review.json", () => {
  for (const { policy, reviews } of suites("review")) {
    const opened = openPolicy(policy);
    for (const expected of reviews) test(expected.why, () => review(opened, expected));
  }
});

describe("guides.json", () => {
  for (const { policy, guides } of suites("guides")) {
    const opened = openPolicy(policy);
    for (const expected of guides) test(expected.why, () => guide(opened, expected));
  }
});

test("the rules of VICIdial on user levels", () => {
  const levels = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  for (const editor of levels) {
    for (const same of [false, true]) {
      const actor = vicidial.session({
        grants: { "user-level": `${editor}`, "modify-users": true, "modify-same-user-level": same },
      });
      for (const target of levels) {
        for (const given of levels.filter((level) => level !== target)) {
          const opens = editor === 9 ? same || target <= 8 : editor === 8 && target < 8;
          const gives = editor === 9 ? same || given <= 8 : given <= editor;
          const person = (level) => ({ grants: { "user-level": `${level}` } });
          const { allowed } = tools.review(vicidial, { actor, before: person(target), after: person(given) });
          assert.equal(allowed, opens && gives ? "yes" : "no", `${editor} (${same}) sets ${target} to ${given}`);
        }
      }
    }
  }
});

test("the explanation of a broken rule names whose value is compared", () => {
  const actor = vicidial.session({ grants: { "user-level": "8", "modify-users": true } });
  const before = { grants: { "user-level": "8" } };
  const [broken] = tools.review(vicidial, { actor, before, after: { grants: { "user-level": "7" } } }).broken;
  assert.equal(broken.label, tools.describe(vicidial).changeRules.find(({ id }) => id === broken.rule).label);
  const [level] = broken.explanation.tree.children;
  assert.deepEqual(level, {
    kind: "test",
    verdict: "no",
    id: "user-level",
    whose: "before",
    needed: "before.user-level < actor.user-level",
    held: "8",
    from: [{ by: "own" }],
  });
  assert.equal(broken.explanation.args.reasons[0].code, "too-high");
});

test("sessions of another policy, and values that are not sessions, are refused", () => {
  const actor = dotdigital.session();
  const cases = [
    [
      () => tools.review(vicidial, { actor, before: {}, after: {} }),
      "`actor` is a session of another policy; create it with this policy",
    ],
    [() => tools.review(vicidial, { before: {}, after: {} }), "`actor` is not a session; call `policy.session` first"],
    [
      () => tools.review(vicidial, { actor: vicidial.session(), after: {} }),
      "`undefined` is not an object; a subject can have `roles`, `grants` or `facts`",
    ],
    [
      () => tools.guide({ agent: vicidial.session(), "user-administrator": actor }, "inbound-email"),
      "`user-administrator` is a session of another policy; create it with this policy",
    ],
    [
      () => tools.guide({ agent: {} }, "inbound-email"),
      "no session; pass one session, or one for each name of the guide",
    ],
    [() => tools.guide({}, "inbound-email"), "no session; pass one session, or one for each name of the guide"],
  ];
  for (const [wrong, message] of cases)
    assert.throws(wrong, { name: "InvalidSubjectError", code: "invalid-subject", message });
});
