// The suite that every runtime runs: tests/cases through the installed package. Plain ESM without Node.js modules.
const fromJson = (value) => (value === null ? undefined : value);
const flat = (items) => items.flatMap((item) => [item, ...flat(item.children)]);

function equal(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => equal(a[key], b[key]));
}

class Failure extends Error {}

function same(actual, expected, what) {
  if (!equal(actual, expected))
    throw new Failure(`${what}: ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`);
}

function refused(query, { code, message }, what) {
  let answer;
  try {
    answer = query();
  } catch (error) {
    return same({ code: error.code, message: error.message }, { code, message }, what);
  }
  throw new Failure(`${what}: ${JSON.stringify(answer)}, expected an error`);
}

function check(policy, expected, { tools, read }) {
  let session = policy.session(expected.subject ?? {});
  if (expected.change) session = session.with(expected.change);
  same(undefined, expected.error, "error");
  for (const [operation, answer] of Object.entries(expected.decide ?? {})) {
    if (answer.error) {
      refused(() => session.can(operation), answer.error, operation);
      refused(() => session.decide(operation), answer.error, operation);
      refused(() => tools.explain(session, operation), answer.error, operation);
      continue;
    }
    const wanted = typeof answer === "string" ? { decision: answer } : answer;
    const { decision, obligations } = session.decide(operation);
    same(decision, wanted.decision, operation);
    if (wanted.obligations) same(obligations, wanted.obligations, operation);
    same(session.can(operation), decision === "allowed", operation);
    same(
      policy.session(session.inputs(operation)).decide(operation),
      session.decide(operation),
      `${operation} from its inputs`,
    );
    same(tools.explain(session, operation).decision, decision, `${operation} explained`);
  }
  const items = flat(session.menu());
  for (const [id, state] of Object.entries(expected.menu ?? {}))
    same(items.find((item) => item.id === id)?.state, state, id);
  for (const [id, verbs] of Object.entries(expected.verbs ?? {})) same(session.verbs(id).names, verbs, id);
  for (const [id, { granted, effective, error }] of Object.entries(expected.holds ?? {})) {
    if (error) {
      refused(() => session.holds(id), error, id);
      continue;
    }
    const held = session.holds(id);
    same([held.granted, held.effective], [fromJson(granted), fromJson(effective)], id);
  }
  if (expected.allowed) same(session.allowed(), expected.allowed, "allowed");
  const reading = read(session.snapshot());
  same(reading.menu(), session.menu(), "menu of the snapshot");
  same(
    policy.operations.filter(reading.can),
    policy.operations.filter((id) => session.can(id)),
    "snapshot",
  );
  same(policy.session(session.subject()).allowed(), session.allowed(), "subject");
  if (!expected.change) {
    const facts = expected.subject?.facts ?? {};
    same(policy.restore(session.token(), facts).allowed(), session.allowed(), "token");
  }
  for (const [operation, sentence] of Object.entries(expected.says ?? {})) {
    same(tools.explain(session, operation).sentence, sentence, operation);
  }
}

/** Runs all groups of cases and returns their number; throws at the first failure. */
export function conform({ privet, read, tools, packs, groups }) {
  const builtIn = Object.fromEntries(Object.entries(packs).map(([id, pack]) => [id, privet.open(pack)]));
  let count = 0;
  for (const { policy: source, cases = [] } of groups) {
    const policy = typeof source === "string" ? builtIn[source] : privet.open(tools.compile(source));
    for (const expected of cases) {
      try {
        try {
          check(policy, expected, { tools, read });
        } catch (error) {
          if (!expected.error || error instanceof Failure) throw error;
          same({ code: error.code, message: error.message }, expected.error, "error");
          if (!(error instanceof privet.PrivetError)) throw new Failure(`${error} is not a PrivetError`);
        }
      } catch (error) {
        throw new Error(`case “${expected.why}”: ${error.stack ?? error}`);
      }
      count++;
    }
  }
  if (count < 100) throw new Error(`only ${count} cases`);
  return count;
}
