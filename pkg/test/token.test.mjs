// Tokens, snapshots and stores.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./support/package.mjs";

const { open, createStore } = await load("privet");
const { read } = await load("privet/read");
const tools = await (await load("privet/studio")).studio();
const policy = open((await load("privet/policies/contact")).pack);
const facts = { "flow-editor": true };
const subject = { roles: ["supervisor"], grants: { "routing-flows": "modify" }, facts };

test("a restored token gives the same decisions, with listed roles by id", () => {
  const session = policy.session(subject);
  const token = session.token();
  assert.ok(/^[\w-]{1,64}$/.test(token), token);
  const restored = policy.restore(token, facts);
  assert.deepEqual(restored.allowed(), session.allowed());
  assert.equal(restored.token(), token);
  assert.equal(policy.restore(token).decide("calls.flows.define").decision, "undecided");
  assert.deepEqual(restored.subject(), session.subject());
  assert.throws(() => restored.with({ set: { "supervisor-portal": null } }), {
    name: "HeldByRoleError",
    message:
      "privilege `supervisor-portal` is still granted by role `supervisor`; remove the role, or set at least what it grants",
  });
  assert.equal(restored.with({ roles: { remove: ["supervisor"] } }).holds("supervisor-portal").granted, undefined);
});

/** A policy with a role that grants some of two privileges. */
const shop = (version, grants, label = "Seller") => ({
  format: 1,
  id: "shop",
  title: "Shop",
  version,
  privileges: ["sell", "refund"].map((id) => ({ id, kind: "flag", label: id })),
  roles: [{ id: "seller", label, grants }],
  operations: ["sell", "refund"].map((id) => ({ id: `orders.${id}`, label: id, requires: id })),
  allow: [],
});

test("a role that loses a grant loses it for tokens that were issued before", () => {
  const compiled = (...args) => open(tools.compile(shop(...args)));
  const before = compiled("1", { sell: true, refund: true });
  const after = compiled("2", { sell: true }, "Salesperson");
  const token = before.session({ roles: ["seller"] }).token();
  assert.deepEqual(before.restore(token).allowed(), ["orders.sell", "orders.refund"]);
  assert.deepEqual(after.restore(token).allowed(), ["orders.sell"]);
  // Another role makes another layout.
  const other = shop("3", { sell: true });
  other.roles.push({ id: "manager", label: "Manager", grants: { refund: true } });
  assert.throws(() => open(tools.compile(other)).restore(token), { code: "stale-token" });
});

test("inline roles come back as one inline role with their join", () => {
  const inline = [
    { "routing-flows": "view-only", "supervisor-portal": ["agents-identified"] },
    { "routing-flows": "modify", "supervisor-portal": ["queues-only"] },
  ];
  const session = policy.session({ roles: inline, facts });
  const restored = policy.restore(session.token(), facts);
  assert.deepEqual(restored.allowed(), session.allowed());
  assert.deepEqual(restored.subject().roles, [
    { "routing-flows": "modify", "supervisor-portal": ["queues-only", "agents-identified"] },
  ]);
});

test("invalid tokens, and tokens of another policy, are refused", async () => {
  const token = policy.session(subject).token();
  const other = open((await load("privet/policies/dotdigital")).pack);
  assert.throws(() => other.restore(token), { name: "StaleTokenError", code: "stale-token" });
  for (const wrong of ["", "hello", token.slice(1), `${token}A`, undefined, {}, [token], Object.create(null)]) {
    assert.throws(() => policy.restore(wrong), { name: "InvalidTokenError", code: "invalid-token" });
  }
});

test("a snapshot has the decisions and the menu of its session", () => {
  const session = policy.session(subject);
  const reading = read(session.snapshot());
  assert.equal(reading.fingerprint, policy.fingerprint);
  for (const operation of policy.operations) assert.equal(reading.can(operation), session.can(operation), operation);
  assert.deepEqual(reading.menu(), session.menu());
  assert.throws(() => reading.can("calls.flows.defin"), { name: "UnknownIdError", code: "unknown-id" });
  assert.throws(() => reading.can("constructor"), { name: "UnknownIdError" });
});

test("invalid snapshots are refused", () => {
  const good = policy.session(subject).snapshot();
  const parts = JSON.parse(good);
  const changed = (index, value) =>
    JSON.stringify(parts.with ? parts.with(index, value) : parts.map((part, at) => (at === index ? value : part)));
  const wrong = [
    "",
    "null",
    "{}",
    "[]",
    good.slice(0, -1),
    `${good} x`,
    changed(0, "other"),
    changed(1, 2),
    changed(2, 3),
  ];
  wrong.push(
    changed(3, [1]),
    changed(3, ["a"]),
    changed(4, "2"),
    changed(5, [["id"]]),
    changed(5, [["i", "l", 3, [], [], []]]),
  );
  wrong.push(changed(5, [["i", "l", "__proto__", [], [], []]]));
  for (const text of wrong)
    assert.throws(() => read(text), { name: "InvalidSnapshotError", code: "invalid-snapshot" }, text);
});

test("a store calls its listeners once for each new session, until they unsubscribe", () => {
  const store = createStore(policy.session(subject));
  let calls = 0;
  const unsubscribe = store.subscribe(() => calls++);
  store.set(store.get());
  assert.equal(calls, 0);
  store.set(store.get().with({ facts: { "flow-editor": false } }));
  assert.deepEqual([calls, store.get().can("calls.flows.define")], [1, false]);
  unsubscribe();
  store.set(policy.session());
  assert.equal(calls, 1);
});
