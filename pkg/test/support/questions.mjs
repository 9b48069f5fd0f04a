// The queries of tests/cases/questions.json.
import { openPolicy } from "./policies.mjs";

/** The document with the values at some pointers replaced. */
function edited(document, pointers) {
  const copy = structuredClone(document);
  for (const [pointer, value] of Object.entries(pointers)) {
    const keys = pointer.split("/").slice(1);
    const last = keys.pop();
    keys.reduce((node, key) => node[key], copy)[last] = value;
  }
  return copy;
}

/** The queries of tests/cases/questions.json, by a studio. */
export const queriesOf = (tools) => ({
  fixes: (policy, { subject, operation, options }) => tools.fixes(policy.session(subject), operation, options),
  explain: (policy, { subject, operation }) => tools.explain(policy.session(subject), operation),
  dormant: (policy, { subject }) => tools.dormant(policy.session(subject)),
  impact: (policy, { target }) => tools.impact(policy, target),
  leastPrivilege: (policy, { operations, options }) => tools.leastPrivilege(policy, operations, options),
  describe: (policy) => tools.describe(policy),
  compare: (policy, { with: pointers }, document) => tools.compare(policy, openPolicy(edited(document, pointers))),
});
