// Policies and sessions behind the proxies of frameworks, and what of them a caller can reach.
import assert from "node:assert/strict";
import { test } from "node:test";
import { reactive, ref, shallowReactive, toRaw } from "@vue/reactivity";
import { load } from "./support/package.mjs";

const { open, createStore } = await load("privet");
const { pack } = await load("privet/policies/contact");
const tools = await (await load("privet/studio")).studio();
const subject = { roles: ["supervisor"], grants: { "routing-flows": "modify" }, facts: { "flow-editor": true } };
const policy = open(pack);
const session = policy.session(subject);

/** Everything that a session answers, as plain data. */
const answers = (session) => ({
  decisions: session.policy.operations.map((id) => session.decide(id)),
  can: session.policy.operations.map((id) => session.can(id)),
  handles: session.policy.operations.map((id) => session.canHandle(session.policy.handle(id))),
  any: [session.canAny("calls.flows.define"), session.canAll("calls.flows.define")],
  allowed: [...session.allowed()],
  menu: JSON.stringify(session.menu()),
  verbs: session.policy.menu.map((id) => [...session.verbs(id).names]),
  holds: session.policy.privileges.map((id) => session.holds(id)),
  subject: session.subject(),
  inputs: session.inputs("calls.flows.define"),
  token: session.token(),
  snapshot: session.snapshot(),
  after: session.with({ set: { "routing-flows": null } }).allowed(),
  diff: session.diff(session.with({ set: { "routing-flows": null } })),
  restored: session.policy.restore(session.token(), subject.facts).allowed(),
  explained: tools.explain(session, "calls.flows.define").sentence,
});

/** A proxy that wraps every object that is read through it, as some state libraries do. */
const deep = (target) =>
  new Proxy(target, {
    get(target, key, receiver) {
      const value = Reflect.get(target, key, receiver);
      return typeof value === "object" && value !== null && !Object.isFrozen(value) ? deep(value) : value;
    },
  });

const wrapped = {
  "Vue's ref": (session) => ref(session).value,
  "Vue's ref of an object": (session) => ref({ session }).value.session,
  "Vue's reactive": (session) => reactive({ session }).session,
  "Vue's shallowReactive": (session) => shallowReactive({ session }).session,
  "a proxy without traps": (session) => new Proxy(session, {}),
  "a proxy of a proxy": (session) => new Proxy(new Proxy(session, {}), {}),
  "a deep proxy": deep,
};
for (const [name, wrap] of Object.entries(wrapped))
  test(`a session behind ${name} gives the same answers`, () => {
    assert.deepEqual(answers(wrap(session)), answers(session));
    assert.deepEqual(answers(wrap(policy).session(subject)), answers(session));
    const store = createStore(wrap(session));
    assert.equal(store.get().can("calls.flows.define"), session.can("calls.flows.define"));
  });

test("Vue does wrap a session, so the tests above are about proxies", () => {
  const state = ref(session);
  assert.notEqual(state.value, session);
  assert.equal(toRaw(state.value), session);
});

/** Every typed array, buffer and mutable list that is reached by the properties of an object. */
function reach(root) {
  const found = [];
  const seen = new Set();
  const visit = (value) => {
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    seen.add(value);
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) found.push(value);
    if (Array.isArray(value) && !Object.isFrozen(value)) found.push(value);
    for (const key of Reflect.ownKeys(value)) visit(Reflect.getOwnPropertyDescriptor(value, key).value);
  };
  visit(root);
  return found;
}

test("no property of a policy or session leads to its program", () => {
  assert.deepEqual(reach(policy), []);
  assert.deepEqual(reach(session), []);
  assert.deepEqual(reach(session.menu()), []);
  assert.deepEqual(Object.keys(session), ["policy"]);
  const lists = ["facts", "guides", "menu", "operations", "privileges", "roles", "verbs"];
  assert.deepEqual(Object.keys(policy).sort(), ["fingerprint", "id", "layout", "title", "version", ...lists].sort());
});

test("a policy keeps its own copy of its pack", () => {
  const bytes = new Uint8Array(pack);
  const own = open(bytes);
  bytes.fill(0);
  assert.deepEqual(own.session(subject).allowed(), session.allowed());
});
