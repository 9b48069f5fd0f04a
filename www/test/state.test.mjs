// Properties of the state of the page, without a browser: undo, save points, and what is kept or carried by a link, for random people, changes and orders.
// PRIVET_RUNS says how many cases each property has, PRIVET_SEED which: without it they are always the same.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import "fake-indexeddb/auto";
import fc from "fast-check";
import { createServer } from "vite";

const server = await createServer({
  root: fileURLToPath(new URL("..", import.meta.url)),
  configFile: fileURLToPath(new URL("../vite.config.js", import.meta.url)),
  server: { middlewareMode: true, hmr: false, watch: null },
  appType: "custom",
  logLevel: "error",
});
after(() => server.close());
const state = (name) => server.ssrLoadModule(`/src/state/${name}.ts`);
const [
  { committed, stepped },
  { applied, atSavePoint, sessionOf, subjectOf },
  { loadModel },
  { newWorkspace },
  { store },
  { link, noQuestion, read },
] = await Promise.all(["history", "workspace", "model", "examples", "store", "hash"].map(state));

const model = await loadModel("contact", undefined);
const RUNS = Number(process.env.PRIVET_RUNS ?? 100);
const seed = Number(process.env.PRIVET_SEED ?? 1);
const check = (property) => fc.assert(property, { numRuns: RUNS, seed });

/** A value that the policy accepts for a privilege or a fact, or `null`, which takes it away. */
const fitting = ({ kind, levels, options, min = 0, max = 100 }) => {
  const ids = (list) => fc.constantFrom(...list.map(({ id }) => id));
  const value = {
    flag: () => fc.constant(true),
    switch: () => fc.boolean(),
    level: () => ids(levels),
    choice: () => ids(options),
    set: () => fc.uniqueArray(ids(options), { minLength: 1 }),
    number: () => fc.integer({ min, max }),
  }[kind]();
  return fc.option(value, { nil: null });
};
const some = (infos) =>
  fc
    .uniqueArray(fc.constantFrom(...infos), { maxLength: 3, selector: ({ id }) => id })
    .chain((chosen) => fc.record(Object.fromEntries(chosen.map((info) => [info.id, fitting(info)]))));
const privileges = model.described.privileges.filter(({ grantedThrough }) => grantedThrough !== "role");
const roles = fc.uniqueArray(fc.constantFrom(...model.described.roles.map(({ id }) => id)), { maxLength: 2 });
const change = fc.record({
  set: some(privileges),
  facts: some(model.described.facts),
  roles: fc.record({ add: roles, remove: roles }),
});
/** What a person at the page does. */
const action = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("change"), who: fc.nat(), change }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("undo") }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("redo") }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("save"), who: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("return"), who: fc.nat() }) },
);
const actions = fc.array(action, { maxLength: 25 });

const start = () => newWorkspace(model, "contact", "contact");
const copy = (value) => structuredClone(value);
const isAccepted = (content) => {
  try {
    for (const person of content.people) sessionOf(model, content, person);
    return true;
  } catch {
    return false;
  }
};
const replaced = (content, person, part) => ({
  ...content,
  people: content.people.map((one) => (one === person ? { ...one, ...part } : one)),
});

/** The content after an action that is a change; `undefined` for one that the policy refuses, as the page does. */
function changed(content, { kind, who, change }) {
  const person = content.people[who % content.people.length];
  const next =
    kind === "change"
      ? applied(model, content, person.id, change)
      : kind === "save"
        ? replaced(content, person, { saved: { subject: person.subject, roles: person.roles, name: "here" } })
        : replaced(content, person, { subject: person.saved.subject, roles: person.saved.roles });
  return isAccepted(next) ? next : undefined;
}

/** Runs actions on a workspace, and tells `each` the workspace after every one of them. */
function run(workspace, list, each = () => {}) {
  let current = workspace;
  for (const [at, one] of list.entries()) {
    if (one.kind === "undo" || one.kind === "redo") current = stepped(current, one.kind)?.workspace ?? current;
    else {
      const next = changed(current.content, one);
      if (next) current = committed(current, next, `step ${at}`);
    }
    each(current, one);
  }
  return current;
}
/** What everybody may do, decided by a session that shares nothing with those that the page keeps. */
const decisions = (content) =>
  content.people.map((person) => [...model.policy.session(copy(subjectOf(copy(content), copy(person)))).allowed()]);
const kept = (content) => content.people.map((person) => [...sessionOf(model, content, person).allowed()]);

test("a fact about a person that becomes unknown is left out, as if it had never been known", () => {
  const { content } = start();
  const { id } = content.people[0];
  const known = applied(model, content, id, { facts: { "flow-editor": true } });
  assert.deepEqual(known.people[0].subject.facts, { ...content.people[0].subject.facts, "flow-editor": true });
  const unknown = applied(model, known, id, { facts: { "flow-editor": null } });
  assert.equal("flow-editor" in unknown.people[0].subject.facts, false);
});

