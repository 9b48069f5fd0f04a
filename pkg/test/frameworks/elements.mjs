// `privet/elements`.
import { document, place, wait } from "./dom.mjs";
import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { connect } from "privet/elements";
import { boss, clerk, storeOf } from "./policy.mjs";

/** Connects a page with this content while `use` runs. */
async function connecting(html, source, options, use) {
  const main = place();
  main.innerHTML = html;
  const page = connect(source, options);
  try {
    await use(main, page);
  } finally {
    page.stop();
  }
}

test("elements: data-can shows, hides and disables, late ones too", async () => {
  const store = storeOf(clerk);
  const html = `
    <p data-can="orders.list">list</p>
    <p data-can="orders.refund" style="display: flex">refund</p>
    <p data-can="orders.refund" data-can-not>no</p>
    <p data-can="orders.edit" data-can-facts='{"own":true}'>own</p>
    <button data-can="orders.refund" data-can-disabled>Refund</button>`;
  const why = (_, operation) => `${operation} needs Refund`;
  await connecting(html, store, { why }, async (main) => {
    const [list, refund, no, own, button] = main.children;
    let clicks = 0;
    button.addEventListener("click", () => clicks++);
    const hidden = () => [list, refund, no, own].map((element) => element.hidden);
    const states = () => [...main.children].map((element) => element.dataset.canState);
    assert.deepEqual(hidden(), [false, true, false, false]);
    assert.deepEqual(states(), ["allowed", "denied", "denied", "allowed", "denied"]);
    assert.equal(refund.style.display, "none");
    assert.equal(
      document.getElementById(button.getAttribute("aria-describedby")).textContent,
      "orders.refund needs Refund",
    );
    button.click();
    store.set(boss);
    assert.deepEqual(hidden(), [false, false, true, false]);
    assert.equal(refund.style.display, "flex");
    button.click();
    assert.deepEqual([clicks, button.hasAttribute("aria-describedby")], [1, false]);
    store.set(clerk);
    const late = document.createElement("div");
    late.innerHTML = '<b data-can="orders.refund">late</b>';
    main.append(late);
    await wait(5);
    assert.equal(late.firstChild.hidden, true);
    list.dataset.can = "orders.refund"; // another operation
    delete refund.dataset.can; // none any more
    await wait(5);
    assert.deepEqual([list.hidden, refund.hidden, refund.style.display], [true, false, "flex"]);
    late.remove();
    await wait(5);
    store.set(boss);
    assert.equal(late.firstChild.hidden, true); // no longer in the page
  });
});

test("elements: privet-can renders its children, its fallback, or nothing", async () => {
  const store = storeOf(clerk);
  const html = `
    <privet-can do="orders.refund"><b>refund</b><i slot="fallback">ask</i></privet-can>
    <privet-can do="orders.refund" not>no</privet-can>
    <privet-can do="orders.refund" disabled reason="sold out"><button>Refund</button></privet-can>`;
  const slots = (main) =>
    [...main.children].map(
      ({ shadowRoot }) => shadowRoot.querySelector("slot")?.getAttribute("name") ?? !!shadowRoot.querySelector("slot"),
    );
  await connecting(html, store, {}, async (main, page) => {
    assert.deepEqual(slots(main), ["fallback", true, true]);
    const button = main.querySelector("button");
    assert.equal(document.getElementById(button.getAttribute("aria-describedby")).textContent, "sold out");
    store.set(boss);
    assert.deepEqual(slots(main), [true, "fallback", true]);
    assert.equal(button.hasAttribute("aria-disabled"), false);
    main.children[0].setAttribute("do", "audit.read");
    assert.deepEqual(slots(main), ["fallback", "fallback", true]);
    main.insertAdjacentHTML("beforeend", '<privet-can do="orders.list">late</privet-can>');
    assert.deepEqual(slots(main).at(-1), true);
    page.use(null); // signed out
    assert.deepEqual(slots(main), [false, false, false, false]);
  });
});

test("elements: unknown ids and facts that are no JSON hide and are told", async () => {
  const html = `
    <p data-can="orders.refnud">x</p><p data-can="orders.refnud" data-can-not>y</p><p data-can="">z</p>
    <p data-can="orders.edit" data-can-facts="{">w</p>`;
  const told = [];
  await connecting(html, boss, { onError: (error) => told.push(error.name) }, (main) => {
    assert.deepEqual(
      [...main.children].map(({ hidden, dataset }) => [hidden, dataset.canState]),
      Array(4).fill([true, "none"]),
    );
    assert.deepEqual(told, ["UnknownIdError", "UnknownIdError", "SyntaxError"]);
  });
  place().innerHTML = '<p data-can="orders.refnud">x</p>';
  assert.throws(() => connect(boss, { strict: true }), { name: "UnknownIdError" });
});

test("elements: two policies, and a shadow root", async () => {
  const main = place();
  main.innerHTML = '<p data-can="orders.refund">one</p><p data-other="orders.refund">two</p><div></div>';
  const one = connect(clerk);
  const two = connect(boss, { attribute: "data-other", element: "other-can" });
  const [first, second, host] = main.children;
  assert.deepEqual([first.hidden, second.hidden], [true, false]);
  const tree = host.attachShadow({ mode: "open" });
  tree.innerHTML = '<p data-can="orders.refund">inside</p>';
  const stop = one.observe(tree);
  assert.equal(tree.firstChild.hidden, true);
  stop();
  one.stop();
  two.stop();
});

test("elements: reasons of earlier sessions are not kept", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  const store = storeOf(clerk);
  const given = [];
  const why = () => {
    const answer = { sentence: `reason ${given.length}` };
    given.push(new WeakRef(answer));
    return answer;
  };
  await connecting('<button data-can="orders.refund" data-can-disabled>Refund</button>', store, { why }, async () => {
    for (let change = 0; change < 50; change++) {
      store.set(clerk.with({ facts: { own: change % 2 === 0 } }));
      await wait();
    }
    collect();
    await wait();
    collect();
    const kept = given.filter((answer) => answer.deref()).length;
    assert.ok(given.length >= 50 && kept <= 10, `${kept} of ${given.length} answers are kept`);
  });
});
