// `privet/svelte`, in a page.
import { document, place, wait } from "./dom.mjs";
import assert from "node:assert/strict";
import { test } from "node:test";
import { flushSync, mount, unmount } from "svelte";
import { get } from "svelte/store";
import { liveStore } from "privet/live";
import { dehydrate } from "privet/ssr";
import { toSvelte } from "privet/svelte";
import { why } from "privet/why";
import App from "./svelte/App.svelte";
import Why from "./svelte/Why.svelte";
import Reactive from "./svelte/Reactive.svelte";
import { boss, clerk, policy, storeOf } from "./policy.mjs";

/** The text of the page with single spaces. */
const shown = (main) => main.textContent.replace(/\s+/g, " ").trim();

test("Svelte: markup follows the session, and only what changes is rendered", async () => {
  const store = storeOf(clerk);
  const counts = {};
  const main = place();
  const why = (_, operation) => ({ sentence: `${operation} needs Refund` });
  const app = mount(App, { target: main, props: { source: store, options: { why }, counts } });
  flushSync();
  assert.equal(shown(main), "orders.listpage.open Orders ask no own 0 orders.refund needs Refund");
  assert.deepEqual(counts, { "orders.list": 1, "page.open": 1, Orders: 1 });
  const button = main.querySelector("button");
  const reason = document.getElementById(button.getAttribute("aria-describedby"));
  assert.deepEqual([reason.textContent, reason.hidden, button.disabled], ["orders.refund needs Refund", true, false]);
  button.click();
  flushSync();
  assert.equal(button.textContent, "0");
  store.set(boss);
  flushSync();
  assert.equal(shown(main), "orders.listorders.refundpage.open Orders refund own 0");
  assert.deepEqual(counts, { "orders.list": 1, "orders.refund": 1, "page.open": 1, Orders: 2 });
  assert.ok(main.querySelector("button") === button);
  assert.equal(button.hasAttribute("aria-disabled"), false);
  button.click();
  flushSync();
  assert.equal(button.textContent, "1");
  store.set(boss.with({ facts: { own: null } })); // another session, the same decisions
  flushSync();
  assert.equal(counts.Orders, 2);
  unmount(app);
});

test("Svelte: the reason of privet/why follows the session", async () => {
  const store = storeOf(clerk);
  const main = place();
  const app = mount(Why, { target: main, props: { source: store, options: { why } } });
  flushSync();
  assert.equal(shown(main), "Edit It is not known whether own is on. It is not known whether own is on.");
  store.set(boss.with({ facts: { own: false } }));
  flushSync();
  assert.equal(shown(main), "Edit own is off. own is off.");
  unmount(app);
});

test("Svelte: sessions in deep state and a getter", async () => {
  const main = place();
  const app = mount(Reactive, { target: main, props: { first: clerk } });
  flushSync();
  assert.equal(shown(main), "no clerk");
  app.assign(boss);
  flushSync();
  assert.equal(shown(main), "yes clerk");
  app.assign(null);
  flushSync();
  assert.equal(shown(main), "no none");
  unmount(app);
});

test("Svelte: a live store, and the store contract", async () => {
  const store = liveStore(policy, { endpoint: async () => dehydrate(boss) });
  const main = place();
  const app = mount(App, { target: main, props: { source: store } });
  flushSync();
  assert.equal(shown(main), "");
  assert.equal(get(toSvelte(store)), undefined);
  await store.ready();
  flushSync();
  assert.equal(shown(main), "orders.listorders.refundpage.open Orders refund own 0");
  const seen = [];
  const stop = toSvelte(store).subscribe((session) => seen.push(session?.can("orders.refund")));
  store.set(clerk);
  stop();
  store.signOut();
  flushSync();
  assert.deepEqual(seen, [true, false]);
  assert.equal(shown(main), "");
  unmount(app);
  store.close();
  await wait();
});
