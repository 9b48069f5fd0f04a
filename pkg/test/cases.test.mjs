// Runs tests/cases through the installed package. Rust runs the same cases natively and as WebAssembly.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { describe, test } from "node:test";
import { openPolicy, tools } from "./support/policies.mjs";

const fromJson = (value) => (value === null ? undefined : value);
const flat = (items) => items.flatMap((item) => [item, ...flat(item.children)]);

/** A preview in the form of the cases. */
const summary = ({ gained, lost, menu, obligations, dormant }) => {
  const owed = (list) => list.map(({ operation, obligation }) => `${operation} ${obligation}`);
  const ids = (list) => list.map(({ privilege }) => privilege);
  const lists = ({ added, removed }, of) => ({ added: of(added), removed: of(removed) });
  return { gained, lost, menu, obligations: lists(obligations, owed), dormant: lists(dormant, ids) };
};
const lists = { added: [], removed: [] };
/** An expected preview with the lists that cases omit because they are empty. */
const withDefaults = ({ gained = [], lost = [], menu, obligations, dormant }) => ({
  gained,
  lost,
  menu: { shown: [], hidden: [], ...menu },
  obligations: { ...lists, ...obligations },
  dormant: { ...lists, ...dormant },
});

function check(policy, expected) {
  const before = policy.session(expected.subject ?? {});
  let session = before;
  if (expected.change) session = session.with(expected.change);
  assert.equal(expected.error, undefined, `expected the error ${JSON.stringify(expected.error)}`);
  for (const [operation, answer] of Object.entries(expected.decide ?? {})) {
    if (answer.error) {
      for (const query of [
        () => session.can(operation),
        () => session.decide(operation),
        () => tools.explain(session, operation),
      ]) {
        assert.throws(query, answer.error, operation);
      }
      continue;
    }
    const wanted = typeof answer === "string" ? { decision: answer } : answer;
    const { decision, obligations } = session.decide(operation);
    assert.equal(decision, wanted.decision, operation);
    if (wanted.obligations) assert.deepEqual([...obligations], wanted.obligations, operation);
    assert.equal(session.can(operation), decision === "allowed", operation);
    assert.equal(session.canHandle(policy.handle(operation)), decision === "allowed", operation);
    const explanation = tools.explain(session, operation);
    assert.equal(explanation.decision, decision, operation);
    assert.deepEqual(explanation.obligations, [...obligations], operation);
  }
  const items = flat(session.menu());
  for (const [id, state] of Object.entries(expected.menu ?? {})) {
    assert.equal(items.find((item) => item.id === id)?.state, state, id);
  }
  for (const [id, verbs] of Object.entries(expected.verbs ?? {})) {
    assert.deepEqual([...session.verbs(id).names], verbs, id);
    assert.deepEqual([...items.find((item) => item.id === id).verbs], verbs, id);
  }
  for (const [id, { granted, effective, error }] of Object.entries(expected.holds ?? {})) {
    if (error) {
      assert.throws(() => session.holds(id), error, id);
      continue;
    }
    const held = session.holds(id);
    assert.deepEqual([held.granted, held.effective], [fromJson(granted), fromJson(effective)], id);
  }
  if (expected.allowed) assert.deepEqual([...session.allowed()], expected.allowed);
  if (expected.dormant) assert.deepEqual(tools.dormant(session), expected.dormant);
  if (expected.preview)
    assert.deepEqual(summary(tools.preview(before, expected.change)), withDefaults(expected.preview));
  for (const [operation, sentence] of Object.entries(expected.says ?? {})) {
    assert.equal(tools.explain(session, operation).sentence, sentence);
  }
}

const folder = new URL("../../tests/cases/", import.meta.url);
for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
  describe(file, () => {
    for (const { policy: source, cases = [] } of JSON.parse(readFileSync(new URL(file, folder), "utf8"))) {
      const policy = openPolicy(source);
      for (const expected of cases) {
        test(expected.why, () => {
          try {
            check(policy, expected);
          } catch (error) {
            if (!expected.error || error instanceof assert.AssertionError) throw error;
            assert.deepEqual({ code: error.code, message: error.message }, expected.error);
          }
        });
      }
    }
  });
}
