// Runs the reviews and guides of tests/cases, which Rust runs natively and as WebAssembly too, through the installed package;
// and what only JavaScript can do wrong.
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
const { vicidial, dotdigital } = builtIn;

const suites = (file) => JSON.parse(readFileSync(new URL(`../../tests/cases/${file}.json`, import.meta.url), "utf8"));
const open = (policy) => (typeof policy === "string" ? builtIn[policy] : privet.open(tools.compile(policy)));

/** Answers a question as its case expects it, or refuses it so. */
function check(expected, ask) {
  if (!expected.error) return ask();
  assert.throws(ask, (error) => {
    assert.ok(error instanceof privet.PrivetError);
    assert.deepEqual({ code: error.code, message: error.message }, expected.error);
    return true;
  });
}

const tests = ({ kind, verdict, id, children = [] }) => [
  ...(kind === "test" ? [`${verdict} ${id}`] : []),
  ...children.flatMap(tests),
];

function review(policy, { actor, before, after, kind, ...expected }) {
  check(expected, () => {
    const found = tools.review(policy, { actor: policy.session(actor), before, after, kind });
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
    const opened = open(policy);
    for (const expected of reviews) test(expected.why, () => review(opened, expected));
  }
});

describe("guides.json", () => {
  for (const { policy, guides } of suites("guides")) {
    const opened = open(policy);
    for (const expected of guides) test(expected.why, () => guide(opened, expected));
  }
});

test("who of VICIdial may open and set which level", () => {
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

test("a broken rule says whose value it is", () => {
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
  });
  assert.equal(broken.explanation.args.reasons[0].code, "too-high");
});

test("sessions of another policy, and no sessions, are refused", () => {
  const actor = dotdigital.session();
  const cases = [
    [
      () => tools.review(vicidial, { actor, before: {}, after: {} }),
      "`actor` is a session of another policy; resolve it against this one",
    ],
    [() => tools.review(vicidial, { before: {}, after: {} }), "`actor` is no session; resolve one first"],
    [
      () => tools.review(vicidial, { actor: vicidial.session(), after: {} }),
      "`undefined` is not an object; a subject can have `roles`, `grants` or `facts`",
    ],
    [
      () => tools.guide({ agent: vicidial.session(), "user-administrator": actor }, "inbound-email"),
      "`user-administrator` is a session of another policy; resolve it against this one",
    ],
    [
      () => tools.guide({ agent: {} }, "inbound-email"),
      "no session is given; give one, or one for each name of the guide",
    ],
    [() => tools.guide({}, "inbound-email"), "no session is given; give one, or one for each name of the guide"],
  ];
  for (const [wrong, message] of cases)
    assert.throws(wrong, { name: "InvalidSubjectError", code: "invalid-subject", message });
});
