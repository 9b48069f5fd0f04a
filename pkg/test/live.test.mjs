// `privet/live`: sessions that change while a page is open. Times are mocked; two stores with the same name are two tabs.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { load } from "./support/package.mjs";

const { open } = await load("privet");
const { liveStore, RefreshError } = await load("privet/live");
const { dehydrate } = await load("privet/ssr");
const tools = await (await load("privet/studio")).studio();

const flag = (id) => ({ id, kind: "flag", label: id });
const shop = (version, more = []) => ({
  format: 1,
  id: "shop",
  title: "Shop",
  version,
  facts: [{ id: "open", kind: "switch", label: "Open" }],
  privileges: [flag("list"), flag("refund"), ...more.map(flag)],
  operations: [
    { id: "orders.list", label: "List", requires: "list and open" },
    { id: "orders.refund", label: "Refund", requires: "refund" },
    { id: "page.open", label: "Open", requires: "true" },
  ],
});
const policy = open(tools.compile(shop("1")));
const next = open(tools.compile(shop("2", ["more"])));
const clerk = policy.session({ grants: { list: true }, facts: { open: true } });
const boss = policy.session({ grants: { list: true, refund: true }, facts: { open: true } });
const soon = () => new Promise((done) => setImmediate(done));

/** A store, the errors that it told, and how it is closed after the test. */
function make(context, options = {}, of = policy) {
  const errors = [];
  const store = liveStore(of, { tabs: false, onError: (error) => errors.push(error), ...options });
  context.after(() => store.close());
  return { store, errors };
}

/** An endpoint that answers with these values in turn; functions are called. */
const answers = (...list) => {
  const endpoint = async () => {
    endpoint.calls++;
    const value = list.length > 1 ? list.shift() : list[0];
    return typeof value === "function" ? value() : value;
  };
  endpoint.calls = 0;
  return endpoint;
};

test("nothing is allowed while it loads; then the answer of the endpoint", async (context) => {
  const endpoint = answers(dehydrate(boss));
  const { store } = make(context, { endpoint });
  let calls = 0;
  store.subscribe(() => calls++);
  assert.deepEqual([store.status(), store.get()], ["loading", undefined]);
  await store.ready();
  assert.deepEqual([store.status(), store.get().allowed()], ["ready", boss.allowed()]);
  assert.deepEqual([calls, endpoint.calls], [1, 1]);
  await Promise.all([store.refresh(), store.refresh()]); // one request
  assert.equal(endpoint.calls, 2);
});

test("a page that has a session asks for none", async (context) => {
  const endpoint = answers(null);
  for (const session of [boss, JSON.parse(JSON.stringify(dehydrate(boss)))]) {
    const { store } = make(context, { endpoint, session });
    assert.deepEqual([store.status(), store.get().allowed()], ["ready", boss.allowed()]);
  }
  await soon();
  assert.equal(endpoint.calls, 0);
});

test("an endpoint that does not answer leaves the session; an answer that cannot be read does not", async (context) => {
  const fails = () => Promise.reject(new TypeError("offline"));
  const { store, errors } = make(context, { endpoint: answers(fails, {}, dehydrate(clerk)), session: boss });
  assert.equal(await store.refresh(), boss);
  assert.equal(store.status(), "failed");
  assert.ok(errors[0] instanceof RefreshError);
  assert.deepEqual([errors[0].code, errors[0].cause.message], ["refresh-failed", "offline"]);
  assert.equal(await store.refresh(), undefined);
  assert.deepEqual([store.status(), errors[1].code], ["failed", "invalid-token"]);
  await store.refresh();
  assert.deepEqual([store.status(), store.get().allowed()], ["ready", clerk.allowed()]);
});

test("a token of another version is asked for once again, then told", async (context) => {
  const stale = dehydrate(next.session({ grants: { more: true } }));
  const once = make(context, { endpoint: answers(stale, dehydrate(boss)), session: clerk });
  assert.deepEqual((await once.store.refresh()).allowed(), boss.allowed());
  assert.deepEqual(once.errors, []);
  const endpoint = answers(stale);
  const twice = make(context, { endpoint, session: clerk });
  assert.equal(await twice.store.refresh(), undefined); // what the person holds now is not known
  assert.deepEqual([endpoint.calls, twice.errors.map(({ code }) => code)], [2, ["stale-token"]]);
});

test("a request is sent again after a 401, once", async (context) => {
  const { store, errors } = make(context, { endpoint: answers(dehydrate(boss)), session: clerk });
  const statuses = [401, 200, 401, 401];
  const send = async () => new Response(null, { status: statuses.shift() });
  assert.equal((await store.request(send)).status, 200);
  assert.deepEqual([errors, store.get().allowed()], [[], boss.allowed()]);
  assert.equal((await store.request(send)).status, 401);
  assert.deepEqual([statuses, errors.map(({ code }) => code)], [[], ["stale-token"]]);
});

test("facts: assigned, pushed, and newer than an answer that is under way", async (context) => {
  let resolve;
  const endpoint = () => new Promise((done) => (resolve = done));
  const { store, errors } = make(context, { endpoint, session: boss });
  store.facts({ open: false });
  assert.equal(store.get().can("orders.list"), false);
  assert.throws(() => store.facts({ opne: true }), { code: "unknown-id" });
  const events = new EventTarget();
  const stop = store.listen(events);
  const push = (data) => events.dispatchEvent(new MessageEvent("message", { data }));
  push('{"open":true}');
  assert.equal(store.get().can("orders.list"), true);
  push('{"opne":true}');
  push("{");
  assert.deepEqual(
    errors.map(({ name }) => name),
    ["UnknownIdError", "SyntaxError"],
  );
  push('"refresh"');
  await soon();
  push('{"open":false}');
  resolve(dehydrate(boss));
  await store.refresh();
  assert.equal(store.get().can("orders.list"), false);
  events.dispatchEvent(new Event("error"));
  resolve = undefined;
  events.dispatchEvent(new Event("open")); // connected again: messages may be lost
  await soon();
  assert.ok(resolve);
  resolve(dehydrate(boss));
  await store.refresh();
  stop();
  push('"sign-out"');
  assert.equal(store.status(), "ready");
});

