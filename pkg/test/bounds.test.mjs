// Large policies and subjects take time in proportion to their size, and values of wrong types are refused with a code. The sizes
// are those for which a quadratic search would take minutes, or a call with all letters of a token would exceed the stack.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./support/package.mjs";

const { open } = await load("privet");
const { read } = await load("privet/read");
const tools = await (await load("privet/studio")).studio();
const { pack } = await load("privet/policies/contact");

const numbers = (count) => Array.from({ length: count }, (_, at) => at);
const policy = (parts) => open(tools.compile({ format: 1, id: "p", title: "", version: "", allow: [], ...parts }));

test("a token of any length is written and read", () => {
  const privileges = numbers(22_000).map((at) => ({
    id: `n${at}`,
    kind: "number",
    label: "",
    min: 0,
    max: 4294967295,
  }));
  const large = policy({ privileges, operations: [{ id: "o", label: "", requires: "n0 > 3" }] });
  const grants = Object.fromEntries(privileges.map(({ id }) => [id, 4294967295]));
  const token = large.session({ grants }).token();
  assert.equal(token.length, 12 + Math.ceil((1 + 22_000 * 38 + 2) / 6) + 6);
  assert.deepEqual(large.restore(token).subject().grants, grants);
});

test("changes of many sets, and many listed roles", () => {
  const options = numbers(200).map((at) => ({ id: `o${at}`, label: "" }));
  const privileges = numbers(150).map((at) => ({ id: `s${at}`, kind: "set", label: "", options }));
  const roles = numbers(5_000).map((at) => ({ id: `r${at}`, label: "", grants: { s0: [`o${at % 200}`] } }));
  const large = policy({ privileges, roles, operations: [{ id: "o", label: "", requires: "s0 = o1" }] });
  const grants = Object.fromEntries(privileges.map(({ id }) => [id, options.map(({ id }) => id)]));
  const session = large.session({ grants, roles: [grants, ...roles.map(({ id }) => id)] }).with({ set: grants });
  assert.equal(session.can("o"), true);
  assert.equal(session.subject().roles.length, 5_001);
  assert.throws(() => session.with({ set: { s149: [] } }), { code: "held-by-role", id: "s149" });
});

test("an id without a near one among many long ones", () => {
  const operations = numbers(3_000).map((at) => ({ id: `${at}-${"ab".repeat(60)}`, label: "", requires: "f" }));
  const large = policy({ privileges: [{ id: "f", kind: "flag", label: "" }], operations });
  const wrong = "c".repeat(124);
  assert.throws(() => large.session().can(wrong), {
    code: "unknown-id",
    message: `unknown operation \`${wrong}\`; the policy has no such operation`,
  });
});

const contact = open(pack);
const session = contact.session();
const snapshot = session.snapshot();
const symbol = Symbol("a");

/** Calls with values of wrong types, by the code of their error. */
const wrong = {
  "unknown-id": [
    () => session.can(Object.create(null)),
    () => session.can(symbol),
    () => session.canAny({}),
    () => session.decide(Object.create(null)),
    () => session.verbs(Object.create(null)),
    () => session.holds(symbol),
    () => session.inputs(Object.create(null)),
    () => contact.handle(Object.create(null)),
    () => session.canHandle(1n),
    () => session.canHandle(symbol),
    () => read(snapshot).can(symbol),
    () => read(snapshot).can(Object.create(null)),
  ],
  "invalid-token": [() => contact.restore(Object.create(null)), () => contact.restore(symbol)],
  "invalid-pack": [
    () => open(-1),
    () => open({ length: 1e10 }),
    () => open(symbol),
    () => open(1n),
    () => open(undefined),
    () => open("PRVT"),
  ],
  "invalid-subject": [
    () => session.with({ set: Object.create(Object.assign(Object.create(null), { users: null })) }),
    () => contact.session(Object.create({ grants: {} })),
  ],
  "invalid-snapshot": [
    () => read([snapshot]),
    () => read(symbol),
    () => read(`["privet",1,"x",[],"",${'[["a","",0,[],[],'.repeat(66)}[]${"]]".repeat(66)}]`),
    () => read(`["privet",1,"x",[],"",${'[["a","",0,[],[],'.repeat(9000)}[]${"]]".repeat(9000)}]`),
  ],
};

for (const [code, calls] of Object.entries(wrong))
  for (const call of calls) test(`${code}: ${call}`, () => assert.throws(call, { code }));

test("a snapshot's menu may be as deep as that of a policy", () => {
  const text = `["privet",1,"x",[],"",${'[["a","",0,[],[],'.repeat(65)}[]${"]]".repeat(65)}]`;
  assert.equal(read(text).menu()[0].children[0].id, "a");
});

test("a pack may be an ArrayBuffer, and later writes to it have no effect", () => {
  const { buffer } = new Uint8Array(pack);
  const opened = open(buffer);
  new Uint8Array(buffer).fill(0);
  assert.equal(tools.describe(opened).operations.length, contact.operations.length);
});
