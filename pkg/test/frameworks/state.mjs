// Sessions in the state of MobX and Immer, whose proxies wrap what is read.
import assert from "node:assert/strict";
import { test } from "node:test";
import { freeze, produce } from "immer";
import { autorun, observable, runInAction } from "mobx";
import { boss, clerk, policy, titles } from "./policy.mjs";

const answers = (session) => [
  session.allowed(),
  titles(session.menu()),
  session.token(),
  session.with({ facts: { own: true } }).allowed(),
];

test("MobX: sessions in deep observable state", () => {
  const state = observable({ session: clerk, list: [clerk] });
  const seen = [];
  const stop = autorun(() => seen.push(state.session.can("orders.refund")));
  runInAction(() => {
    state.session = boss;
    state.list.push(boss);
  });
  stop();
  assert.deepEqual(seen, [false, true]);
  assert.deepEqual(state.list.map(answers), [answers(clerk), answers(boss)]);
  assert.deepEqual(answers(state.session.policy.session({ grants: { list: true } })), answers(clerk));
});

test("Immer: sessions in drafts and in frozen state", () => {
  const state = freeze({ session: clerk, seen: [] }, true);
  const next = produce(state, (draft) => {
    draft.seen.push(...answers(draft.session)[0]);
    draft.session = draft.session.with({ set: { refund: true } });
  });
  assert.deepEqual(next.seen, [...clerk.allowed()]);
  assert.deepEqual(answers(next.session), answers(policy.session({ grants: { list: true, refund: true } })));
  assert.deepEqual(answers(state.session), answers(clerk));
  assert.deepEqual(answers(state.session.under({ own: true })), answers(clerk.under({ own: true }))); // frozen, and memoises
});
