// `privet/vue`.
import { document, place, wait } from "./dom.mjs";
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  createSSRApp,
  createApp,
  defineComponent,
  h,
  nextTick,
  reactive,
  ref,
  withDirectives,
  resolveDirective,
} from "vue";
import { renderToString } from "vue/server-renderer";
import { dehydrate, hydrate } from "privet/ssr";
import { liveStore } from "privet/live";
import { Can, Menu, createPrivet, privet, useCan, useMenu, useSession, useWhy } from "privet/vue";
import { why } from "privet/why";
import { boss, clerk, policy, storeOf, titles } from "./policy.mjs";

/** Mounts a component in an empty page while `use` runs. */
async function mounting(component, options, use, prepare = () => {}) {
  const main = place();
  const app = createApp(component);
  const warned = [];
  app.config.warnHandler = (text) => warned.push(text);
  app.use(privet, options);
  prepare(app);
  app.mount(main);
  try {
    await use(main, app);
  } finally {
    app.unmount();
  }
  assert.deepEqual(warned, []);
}

test("Vue: a component renders again only if its own decision changes", async () => {
  const counts = {};
  let menus = 0;
  const Counted = defineComponent({
    props: ["op"],
    setup({ op }) {
      const can = useCan(op);
      return () => {
        counts[op] = (counts[op] ?? 0) + 1;
        return can.value ? h("b", op) : undefined;
      };
    },
  });
  const Items = defineComponent({
    setup() {
      const menu = useMenu();
      return () => {
        menus++;
        return titles(menu.value).join(" ");
      };
    },
  });
  const store = storeOf(clerk);
  const app = { render: () => [...policy.operations.map((op) => h(Counted, { key: op, op })), h(Items)] };
  await mounting(app, { store }, async (main) => {
    const once = Object.fromEntries(policy.operations.map((id) => [id, 1]));
    assert.deepEqual(counts, once);
    assert.equal(main.textContent, "orders.listpage.openOrders");
    store.set(boss); // one grant
    await nextTick();
    assert.deepEqual([counts, menus], [{ ...once, "orders.refund": 2 }, 2]);
    assert.equal(main.textContent, "orders.listorders.refundpage.openOrders>Refunds");
    store.set(boss.with({ facts: { own: null } })); // another session, the same decisions
    await nextTick();
    assert.deepEqual([counts, menus], [{ ...once, "orders.refund": 2 }, 2]);
  });
});

test("Vue: sessions in a deep ref and in reactive state", async () => {
  const state = reactive({ session: clerk });
  const session = ref(clerk);
  const Who = { setup: () => () => String(useCan("orders.refund").value) };
  await mounting(Who, { session }, async (main) => {
    assert.equal(main.textContent, "false");
    session.value = boss;
    await nextTick();
    assert.equal(main.textContent, "true");
    session.value = null;
    await nextTick();
    assert.equal(main.textContent, "false");
  });
  const Shown = {
    setup: () => {
      const found = useSession();
      return () => String(found.value?.can("orders.refund"));
    },
  };
  await mounting(Shown, { session: () => state.session }, async (main) => {
    state.session = boss;
    await nextTick();
    assert.equal(main.textContent, "true");
  });
});

const page = (record) => ({
  render: () => [
    h(Can, { do: "orders.refund" }, { default: () => "refund", fallback: () => "ask" }),
    h(Can, { do: "orders.refund", not: true }, () => " no"),
    h(Can, { do: "orders.edit", facts: { own: record.own } }, () => " own"),
    h(Can, { do: "orders.list" }, { default: ({ shown }) => ` ${shown}` }),
  ],
});

test("Vue: Can: not, fallback, facts, nothing while there is no session", async () => {
  const record = reactive({ own: true });
  const session = ref(clerk);
  await mounting(page(record), { session }, async (main) => {
    assert.equal(main.textContent, "ask no own true");
    record.own = false;
    session.value = boss;
    await nextTick();
    assert.equal(main.textContent, "refund true");
    session.value = undefined;
    await nextTick();
    assert.equal(main.textContent, "");
  });
});

test("Vue: disabled: the reason is the description, and a click does nothing", async () => {
  let clicks = 0;
  const store = storeOf(clerk);
  const app = {
    render: () =>
      h(Can, { do: "orders.refund", disabled: true }, () => [
        h("button", { onClick: () => clicks++, "aria-describedby": "mine" }, "Refund"),
        h("input"),
      ]),
  };
  const why = (_, operation) => ({ sentence: `${operation} needs Refund` });
  await mounting(app, { store, why }, async (main) => {
    const [button, input, span] = main.children;
    assert.deepEqual([span.textContent, span.hidden], ["orders.refund needs Refund", true]);
    assert.deepEqual([button.getAttribute("aria-describedby"), input.disabled], [`mine ${span.id}`, true]);
    assert.deepEqual([button.getAttribute("aria-disabled"), button.disabled], ["true", false]);
    button.click();
    assert.equal(clicks, 0);
    store.set(boss);
    await nextTick();
    assert.ok(main.querySelector("button") === button);
    assert.deepEqual([button.getAttribute("aria-disabled"), button.getAttribute("aria-describedby")], [null, "mine"]);
    button.click();
    assert.deepEqual([clicks, main.children.length], [1, 2]);
  });
});

