// The core gives the same results as the Rust library for the random policies, subjects, changes and
// tokens that the native tests (tests/it/model/core_cases.rs) write to target/tmp/core-cases.jsonl.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { item } from "./runtimes/format.mjs";
import { load } from "./support/package.mjs";

const { open } = await load("privet");
const file = process.env.PRIVET_CORE_CASES ?? new URL("../../target/tmp/core-cases.jsonl", import.meta.url);

const others = { function: () => 0, symbol: Symbol("a") };

/** Decodes a value, including those that JSON cannot represent. */
function value(json) {
  if (Array.isArray(json)) return json.map(value);
  if (json?.map) return Object.fromEntries(json.map.map(([key, item]) => [key, value(item)]));
  if (json?.other) return others[json.other] ?? Number(json.other);
  return json;
}

/** Provenance as lists: each option of a set (else `null`) with its givers. */
function from(from) {
  const givers = (list) =>
    list.map(({ by, role, index, name, facts }) =>
      by === "own" ? [by] : by === "inline" ? [by, index, name ?? null] : [by, role, facts ?? null],
    );
  if (Array.isArray(from)) return [[null, givers(from)]];
  const options = Object.entries(from).map(([option, list]) => [option, givers(list)]);
  return options.sort(([a], [b]) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

const everything = (policy, session) => ({
  decisions: policy.operations.map((id) => Object.values(session.decide(id))),
  allowed: session.allowed(),
  menu: session.menu().map(item),
  holds: policy.privileges.map((id) => [session.holds(id).granted ?? null, session.holds(id).effective ?? null]),
  from: policy.privileges.map((id) => from(session.holds(id).from)),
  token: session.token(),
  subject: JSON.stringify(session.subject()),
  inputs: policy.operations.map((id) => JSON.stringify(session.inputs(id))),
});

/** The results of a session, or the error, and the session. */
function resultsOf(policy, create) {
  let session;
  try {
    session = create();
  } catch (error) {
    if (!error.code) throw error;
    return [{ error: [error.code, error.id, error.message] }];
  }
  return [everything(policy, session), session];
}

/** The number of compared results by kind, and for each kind with differences their number and the shortest example. */
function compare(lines) {
  const compared = {};
  const found = new Map();
  const same = (actual, expected, about) => {
    for (const part of new Set([...Object.keys(actual), ...Object.keys(expected)])) {
      const kind = part === "error" ? `error ${expected.error?.[0] ?? "none"}` : part;
      compared[kind] = (compared[kind] ?? 0) + 1;
      const [a, b] = [actual[part], expected[part]].map((it) => JSON.stringify(it));
      if (a === b) continue;
      const about_ = JSON.stringify(about);
      const known = found.get(kind) ?? { count: 0, about: undefined };
      known.count++;
      if (!known.about || about_.length < known.about.length)
        Object.assign(known, { about: about_, core: a, native: b });
      found.set(kind, known);
    }
  };
  for (const [place, line] of lines.entries()) {
    const { pack, cases, unknown } = JSON.parse(line);
    const policy = open(Buffer.from(pack, "hex"));
    let first;
    for (const { subject, is, changes, tokens } of cases) {
      const about = { policy: place, subject };
      const [results, session] = resultsOf(policy, () => policy.session(value(subject)));
      same(results, is, about);
      first ??= session;
      for (const { token, facts, is } of tokens)
        same(resultsOf(policy, () => policy.restore(token, value(facts)))[0], is, { ...about, token, facts });
      if (session)
        for (const { change, is } of changes)
          same(resultsOf(policy, () => session.with(value(change)))[0], is, { ...about, change });
    }
    if (!first) continue; // without a session, no id can be looked up
    const lookUp = {
      operation: (id) => first.decide(id),
      privilege: (id) => first.holds(id),
      "menu item": (id) => first.verbs(id),
    };
    for (const [kind, word, is] of unknown)
      same(resultsOf(policy, () => lookUp[kind](word))[0], is, { policy: place, kind, word });
  }
  return { compared, found };
}

test("the core gives the same results as the library", (context) => {
  const { compared, found } = compare(readFileSync(file, "utf8").trimEnd().split("\n"));
  context.diagnostic(JSON.stringify(compared));
  assert.deepEqual(Object.fromEntries(found), {});
});
