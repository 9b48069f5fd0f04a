// Grants and roles that end, renamed ids, and data of menu items: what a host does with a subject before the engine decides.
// `conformance/` has the cases of subjects; here are changes and the package's own interface.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./support/package.mjs";

const { open } = await load("privet");
const { issue } = await load("privet/edge");
const tools = await (await load("privet/studio")).studio();
const document = {
  format: 1,
  id: "shop",
  title: "Shop",
  version: "1",
  facts: [{ id: "open", kind: "switch", label: "Open" }],
  privileges: [
    { id: "sell", kind: "flag", label: "Sell" },
    {
      id: "stock",
      kind: "level",
      label: "Stock",
      levels: [
        { id: "view", label: "View" },
        { id: "edit", label: "Edit" },
      ],
    },
  ],
  roles: [{ id: "clerk", label: "Clerk", grants: { stock: "view" } }],
  menu: [
    { id: "orders", label: "Orders", meta: { href: "/orders", icon: ["box", 2, null] } },
    { id: "help", label: "Help" },
    { id: "about", label: "About", meta: null },
  ],
  operations: [
    { id: "sell", label: "Sell", menu: ["orders"], requires: "sell" },
    { id: "look", label: "Look", menu: ["orders"], requires: "stock >= view" },
  ],
  renamed: { vend: "sell", warehouse: "stock", salesman: "clerk", unlocked: "open" },
};
const policy = open(tools.compile(document));
const code = (expected) => (error) => error.code === expected;

test("a grant and a role count until their end, and the session says when the first of them ends", () => {
  const subject = { roles: [{ role: "clerk", until: 200 }], grants: { sell: { value: true, until: 100 } } };
  const at = (now) => policy.session(subject, { now });
  assert.deepEqual([at(99).allowed(), at(99).validUntil], [["sell", "look"], 100]);
  assert.deepEqual([at(99.9).can("sell"), at(100).can("sell")], [true, false]);
  assert.deepEqual([at(100).allowed(), at(100).validUntil], [["look"], 200]);
  assert.deepEqual([at(200).allowed(), at(200).validUntil], [[], undefined]);
  assert.deepEqual(at(99).subject(), { roles: subject.roles, grants: subject.grants, facts: {} });
  assert.deepEqual(at(100).subject(), { roles: subject.roles, grants: {}, facts: {} });
  assert.deepEqual(at(99).inputs("sell"), { roles: [], grants: { sell: true }, facts: {} });
});

test("without a time, nothing that ends is decided", () => {
  const ending = { grants: { sell: { value: true, until: 100 } } };
  assert.throws(() => policy.session(ending), {
    name: "TimeMissingError",
    code: "time-missing",
    id: "sell",
    message: "`sell` has an end, and the time is not given; pass `now`",
  });
  assert.throws(() => policy.session({}).with({ set: ending.grants }), code("time-missing"));
  for (const now of [Number.NaN, -1, Infinity, "100", null])
    assert.throws(() => policy.session(ending, { now }), code("invalid-options"), String(now));
});

test("a change replaces ends with what they belong to", () => {
  const session = policy.session(
    { roles: [{ role: "clerk", until: 300 }], grants: { sell: { value: true, until: 200 } } },
    { now: 0 },
  );
  const until = (change) => session.with(change).validUntil;
  assert.equal(until({}), 200);
  assert.equal(until({ set: { sell: true } }), 300);
  assert.equal(until({ set: { sell: null } }), 300);
  assert.equal(until({ set: { stock: { value: "edit", until: 100 } } }), 100);
  assert.equal(until({ roles: { remove: ["clerk"] } }), 200);
  assert.equal(until({ roles: { add: ["clerk"] } }), 200);
  assert.equal(until({ set: { sell: true }, roles: { remove: ["clerk"] } }), undefined);
  assert.equal(session.with({ set: { vend: { value: true, until: 50 } } }).validUntil, 50);
  assert.equal(session.validUntil, 200);
  const later = policy.session({}, { now: 100 });
  assert.equal(later.with({ set: { sell: { value: true, until: 100 } } }).can("sell"), false);
});

test("the claim of a token expires when the first grant or role ends", () => {
  const session = policy.session({ grants: { sell: { value: true, until: 100 } } }, { now: 0 });
  assert.deepEqual(issue(session), { privet: session.token(), exp: 100 });
  assert.deepEqual(issue(session, "grants"), { grants: session.token(), exp: 100 });
  assert.deepEqual(issue(policy.session({})), { privet: policy.session({}).token() });
});

test("ids of earlier versions are those that they were renamed to", () => {
  const old = policy.session({
    roles: ["salesman", { warehouse: "edit" }],
    grants: { vend: true },
    facts: { unlocked: true },
  });
  assert.deepEqual(old.subject(), {
    roles: ["clerk", { stock: "edit" }],
    grants: { sell: true },
    facts: { open: true },
  });
  assert.deepEqual(
    old.with({ set: { vend: null }, facts: { unlocked: null }, roles: { remove: ["salesman"] } }).subject(),
    {
      roles: [{ stock: "edit" }],
      grants: {},
      facts: {},
    },
  );
  assert.throws(() => policy.session({ grants: { sell: true, vend: true } }), {
    code: "invalid-subject",
    id: "sell",
    message: "duplicate `sell` in `grants`; list it once",
  });
  assert.throws(() => policy.session({ roles: ["clerk", "salesman"] }), code("invalid-subject"));
  assert.throws(() => policy.session({ grants: { salesman: true } }), {
    code: "unknown-id",
    message: "unknown privilege `clerk` in `grants`; `clerk` is a role",
  });
});

test("the menu has the data of its items", () => {
  const [orders, help, about] = policy.session({ grants: { sell: true } }).menu();
  assert.deepEqual(orders.meta, { href: "/orders", icon: ["box", 2, null] });
  assert.deepEqual(Object.keys(orders), ["id", "label", "meta", "state", "verbs", "operations", "children"]);
  assert.ok(!("meta" in help));
  assert.equal(about.meta, null);
});
