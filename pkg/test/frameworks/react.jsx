// `privet/react`, bundled with React 18 and with React 19 (VERSION).
import { document, place, wait } from "./dom.mjs";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Component, StrictMode, act, useState, version } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { dehydrate, hydrate } from "privet/ssr";
import { liveStore } from "privet/live";
import { Can, Menu, PrivetProvider, createPrivet, useCan, useMenu, useSession, useWhy } from "privet/react";
import { why } from "privet/why";
import { boss, clerk, policy, policyWithoutReasons, storeOf, titles } from "./policy.mjs";

globalThis.IS_REACT_ACT_ENVIRONMENT = true;
const named = (name, run) => test(`React ${version.split(".")[0]}: ${name}`, run);

/** Renders into an empty page while `use` runs. */
async function rendering(element, use) {
  const main = place();
  const root = createRoot(main);
  await act(async () => root.render(element));
  try {
    await use(main, (next) => act(() => root.render(next)));
  } finally {
    await act(() => root.unmount());
  }
}

/** A component that counts how often it renders. */
function counter() {
  const counts = {};
  const Counted = ({ do: operation }) => {
    counts[operation] = (counts[operation] ?? 0) + 1;
    return useCan(operation) ? <b>{operation}</b> : null;
  };
  return { counts, Counted };
}

named("a component renders again only if its own decision changes", async () => {
  const { counts, Counted } = counter();
  const menus = { renders: 0 };
  const Items = () => {
    menus.renders++;
    return titles(useMenu()).join(" ");
  };
  const store = storeOf(clerk);
  const app = (
    <PrivetProvider store={store}>
      {policy.operations.map((id) => (
        <Counted key={id} do={id} />
      ))}
      <Items />
    </PrivetProvider>
  );
  await rendering(app, async (main) => {
    const once = Object.fromEntries(policy.operations.map((id) => [id, 1]));
    assert.deepEqual(counts, once);
    assert.equal(main.textContent, "orders.listpage.openOrders");
    await act(() => store.set(boss)); // one grant
    assert.deepEqual(counts, { ...once, "orders.refund": 2 });
    assert.equal(main.textContent, "orders.listorders.refundpage.openOrders>Refunds");
    assert.equal(menus.renders, 2);
    await act(() => store.set(boss.with({ facts: { own: null } }))); // another session, the same decisions
    assert.deepEqual([counts["orders.refund"], menus.renders], [2, 2]);
    await act(() => store.set(boss.with({ facts: { own: true } })));
    assert.deepEqual(counts, { ...once, "orders.refund": 2, "orders.edit": 2 });
  });
});

named("a session in place of a store: a new one renders only what it changes", async () => {
  const { counts, Counted } = counter();
  let change;
  const children = ["orders.list", "orders.refund"].map((id) => <Counted key={id} do={id} />);
  const App = () => {
    const [session, set] = useState(clerk);
    change = set;
    return <PrivetProvider session={session}>{children}</PrivetProvider>;
  };
  await rendering(<App />, async (main) => {
    await act(() => change(boss));
    assert.deepEqual(counts, { "orders.list": 1, "orders.refund": 2 });
    assert.equal(main.textContent, "orders.listorders.refund");
    await act(() => change(null)); // signed out
    assert.equal(main.textContent, "");
  });
});

named("strict mode subscribes and unsubscribes in pairs", async () => {
  const store = storeOf(clerk);
  let listening = 0;
  const counted = {
    get: store.get,
    subscribe(listener) {
      listening++;
      const stop = store.subscribe(listener);
      return () => {
        listening--;
        stop();
      };
    },
  };
  const app = (
    <StrictMode>
      <PrivetProvider store={counted}>
        <Can do="orders.refund">refund</Can>
      </PrivetProvider>
    </StrictMode>
  );
  await rendering(app, async (main) => {
    assert.equal(main.textContent, "");
    await act(() => store.set(boss));
    assert.equal(main.textContent, "refund");
    assert.equal(listening, 1);
  });
  assert.equal(listening, 0);
});

named("Can: not, fallback, facts, a function", async () => {
  const app = (session) => (
    <PrivetProvider session={session}>
      <Can do="orders.refund" fallback="ask">
        refund
      </Can>
      <Can do="orders.refund" not>
        {" no"}
      </Can>
      {[true, false, null].map((own) => (
        <Can key={String(own)} do="orders.edit" facts={{ own }}>
          {` ${own}`}
        </Can>
      ))}
      <Can do="orders.list">{(shown) => ` ${shown}`}</Can>
    </PrivetProvider>
  );
  await rendering(app(clerk), async (main, render) => {
    assert.equal(main.textContent, "ask no true true");
    await render(app(boss));
    assert.equal(main.textContent, "refund true true");
    await render(app(undefined)); // while it loads: neither children nor fallbacks
    assert.equal(main.textContent, "");
  });
});

