// `privet/solid`, without JSX: components are functions, and elements follow accessors.
import { document, place, wait } from "./dom.mjs";
import assert from "node:assert/strict";
import { test } from "node:test";
import { createComponent, createEffect, createSignal, mergeProps } from "solid-js";
import { Dynamic, render } from "solid-js/web";
import { Can, PrivetProvider, createPrivet, useCan, useMenu, useSession, useWhy } from "privet/solid";
import { why } from "privet/why";
import { boss, clerk, policy, storeOf, titles } from "./policy.mjs";

const element = (component, props, children) =>
  createComponent(
    Dynamic,
    mergeProps({ component }, props, {
      get children() {
        return children?.();
      },
    }),
  );
const can = (props, children) => createComponent(Can, mergeProps(props, { children }));

/** Renders below a provider while `use` runs. */
async function rendering(props, content, use) {
  const main = place();
  const options = Object.defineProperties({}, Object.getOwnPropertyDescriptors(props));
  Object.defineProperty(options, "children", { get: content });
  const dispose = render(() => createComponent(PrivetProvider, options), main);
  try {
    await use(main);
  } finally {
    dispose();
  }
}

test("Solid: an effect runs again only if its own decision changes", async () => {
  const counts = {};
  let menus = 0;
  const store = storeOf(clerk);
  const Counted = ({ id }) => {
    const allowed = useCan(id);
    createEffect(() => {
      counts[id] = [...(counts[id] ?? []), allowed()];
    });
    return null;
  };
  const Items = () => {
    const menu = useMenu();
    return () => {
      menus++;
      return titles(menu()).join(" ");
    };
  };
  const content = () => [
    ...policy.operations.map((id) => createComponent(Counted, { id })),
    createComponent(Items, {}),
  ];
  await rendering({ store }, content, (main) => {
    const before = { "orders.list": [true], "orders.refund": [false], "orders.edit": [false], "audit.read": [false] };
    assert.deepEqual(counts, { ...before, "page.open": [true] });
    store.set(boss); // one grant
    assert.deepEqual(counts, { ...before, "page.open": [true], "orders.refund": [false, true] });
    assert.deepEqual([menus, main.textContent], [2, "Orders>Refunds"]);
    store.set(boss.with({ facts: { own: null } }));
    assert.equal(menus, 2);
  });
});

test("Solid: Can: not, fallback, facts, disabled; a session signal", async () => {
  const [session, set] = createSignal(clerk);
  const [own, setOwn] = createSignal(true);
  let clicks = 0;
  let created = 0;
  const content = () => [
    can({ do: "orders.refund", fallback: "ask" }, "refund"),
    can({ do: "orders.refund", not: true }, " no"),
    can(
      {
        do: "orders.edit",
        get facts() {
          return { own: own() };
        },
      },
      " own",
    ),
    can({ do: "orders.refund", disabled: true }, (state) => {
      created++;
      return element(
        "button",
        mergeProps({ onClick: () => clicks++ }, () => state.disabled),
      );
    }),
    () => String(useSession()()?.can("orders.refund")),
  ];
  const props = {
    get session() {
      return session();
    },
    why: (_, operation) => ({ sentence: `${operation}?` }),
  };
  await rendering(props, content, (main) => {
    assert.equal(main.textContent, "ask no ownorders.refund?false");
    const button = main.querySelector("button");
    assert.equal(document.getElementById(button.getAttribute("aria-describedby")).textContent, "orders.refund?");
    button.click();
    assert.equal(clicks, 0);
    setOwn(false);
    assert.equal(main.textContent, "ask noorders.refund?false");
    set(boss);
    assert.equal(main.textContent, "refundtrue");
    assert.deepEqual(
      [main.querySelector("button") === button, button.hasAttribute("aria-disabled"), created],
      [true, false, 1],
    );
    button.click();
    set(null);
    assert.equal(main.textContent, "undefined");
  });
  assert.equal(clicks, 1);
});

test("Solid: the reason of privet/why follows the session", async () => {
  const store = storeOf(clerk);
  let runs = 0;
  const content = () => {
    const found = useWhy("orders.edit");
    createEffect(() => {
      found();
      runs++;
    });
    return [
      can({ do: "orders.edit", disabled: true }, (state) =>
        element(
          "button",
          mergeProps(() => state.disabled),
        ),
      ),
      () => found()?.sentence,
    ];
  };
  await rendering({ store, why }, content, (main) => {
    const text = "It is not known whether own is on.";
    assert.equal(main.textContent, text + text);
    store.set(boss);
    assert.equal(runs, 1);
    store.set(boss.with({ facts: { own: false } }));
    assert.equal(main.textContent, "own is off.own is off.");
    assert.equal(runs, 2);
  });
});

test("Solid: the focus, unknown ids, two policies, no provider", async () => {
  const store = storeOf(boss);
  const content = () => [
    can({ do: "orders.refund" }, () => element("button", { id: "refund" })),
    element("button", { id: "next" }),
  ];
  await rendering({ store }, content, async () => {
    document.getElementById("refund").focus();
    store.set(clerk);
    await wait(30);
    assert.equal(document.activeElement.id, "next");
  });
  const text = "unknown operation `orders.refnud`; did you mean `orders.refund`?";
  const wrong = () => can({ do: "orders.refnud", fallback: "fallback" }, "x");
  await assert.rejects(
    rendering({ session: boss }, wrong, () => {}),
    { message: text },
  );
  const told = [];
  const onError = (error) => told.push(error.message);
  await rendering({ session: boss, strict: false, onError }, wrong, (main) => assert.equal(main.textContent, ""));
  assert.deepEqual(told, [text]);
  const other = createPrivet(policy);
  const two = () =>
    createComponent(other.PrivetProvider, {
      session: boss,
      get children() {
        return [
          can({ do: "orders.refund" }, "one"),
          createComponent(other.Can, { do: "orders.refund", children: "two" }),
        ];
      },
    });
  await rendering({ session: clerk }, two, (main) => assert.equal(main.textContent, "two"));
  assert.throws(() => render(() => can({ do: "orders.list" }, "x"), place()), {
    message: /^no PrivetProvider is above/,
  });
});