test("undo and redo walk through the states as they were, and decide as then", () =>
  check(
    fc.property(actions, (list) => {
      const states = [copy(start().content)];
      let at = 0;
      run(start(), list, (workspace, { kind }) => {
        const before = states[at];
        if (kind === "undo") at = Math.max(0, at - 1);
        else if (kind === "redo") at = Math.min(states.length - 1, at + 1);
        else if (workspace.past.length === at + 1 && workspace.future.length === 0 && workspace.content !== before) {
          states.splice(++at, states.length, copy(workspace.content));
        }
        assert.deepEqual(workspace.content, states[at]);
        assert.deepEqual([workspace.past.length, workspace.future.length], [at, states.length - 1 - at]);
      });
    }),
  ));

test("what the page keeps in memory never decides otherwise than a new session", () =>
  check(
    fc.property(fc.array(action, { maxLength: 8 }), (list) => {
      run(start(), list, ({ content }) => assert.deepEqual(kept(content), decisions(content)));
    }),
  ));

test("undoing every step gives the beginning, and redoing every step the end", () =>
  check(
    fc.property(actions, (list) => {
      const end = run(start(), list);
      const far = (workspace, way) => {
        const next = stepped(workspace, way);
        return next ? far(next.workspace, way) : workspace;
      };
      const first = far(end, "undo");
      assert.deepEqual(first.content, start().content);
      const last = far(first, "redo");
      assert.deepEqual(last.content, far(end, "redo").content);
      assert.equal(last.past.length, end.past.length + end.future.length);
    }),
  ));

test("a hundred steps are kept, the latest", () => {
  let workspace = start();
  for (let at = 0; at < 130; at++)
    workspace = committed(workspace, { ...workspace.content, facts: { ...workspace.content.facts } }, `step ${at}`);
  assert.equal(workspace.past.length, 100);
  assert.deepEqual([workspace.past[0].did, workspace.past.at(-1).did], ["step 30", "step 129"]);
  assert.equal(stepped(workspace, "redo"), undefined);
});

test("a save point gives back what a person held, in the present installation", () =>
  check(
    fc.property(actions, actions, fc.nat(), (before, list, who) => {
      const saved = run(run(start(), before), [{ kind: "save", who }]);
      const { id, subject, roles } = saved.content.people[who % saved.content.people.length];
      const later = run(
        saved,
        list.filter(({ kind }) => kind === "change"),
      );
      const person = later.content.people.find((one) => one.id === id);
      const back = atSavePoint(person);
      // A table or list that is empty may be left out
      const full = (subject) => ({ roles: [], grants: {}, facts: {}, ...subject });
      assert.deepEqual([back.id, back.name, full(back.subject), back.roles], [id, person.name, full(subject), roles]);
      const returned = changed(later.content, { kind: "return", who });
      if (!returned) return; // the installation has changed, so that the policy refuses it, and the page does too
      assert.deepEqual(
        [
          ...sessionOf(
            model,
            returned,
            returned.people.find((one) => one.id === id),
          ).allowed(),
        ],
        [...model.policy.session(copy(subjectOf(later.content, { ...person, subject, roles }))).allowed()],
      );
      assert.deepEqual(
        returned.people.filter((one) => one.id !== id),
        later.content.people.filter((one) => one.id !== id),
      );
      assert.deepEqual(returned.facts, later.content.facts);
    }),
  ));

test("a workspace that was kept in the browser comes back as it was, and goes on as if it had stayed", () =>
  check(
    fc.asyncProperty(actions, actions, async (before, later) => {
      const workspace = { ...run(start(), before), question: noQuestion };
      await store.saveWorkspace(workspace);
      const back = await store.workspace(workspace.id);
      assert.deepEqual(back, workspace);
      assert.deepEqual(run(back, later), run(workspace, later));
      await store.deleteWorkspace(workspace.id);
      assert.equal(await store.workspace(workspace.id), undefined);
    }),
  ));

test("a link carries everybody and the installation", () =>
  check(
    fc.asyncProperty(actions, fc.string({ unit: "grapheme" }), async (list, name) => {
      const { content } = run(start(), list);
      const people = content.people.map((person, at) => (at === 0 ? { ...person, name } : person));
      const carried = { policy: "contact", content: { ...content, people } };
      const { carried: arrived } = await read(await link(noQuestion, carried, noQuestion));
      assert.deepEqual(arrived, JSON.parse(JSON.stringify(carried)));
      assert.deepEqual(kept(arrived.content), decisions(carried.content));
    }),
  ));