named("disabled: the reason is the description, and a click does nothing", async () => {
  let clicks = 0;
  const app = (session) => (
    <PrivetProvider session={session} why={(_, operation) => ({ sentence: `${operation} needs Refund` })}>
      <p id="mine">Money</p>
      <Can do="orders.refund" disabled>
        <button type="button" aria-describedby="mine" onClick={() => clicks++}>
          Refund
        </button>
      </Can>
      <Can do="orders.refund" disabled reason={(id) => `no ${id}`}>
        <input />
      </Can>
      <Can do="orders.refund" disabled reason="sold out">
        {(shown, attributes) => (
          <a href="#x" {...attributes}>
            {String(shown)}
          </a>
        )}
      </Can>
    </PrivetProvider>
  );
  await rendering(app(clerk), async (main, render) => {
    const button = main.querySelector("button");
    const described = (element) =>
      element
        .getAttribute("aria-describedby")
        .split(" ")
        .map((id) => document.getElementById(id).textContent);
    assert.deepEqual(described(button), ["Money", "orders.refund needs Refund"]);
    assert.deepEqual([button.getAttribute("aria-disabled"), button.disabled], ["true", false]); // it can have the focus
    await act(() => button.click());
    assert.equal(clicks, 0);
    const input = main.querySelector("input");
    assert.deepEqual([described(input), input.disabled], [["no orders.refund"], true]);
    const link = main.querySelector("a");
    assert.deepEqual([described(link), link.textContent], [["sold out"], "false"]);
    await render(app(boss));
    assert.ok(main.querySelector("button") === button); // the same element
    assert.deepEqual([button.getAttribute("aria-disabled"), button.getAttribute("aria-describedby")], [null, "mine"]);
    await act(() => button.click());
    assert.equal(clicks, 1);
    assert.equal(main.querySelectorAll("[hidden]").length, 0);
  });
});

named("why: the reason of privet/why follows the session, and renders again only if it changes", async () => {
  const store = storeOf(clerk);
  let renders = 0;
  const Why = () => {
    renders++;
    const { decision, sentence, reasons } = useWhy("orders.edit") ?? {};
    return [decision, reasons?.[0].id, sentence].join(" ");
  };
  const app = (
    <PrivetProvider store={store} why={why}>
      <Can do="orders.edit" disabled>
        <button type="button">Edit</button>
      </Can>
      <Why />
    </PrivetProvider>
  );
  await rendering(app, async (main) => {
    const described = () => document.getElementById(main.querySelector("button").getAttribute("aria-describedby"));
    assert.equal(main.lastChild.textContent, "undecided own It is not known whether own is on.");
    assert.equal(described().textContent, "It is not known whether own is on.");
    await act(() => store.set(boss)); // the same answer
    assert.equal(renders, 1);
    await act(() => store.set(boss.with({ facts: { own: false } })));
    assert.equal(main.lastChild.textContent, "denied own own is off.");
    assert.equal(described().textContent, "own is off."); // the decision of `can` is the same
    assert.equal(renders, 2);
  });
  const told = [];
  const bare = policyWithoutReasons.session();
  await rendering(
    <PrivetProvider session={bare} why={why} strict={false} onError={({ code }) => told.push(code)}>
      <Why />
    </PrivetProvider>,
    async (main) => assert.deepEqual([main.textContent.trim(), told], ["", ["reasons-missing"]]),
  );
});

class Caught extends Component {
  state = {};
  static getDerivedStateFromError(error) {
    return { error };
  }
  render() {
    return this.state.error ? this.state.error.message : this.props.children;
  }
}

named("an unknown id throws in development; otherwise it hides and is told once", async () => {
  const wrong = (
    <>
      <Can do="orders.refnud" fallback="fallback">
        refund
      </Can>
      <Can do="orders.refnud" not>
        not
      </Can>
    </>
  );
  const text = "unknown operation `orders.refnud`; did you mean `orders.refund`?";
  const printed = console.error;
  console.error = () => {}; // React prints errors that are caught
  try {
    await rendering(
      <Caught>
        <PrivetProvider session={boss}>{wrong}</PrivetProvider>
      </Caught>,
      (main) => assert.equal(main.textContent, text),
    );
  } finally {
    console.error = printed;
  }
  const told = [];
  await rendering(
    <PrivetProvider session={boss} strict={false} onError={(error) => told.push(error.message)}>
      {wrong}
    </PrivetProvider>,
    (main) => assert.equal(main.textContent, ""),
  );
  assert.deepEqual(told, [text]);
});