test("Vue: the reason of privet/why follows the session", async () => {
  const store = storeOf(clerk);
  let renders = 0;
  const Why = defineComponent({
    setup() {
      const found = useWhy(() => "orders.edit");
      return () => {
        renders++;
        return h("p", found.value?.sentence);
      };
    },
  });
  const app = { render: () => [h(Can, { do: "orders.edit", disabled: true }, () => h("button", "Edit")), h(Why)] };
  await mounting(app, { store, why }, async (main) => {
    const [, span, text] = main.children;
    assert.deepEqual([span.textContent, text.textContent], Array(2).fill("It is not known whether own is on."));
    store.set(boss);
    await nextTick();
    assert.equal(renders, 1);
    store.set(boss.with({ facts: { own: false } }));
    await nextTick();
    assert.deepEqual([main.children[1].textContent, main.children[2].textContent], ["own is off.", "own is off."]);
  });
});

test("Vue: v-can hides, disables and follows", async () => {
  const store = storeOf(clerk);
  const wanted = ref("orders.refund");
  let clicks = 0;
  const app = {
    render() {
      const can = resolveDirective("can");
      return [
        withDirectives(h("p", { style: "display: flex" }, "hidden"), [[can, wanted.value]]),
        withDirectives(h("i", "not"), [[can, "orders.refund", "", { not: true }]]),
        withDirectives(h("button", { onClick: () => clicks++ }, "Refund"), [
          [can, { do: "orders.refund", reason: (id) => `no ${id}` }, "", { disabled: true }],
        ]),
      ];
    },
  };
  await mounting(app, { store }, async (main) => {
    const [p, i, button] = main.children;
    assert.deepEqual([p.hidden, p.style.display, i.hidden], [true, "none", false]);
    assert.equal(document.getElementById(button.getAttribute("aria-describedby")).textContent, "no orders.refund");
    button.click();
    wanted.value = "orders.list";
    await nextTick();
    assert.deepEqual([p.hidden, p.style.display, clicks], [false, "flex", 0]);
    store.set(boss);
    assert.deepEqual([i.hidden, button.getAttribute("aria-describedby")], [true, null]);
    button.click();
    assert.equal(clicks, 1);
  });
});

test("Vue: an unknown id throws in development; otherwise it hides and is told once", async () => {
  const text = "unknown operation `orders.refnud`; did you mean `orders.refund`?";
  const wrong = {
    render: () => [h(Can, { do: "orders.refnud" }, () => "x"), h(Can, { do: "orders.refnud", not: true }, () => "y")],
  };
  const errors = [];
  await mounting(
    wrong,
    { session: boss },
    () => {},
    (app) => {
      app.config.errorHandler = (error) => errors.push(error.message);
    },
  );
  assert.deepEqual(errors, [text, text]);
  const told = [];
  await mounting(wrong, { session: boss, strict: false, onError: ({ message }) => told.push(message) }, (main) =>
    assert.equal(main.textContent, ""),
  );
  assert.deepEqual(told, [text]);
});

test("Vue: two policies in one app", async () => {
  const other = createPrivet(policy, "other");
  const app = {
    render: () => [h(Can, { do: "orders.refund" }, () => "one"), h(other.Can, { do: "orders.refund" }, () => "two")],
  };
  await mounting(
    app,
    { session: clerk },
    (main) => assert.equal(main.textContent, "two"),
    (app) => app.use(other.privet, { session: boss }),
  );
});

test("Vue: the server's markup hydrates without a warning", async () => {
  const app = {
    render() {
      return h("main", [
        h(Menu),
        h(Menu, null, { item: ({ item, below }) => h("div", [item.label, below()]) }),
        h(Can, { do: "orders.refund", disabled: true, reason: "why" }, () => h("button", "Refund")),
        withDirectives(h("p", "list"), [[resolveDirective("can"), "orders.list"]]),
        withDirectives(h("p", "refund"), [[resolveDirective("can"), "orders.refund"]]),
      ]);
    },
  };
  const html = await renderToString(createSSRApp(app).use(privet, { session: clerk }));
  assert.match(
    html,
    /<ul><li>Orders.*<div>Orders.*<button aria-describedby="[^"]+" aria-disabled="true">.*<p>list<\/p><p hidden/s,
  );
  const main = place();
  main.innerHTML = html;
  const store = storeOf(hydrate(policy, JSON.parse(JSON.stringify(dehydrate(clerk)))));
  const warned = [];
  const client = createSSRApp(app).use(privet, { store });
  client.config.warnHandler = (text) => warned.push(text);
  const print = console.error;
  console.error = (text) => warned.push(text);
  const button = main.querySelector("button");
  client.mount(main);
  console.error = print;
  assert.deepEqual(warned, []);
  assert.ok(main.querySelector("button") === button);
  store.set(boss);
  await nextTick();
  assert.equal(button.getAttribute("aria-disabled"), null);
  assert.ok(main.querySelector("li li"));
  client.unmount();
});

test("Vue: a live store, and the focus", async () => {
  const store = liveStore(policy, { endpoint: async () => dehydrate(boss) });
  const app = {
    render: () => [
      h(Can, { do: "orders.refund" }, { default: () => h("button", { id: "refund" }), fallback: () => "fallback" }),
      h("button", { id: "next" }),
    ],
  };
  await mounting(app, { store }, async (main) => {
    assert.equal(main.querySelector("#refund"), null);
    assert.equal(main.textContent, "");
    await store.ready();
    await nextTick();
    main.querySelector("#refund").focus();
    store.set(clerk);
    await wait(40);
    assert.equal(document.activeElement.id, "next");
    store.signOut();
    await nextTick();
    assert.equal(main.textContent, "");
  });
  store.close();
});

test("Vue: a composable without the plugin says what is missing", () => {
  const app = createApp({ setup: () => useCan("orders.list") });
  app.config.warnHandler = () => {};
  assert.throws(() => app.mount(place()), {
    message: "the app does not use Privet; call `app.use(privet, { store })`",
  });
});