test("a message can sign out", (context) => {
  const { store } = make(context, { session: boss });
  const events = new EventTarget();
  store.listen(events);
  events.dispatchEvent(new MessageEvent("message", { data: '"sign-out"' }));
  assert.deepEqual([store.status(), store.get()], ["signed-out", undefined]);
});

test("it asks before the session ends, and never uses a session after its end", async (context) => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  context.after(() => mock.timers.reset());
  const ending = (seconds) => ({ ...dehydrate(boss), validUntil: seconds });
  const fails = () => Promise.reject(new Error("offline"));
  const endpoint = answers(ending(1_200), fails);
  const { store, errors } = make(context, { endpoint, session: ending(1_100), ahead: 10_000 });
  mock.timers.tick(89_999);
  await soon();
  assert.equal(endpoint.calls, 0);
  mock.timers.tick(1);
  await soon();
  assert.equal(endpoint.calls, 1); // and the next session ends at 1,200 s
  mock.timers.tick(20_000);
  assert.ok(store.get().can("orders.refund"));
  mock.timers.tick(80_000);
  await soon();
  assert.deepEqual([endpoint.calls, errors.length, store.status()], [2, 1, "failed"]);
  assert.ok(store.get().can("orders.refund"));
  for (let second = 0; second < 9; second++) {
    mock.timers.tick(1_000);
    await soon();
  }
  assert.ok(store.get().can("orders.refund")); // 1,199 s
  mock.timers.tick(1_000);
  assert.equal(store.get(), undefined); // 1,200 s
});

test("a subject whose grant ends goes on without it", (context) => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  context.after(() => mock.timers.reset());
  const session = policy.session({ grants: { list: true, refund: { value: true, until: 1_060 } } }, { now: 1_000 });
  const { store } = make(context, { session });
  mock.timers.tick(59_999);
  assert.ok(store.get().can("orders.refund"));
  mock.timers.tick(1);
  assert.deepEqual([store.get().can("orders.refund"), store.get().can("page.open")], [false, true]);
});

/** Waits until a condition holds. */
async function until(holds) {
  for (let turn = 0; turn < 200 && !holds(); turn++) await new Promise((done) => setTimeout(done, 5));
  assert.ok(holds());
}

test("a session, facts and signing out reach every tab", async (context) => {
  let signedOut = 0;
  const tab = () => make(context, { tabs: "test-tabs", session: clerk, onSignOut: () => signedOut++ }).store;
  const [one, two] = [tab(), tab()];
  await new Promise((done) => setTimeout(done, 2));
  one.set(boss);
  await until(() => two.get().can("orders.refund"));
  two.facts({ open: false });
  await until(() => !one.get().can("orders.list"));
  one.signOut();
  assert.equal(one.get(), undefined);
  await until(() => two.get() === undefined);
  assert.deepEqual([two.status(), signedOut], ["signed-out", 2]);
  await new Promise((done) => setTimeout(done, 2));
  one.set(boss);
  await until(() => two.get()?.can("orders.refund"));
});

test("a session that was asked for before signing out does not come back", async (context) => {
  let resolve;
  const { store } = make(context, {
    endpoint: () => new Promise((done) => (resolve = done)),
    session: clerk,
    tabs: "test-late",
  });
  const late = store.refresh();
  await soon();
  const channel = new BroadcastChannel("test-late");
  context.after(() => channel.close());
  const before = Date.now() - 1;
  store.signOut();
  resolve(dehydrate(boss));
  assert.equal(await late, undefined);
  channel.postMessage({ kind: "session", since: before, at: Date.now() + 5, value: dehydrate(boss) });
  channel.postMessage("nonsense");
  channel.postMessage({ kind: "session", since: Date.now() + 1_000, at: Date.now() + 1_000, value: dehydrate(clerk) });
  await until(() => store.get());
  assert.deepEqual(store.get().allowed(), clerk.allowed()); // the later one
});

test("a tab that runs another version asks for itself", async (context) => {
  const endpoint = answers(dehydrate(next.session()));
  const old = make(context, { tabs: "test-versions", session: clerk }).store;
  const late = make(context, { tabs: "test-versions", endpoint, session: next.session() }, next).store;
  await new Promise((done) => setTimeout(done, 2));
  old.set(boss);
  await until(() => endpoint.calls === 1);
  assert.equal(late.status(), "ready");
});

test("visitors have a session of their own; nobody is signed in after 401", async (context) => {
  const visitor = policy.session();
  const { store } = make(context, { endpoint: answers(null), visitor, session: boss });
  assert.equal(await store.refresh(), visitor);
  assert.equal(store.status(), "signed-out");
  const answered = globalThis.fetch;
  context.after(() => (globalThis.fetch = answered));
  const statuses = [200, 401, 503];
  globalThis.fetch = async (address, { cache, headers }) => {
    assert.deepEqual([address, cache, headers.accept], ["/api/privet", "no-store", "application/json"]);
    return new Response(JSON.stringify(dehydrate(boss)), { status: statuses.shift() });
  };
  const page = make(context, { endpoint: "/api/privet" });
  await page.store.ready();
  assert.ok(page.store.get().can("orders.refund"));
  assert.equal(await page.store.refresh(), undefined);
  await page.store.refresh();
  assert.equal(page.errors[0].message, "the token endpoint answered 503");
});