named("two policies in one app", async () => {
  const other = createPrivet(policy);
  const app = (
    <PrivetProvider session={clerk}>
      <other.PrivetProvider session={boss}>
        <Can do="orders.refund">one</Can>
        <other.Can do="orders.refund">two</other.Can>
      </other.PrivetProvider>
    </PrivetProvider>
  );
  await rendering(app, (main) => assert.equal(main.textContent, "two"));
});

const Page = ({ store }) => (
  <PrivetProvider store={store}>
    <Menu />
    <Menu
      render={({ label }, below) => (
        <div>
          {label}
          {below}
        </div>
      )}
    />
    <Can do="orders.refund" disabled reason="why">
      <button type="button">Refund</button>
    </Can>
    <Can do="orders.list">list</Can>
  </PrivetProvider>
);

named("the server's markup hydrates without a warning", async () => {
  const server = storeOf(clerk);
  const printedOnServer = [];
  const print = console.error;
  console.error = (text) => printedOnServer.push(text);
  const html = renderToString(<Page store={server} />);
  console.error = print;
  // React 18 warns about layout effects, which it would not where there is no document
  assert.deepEqual(
    printedOnServer.filter((text) => !text.includes("useLayoutEffect")),
    [],
  );
  assert.match(html, /^<ul><li>Orders<\/li><\/ul><div>Orders<\/div><button/);
  const main = place();
  main.innerHTML = html;
  const value = JSON.parse(JSON.stringify(dehydrate(clerk))); // as the props of a client component
  const store = storeOf(hydrate(policy, value));
  const button = main.querySelector("button");
  const wrong = [];
  const printed = console.error;
  console.error = (...parts) => wrong.push(parts.join(" "));
  try {
    let root;
    await act(() => {
      root = hydrateRoot(main, <Page store={store} />, { onRecoverableError: (error) => wrong.push(String(error)) });
    });
    assert.ok(main.querySelector("button") === button);
    await act(() => store.set(hydrate(policy, dehydrate(boss))));
    assert.ok(main.querySelector("button") === button);
    assert.equal(button.getAttribute("aria-disabled"), null);
    assert.match(main.innerHTML, /^<ul><li>Orders<ul><li>Refunds/);
    await act(() => root.unmount());
  } finally {
    console.error = printed;
  }
  assert.deepEqual(wrong, []);
});

named("a live store: nothing while it loads, all at once then, nothing after signing out", async () => {
  let answer;
  const store = liveStore(policy, { endpoint: () => new Promise((resolve) => (answer = resolve)) });
  const Who = () => String(useSession()?.can("orders.refund"));
  const app = (
    <PrivetProvider store={store}>
      <Can do="page.open" fallback="fallback">
        open
      </Can>
      <Who />
    </PrivetProvider>
  );
  await rendering(app, async (main) => {
    assert.equal(main.textContent, "undefined");
    await act(async () => {
      await wait();
      answer(dehydrate(boss));
      await store.ready();
    });
    assert.equal(main.textContent, "opentrue");
    await act(() => store.signOut());
    assert.equal(main.textContent, "undefined");
  });
  store.close();
});

named("the focus moves to the next element when the focused one goes, and changes are announced", async () => {
  const store = storeOf(boss);
  const app = (
    <PrivetProvider store={store} announce={({ gained, lost }) => `${gained.length} gained, ${lost.length} lost`}>
      <button type="button">first</button>
      <div>
        <Can do="orders.refund">
          <button type="button" id="refund">
            Refund
          </button>
        </Can>
        <button type="button" id="next">
          next
        </button>
      </div>
      <section>
        <Can do="orders.list">
          <button type="button" id="alone">
            alone
          </button>
        </Can>
      </section>
    </PrivetProvider>
  );
  await rendering(app, async (main) => {
    assert.equal(document.querySelector("[role=status]").textContent, "");
    document.getElementById("refund").focus();
    await act(() => store.set(clerk));
    await wait(40);
    assert.equal(document.activeElement.id, "next");
    assert.equal(document.querySelector("[role=status]").textContent, "0 gained, 1 lost");
    document.getElementById("alone").focus();
    await act(() => store.set(policy.session()));
    await wait(40);
    assert.ok(document.activeElement === main.querySelector("section"));
    document.getElementById("next").focus();
    await act(() => store.set(boss));
    await wait(40);
    assert.equal(document.activeElement.id, "next"); // it did not go
    assert.equal(main.querySelector("section").hasAttribute("tabindex"), false);
    await wait(500);
  });
  assert.ok(document.querySelector("[role=status]") === null);
});

named("a hook outside a provider says what is missing", () => {
  assert.throws(() => renderToString(<Can do="orders.list" />), {
    message: "no PrivetProvider is above this component; render one with a session or a store",
  });
});
