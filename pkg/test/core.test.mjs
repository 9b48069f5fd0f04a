// The core is a second implementation of what src/session does: both say the same of every policy, subject, change and token
// that the native tests (tests/model/core.rs) left in target/tmp/core-cases.jsonl.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { load } from "./package.mjs";

const { open } = await load("privet");
const file = process.env.PRIVET_CORE_CASES ?? new URL("../../target/tmp/core-cases.jsonl", import.meta.url);

const others = { function: () => 0, symbol: Symbol("a") };

/** A value as a caller writes it. */
function value(json) {
  if (Array.isArray(json)) return json.map(value);
  if (json?.map) return Object.fromEntries(json.map.map(([key, item]) => [key, value(item)]));
  if (json?.other) return others[json.other] ?? Number(json.other);
  return json;
}

const item = ({ id, label, state, verbs, operations, children }) => [
  id,
  label,
  state,
  [...verbs],
  [...operations],
  children.map(item),
];

const everything = (policy, session) => ({
  decisions: policy.operations.map((id) => Object.values(session.decide(id))),
  allowed: session.allowed(),
  menu: session.menu().map(item),
  holds: policy.privileges.map((id) => [session.holds(id).granted ?? null, session.holds(id).effective ?? null]),
  token: session.token(),
  subject: JSON.stringify(session.subject()),
  inputs: policy.operations.map((id) => JSON.stringify(session.inputs(id))),
});

/** What a question gives: the session, and everything that it says or how it is refused. */
function asked(policy, question) {
  let session;
  try {
    session = question();
  } catch (error) {
    if (!error.code) throw error;
    return [{ error: [error.code, error.id, error.message] }];
  }
  return [everything(policy, session), session];
}

/** How many answers were compared, by part; how many of them differ, and the shortest of each sort. */
function compare(lines) {
  const compared = {};
  const found = new Map();
  const same = (is, expected, about) => {
    for (const part of new Set([...Object.keys(is), ...Object.keys(expected)])) {
      const sort = part === "error" ? `error ${expected.error?.[0] ?? "none"}` : part;
      compared[sort] = (compared[sort] ?? 0) + 1;
      const [a, b] = [is[part], expected[part]].map((it) => JSON.stringify(it));
      if (a === b) continue;
      const about_ = JSON.stringify(about);
      const known = found.get(sort) ?? { count: 0, about: undefined };
      known.count++;
      if (!known.about || about_.length < known.about.length)
        Object.assign(known, { about: about_, core: a, native: b });
      found.set(sort, known);
    }
  };
  for (const [place, line] of lines.entries()) {
    const { pack, cases, unknown } = JSON.parse(line);
    const policy = open(Buffer.from(pack, "hex"));
    let somebody;
    for (const { subject, is, changes, tokens } of cases) {
      const about = { policy: place, subject };
      const [said, session] = asked(policy, () => policy.session(value(subject)));
      same(said, is, about);
      somebody ??= session;
      for (const { token, facts, is } of tokens)
        same(asked(policy, () => policy.restore(token, value(facts)))[0], is, { ...about, token, facts });
      if (session)
        for (const { change, is } of changes)
          same(asked(policy, () => session.with(value(change)))[0], is, { ...about, change });
    }
    if (!somebody) continue; // nobody to ask about ids
    const ask = {
      operation: (id) => somebody.decide(id),
      privilege: (id) => somebody.holds(id),
      "menu item": (id) => somebody.verbs(id),
    };
    for (const [kind, word, is] of unknown)
      same(asked(policy, () => ask[kind](word))[0], is, { policy: place, kind, word });
  }
  return { compared, found };
}

test("says what the library says", (context) => {
  const { compared, found } = compare(readFileSync(file, "utf8").trimEnd().split("\n"));
  context.diagnostic(JSON.stringify(compared));
  assert.deepEqual(Object.fromEntries(found), {});
});
