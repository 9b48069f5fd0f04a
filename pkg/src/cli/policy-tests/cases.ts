// Cases: what a subject is expected to be allowed, to owe and to see.
import { PrivetError, type MenuItem, type Policy, type Session, type Subject } from "privet";
import type { Studio } from "privet/studio";
import type { CaseFailure, CaseResult } from "../outputs.js";
import type { Stated } from "./coverage.js";
import type { PolicyCase, PolicyTests } from "./file.js";

/** The subject of a case, with the facts of the file. */
export function subjectOf({ subject }: Pick<PolicyCase, "subject">, tests: PolicyTests): Subject {
  return { ...subject, facts: { ...tests.facts, ...subject.facts } } as Subject;
}

/** What a case states, for the coverage. */
export function statedBy({ expect }: PolicyCase, policy: Policy): Stated {
  const { allowed = [], denied = [], undecided = [], onlyAllowed, obligations = {} } = expect;
  const owing = new Set(Object.keys(obligations));
  const decisions = onlyAllowed ? policy.operations : [...allowed, ...denied, ...undecided];
  return { decisions: new Set([...decisions, ...owing]), obligations: owing };
}

/** Runs a case. An id that the policy does not have is a failure of the case. */
export function runCase(tools: Studio, policy: Policy, test: PolicyCase, tests: PolicyTests): CaseResult {
  try {
    const session = policy.session(subjectOf(test, tests), { now: test.now });
    const failures = [...decisionFailures(tools, session, test), ...menuFailures(session, test)];
    return { name: test.name, passed: failures.length === 0, failures };
  } catch (thrown) {
    if (!(thrown instanceof PrivetError)) throw thrown;
    const failure = { expected: "a subject and ids of the policy", actual: thrown.message };
    return { name: test.name, passed: false, failures: [failure] };
  }
}

function decisionFailures(tools: Studio, session: Session, { expect }: PolicyCase): CaseFailure[] {
  const { onlyAllowed, obligations = {} } = expect;
  const failures: CaseFailure[] = [];
  const fail = (id: string, expected: string, actual: string) => {
    failures.push({ id, expected, actual, explanation: tools.explain(session, id).sentence });
  };
  for (const expected of ["allowed", "denied", "undecided"] as const) {
    for (const id of expect[expected] ?? []) {
      const { decision } = session.decide(id);
      if (decision !== expected) fail(id, expected, decision);
    }
  }
  if (onlyAllowed) {
    for (const id of onlyAllowed) if (!session.can(id)) fail(id, "allowed", session.decide(id).decision);
    for (const id of session.allowed()) if (!onlyAllowed.includes(id)) fail(id, "not allowed", "allowed");
  }
  for (const [id, expected] of Object.entries(obligations)) {
    const { decision, obligations: owed } = session.decide(id);
    if (decision !== "allowed") fail(id, "allowed, with or without obligations", decision);
    else if (sorted(owed) !== sorted(expected)) fail(id, `owes ${sorted(expected)}`, `owes ${sorted(owed)}`);
  }
  return failures;
}

const sorted = (ids: readonly string[]) => (ids.length > 0 ? [...ids].sort().join(", ") : "nothing");

function menuFailures(session: Session, { expect }: PolicyCase): CaseFailure[] {
  const states = new Map<string, string>();
  const visit = (items: readonly MenuItem[]) => {
    for (const { id, state, children } of items) {
      states.set(id, state);
      visit(children);
    }
  };
  visit(session.menu());
  const check = (ids: readonly string[], expected: string) =>
    ids.flatMap((id) => {
      if (!states.has(id)) session.verbs(id); // throws, with the nearest id
      const actual = states.get(id)!;
      return actual === expected ? [] : [{ id, expected, actual }];
    });
  return [...check(expect.visible ?? [], "shown"), ...check(expect.hidden ?? [], "hidden")];
}
