// `privet/angular`, compiled at run time: `@angular/compiler` also compiles what the package declares. examples/angular is compiled ahead.
import { document, place, wait } from "./dom.mjs";
import "@angular/compiler";
import assert from "node:assert/strict";
import { test } from "node:test";
import { ChangeDetectionStrategy, Component, ErrorHandler, inject, signal } from "@angular/core";
import { provideZonelessChangeDetection } from "@angular/core";
import { bootstrapApplication, provideClientHydration } from "@angular/platform-browser";
import { provideServerRendering, renderApplication } from "@angular/platform-server";
import { Router, RouterOutlet, provideRouter } from "@angular/router";
import { dehydrate, hydrate } from "privet/ssr";
import { liveStore } from "privet/live";
import { why } from "privet/why";
import {
  PrivetCan,
  PrivetDisabled,
  createPrivet,
  guardRoute,
  injectCan,
  injectMenu,
  injectSession,
  injectWhy,
  providePrivet,
} from "privet/angular";
import { boss, clerk, policy, storeOf, titles } from "./policy.mjs";

const component = (options, type = class {}) =>
  Component({ changeDetection: ChangeDetectionStrategy.OnPush, selector: "app-root", ...options })(type) ?? type;

/** Starts an application in an empty page while `use` runs; errors that Angular handles are returned. */
async function running(root, options, use, providers = []) {
  const main = place();
  main.innerHTML = "<app-root></app-root>";
  const errors = [];
  const app = await bootstrapApplication(root, {
    providers: [
      provideZonelessChangeDetection(),
      providePrivet(options),
      { provide: ErrorHandler, useValue: { handleError: (error) => errors.push(error.message) } },
      ...providers,
    ],
  }).catch((error) => {
    errors.push(error.message);
  });
  try {
    if (app) {
      await app.whenStable();
      await use(main.firstElementChild, () => app.whenStable(), app);
    }
  } finally {
    app?.destroy();
  }
  return errors;
}
const textOf = (element) => element.textContent.replace(/\s+/g, " ").trim();

test("Angular: a component is checked again only if its own decision changes", async () => {
  const counts = {};
  class Counted {
    can = injectCan(() => this.op);
    counted() {
      counts[this.op] = (counts[this.op] ?? 0) + 1;
      return "";
    }
  }
  const CountedComponent = component(
    { selector: "app-counted", inputs: ["op"], template: "{{ counted() }}@if (can()) {<b>{{ op }}</b>}" },
    Counted,
  );
  let menus = 0;
  class Items {
    menu = injectMenu();
    text() {
      menus++;
      return titles(this.menu()).join(" ");
    }
  }
  const ItemsComponent = component({ selector: "app-items", template: "{{ text() }}" }, Items);
  const Root = component(
    {
      imports: [CountedComponent, ItemsComponent],
      template: "@for (op of operations; track op) {<app-counted [op]='op' />}<app-items />",
    },
    class {
      operations = policy.operations;
    },
  );
  const store = storeOf(clerk);
  const errors = await running(Root, { store }, async (root, stable) => {
    const once = Object.fromEntries(policy.operations.map((id) => [id, counts[id]]));
    const before = menus;
    assert.equal(textOf(root), "orders.listpage.openOrders");
    store.set(boss); // one grant
    await stable();
    assert.equal(textOf(root), "orders.listorders.refundpage.openOrders>Refunds");
    assert.ok(counts["orders.refund"] > once["orders.refund"] && menus > before);
    assert.deepEqual({ ...counts, "orders.refund": 0 }, { ...once, "orders.refund": 0 });
    const [again, left] = [{ ...counts }, menus];
    store.set(boss.with({ facts: { own: null } })); // another session, the same decisions
    await stable();
    assert.deepEqual([counts, menus], [again, left]);
  });
  assert.deepEqual(errors, []);
});

test("Angular: privetCan: not, else, facts, nothing while there is no session", async () => {
  const own = signal(true);
  const Root = component(
    {
      imports: [PrivetCan],
      template: `<b *privetCan="'orders.refund'; else: ask">refund</b>
        <ng-template #ask>ask</ng-template>
        <i *privetCan="'orders.refund'; not: true">no</i>
        <u *privetCan="'orders.edit'; facts: { own: own() }">own</u>`,
    },
    class {
      own = own;
    },
  );
  const session = signal(clerk);
  const errors = await running(Root, { session }, async (root, stable) => {
    assert.equal(textOf(root), "asknoown");
    own.set(false);
    session.set(boss);
    await stable();
    assert.equal(textOf(root), "refund");
    const bold = root.querySelector("b");
    session.set(boss.with({ facts: { own: true } })); // the decision stays, and so does the element
    await stable();
    assert.ok(root.querySelector("b") === bold);
    session.set(undefined);
    await stable();
    assert.equal(textOf(root), "");
  });
  assert.deepEqual(errors, []);
});

test("Angular: privetDisabled: the reason is the description, and a click does nothing", async () => {
  let clicks = 0;
  const Root = component(
    {
      imports: [PrivetDisabled],
      template: `<button privetDisabled="orders.refund" aria-describedby="mine" style="display: flex" (click)="click()">Refund</button>
        <input privetDisabled="orders.refund" [privetDisabledReason]="reason" />
        <a privetDisabled="orders.refund" privetDisabledNot privetDisabledReason="already">x</a>`,
    },
    class {
      click = () => clicks++;
      reason = (id) => `no ${id}`;
    },
  );
  const store = liveStore(policy, { session: clerk, endpoint: async () => clerk, tabs: false });
  const why = (_, operation) => ({ sentence: `${operation} needs Refund` });
  const errors = await running(Root, { store, why }, async (root, stable) => {
    const [button, field, link] = root.children;
    const described = (element) =>
      element
        .getAttribute("aria-describedby")
        .replace("mine ", "")
        .split(" ")
        .map((id) => document.getElementById(id).textContent)[0];
    assert.deepEqual([described(button), described(field)], ["orders.refund needs Refund", "no orders.refund"]);
    assert.deepEqual([button.getAttribute("aria-disabled"), button.disabled, field.disabled], ["true", false, true]);
    assert.equal(link.getAttribute("aria-disabled"), null);
    button.click();
    assert.equal(clicks, 0);
    store.set(boss);
    await stable();
    assert.ok(root.querySelector("button") === button);
    assert.deepEqual([button.getAttribute("aria-disabled"), button.getAttribute("aria-describedby")], [null, "mine"]);
    assert.deepEqual([field.disabled, described(link)], [false, "already"]);
    button.click();
    assert.deepEqual([clicks, button.style.display], [1, "flex"]);
    store.signOut();
    await stable();
    assert.deepEqual([button.hidden, button.style.display], [true, "none"]);
  });
  assert.deepEqual(errors, []);
  store.close();
});

test("Angular: injectWhy gives the reason of privet/why, and a component is checked again only if it changes", async () => {
  let checked = 0;
  const Root = component(
    { imports: [PrivetDisabled], template: "<button privetDisabled='orders.edit'>Edit</button><p>{{ text() }}</p>" },
    class {
      found = injectWhy("orders.edit");
      own = injectWhy(
        () => "orders.edit",
        () => ({ own: false }),
      );
      text() {
        checked++;
        return [this.found()?.decision, this.found()?.reasons?.[0].id, this.own()?.sentence].join(" ");
      }
    },
  );
  const store = storeOf(clerk);
  const errors = await running(Root, { store, why }, async (root, stable) => {
    const [button, text] = root.children;
    const described = () => document.getElementById(button.getAttribute("aria-describedby")).textContent;
    assert.equal(text.textContent, "undecided own own is off.");
    assert.equal(described(), "It is not known whether own is on.");
    const before = checked;
    store.set(boss); // the same answer
    await stable();
    assert.equal(checked, before);
    store.set(boss.with({ facts: { own: false } }));
    await stable();
    assert.deepEqual([text.textContent, described()], ["denied own own is off.", "own is off."]);
    assert.ok(checked > before);
  });
  assert.deepEqual(errors, []);
  assert.deepEqual(await running(Root, { store }, (root) => assert.equal(textOf(root), "Edit")), []); // without `why`
});

test("Angular: an unknown id throws in development; otherwise it hides and is told once", async () => {
  const Root = component({
    imports: [PrivetCan],
    template: `<b *privetCan="'orders.refnud'; else: other">x</b><b *privetCan="'orders.refnud'; not: true">y</b><ng-template #other>z</ng-template>`,
  });
  const text = "unknown operation `orders.refnud`; did you mean `orders.refund`?";
  const thrown = await running(Root, { session: boss }, (root) => assert.equal(textOf(root), ""));
  assert.ok(thrown.length > 0 && thrown.every((message) => message === text), thrown.join());
  const told = [];
  const options = { session: boss, strict: false, onError: ({ message }) => told.push(message) };
  assert.deepEqual(await running(Root, options, (root) => assert.equal(textOf(root), "")), []);
  assert.deepEqual(told, [text]);
});

test("Angular: two policies in one app", async () => {
  const other = createPrivet(policy);
  const Root = component(
    {
      imports: [PrivetCan, PrivetDisabled],
      template: `<b *privetCan="'orders.refund'">one</b><b *privetCan="'orders.refund'; of: other">two</b>
        <button privetDisabled="orders.refund">1</button><button privetDisabled="orders.refund" [privetDisabledOf]="other">2</button>{{ can() }}`,
    },
    class {
      other = other;
      can = other.injectCan("orders.refund");
    },
  );
  const errors = await running(
    Root,
    { session: clerk },
    (root) => {
      assert.equal(textOf(root), "two12true");
      assert.deepEqual([...root.querySelectorAll("[aria-disabled]")].map(textOf), ["1"]);
    },
    [other.providePrivet(() => ({ session: boss }))],
  );
  assert.deepEqual(errors, []);
});

test("Angular: routes are guarded: canActivate, canMatch, facts, and where to go instead", async () => {
  let answer;
  const store = liveStore(policy, { endpoint: () => new Promise((resolve) => (answer = resolve)), tabs: false });
  const Page = component({ selector: "app-page", template: "page" });
  const Root = component({ imports: [RouterOutlet], template: "<router-outlet />" });
  const otherwise = () => inject(Router).parseUrl("/list");
  const routes = [
    { path: "list", component: Page, canActivate: [guardRoute("orders.list")] },
    { path: "refund", component: Page, canActivate: [guardRoute("orders.refund", { otherwise })] },
    { path: "match", component: Page, canMatch: [guardRoute("orders.refund")] },
    { path: "match", component: Page },
    {
      path: "edit/:own",
      component: Page,
      canActivate: [guardRoute("orders.edit", { facts: ({ params }) => ({ own: params.own === "mine" }), otherwise })],
    },
    { path: "wrong", component: Page, canActivate: [guardRoute("orders.refnud")] },
  ];
  const errors = await running(
    Root,
    { store },
    async (_root, _stable, app) => {
      const router = app.injector.get(Router);
      const visit = async (url) => {
        await router.navigateByUrl(url);
        return router.url;
      };
      const first = visit("/list");
      await wait();
      answer(clerk);
      assert.equal(await first, "/list"); // it waited for the session
      assert.equal(await visit("/refund"), "/list");
      assert.equal(await visit("/edit/mine"), "/edit/mine");
      assert.equal(await visit("/edit/other"), "/list");
      await visit("/match");
      assert.equal(router.config.indexOf(router.routerState.snapshot.root.firstChild.routeConfig), 3);
      store.set(boss);
      assert.equal(await visit("/refund"), "/refund");
      await visit("/match");
      assert.equal(router.config.indexOf(router.routerState.snapshot.root.firstChild.routeConfig), 2);
      await assert.rejects(router.navigateByUrl("/wrong"), { name: "UnknownIdError" });
    },
    [provideRouter(routes)],
  );
  assert.deepEqual(errors, []);
  store.close();
});

test("Angular: the focus moves when the focused element goes, and changes are announced", async () => {
  const Root = component({
    imports: [PrivetCan],
    template: `<button id="refund" *privetCan="'orders.refund'">Refund</button><button id="next">next</button>`,
  });
  const store = storeOf(boss);
  const announce = ({ gained, lost }) => `${gained.length} gained, ${lost.length} lost`;
  await running(Root, { store, announce }, async (_root, stable) => {
    document.getElementById("refund").focus();
    store.set(clerk);
    await stable();
    await wait(40);
    assert.equal(document.activeElement.id, "next");
    assert.equal(document.querySelector("[role=status]").textContent, "0 gained, 1 lost");
  });
  assert.equal(document.querySelector("[role=status]"), null);
});

test("Angular: without a provider the error says what is missing", async () => {
  const Root = component(
    { template: "" },
    class {
      can = injectCan("orders.list");
    },
  );
  const main = place();
  main.innerHTML = "<app-root></app-root>";
  await assert.rejects(bootstrapApplication(Root, { providers: [provideZonelessChangeDetection()] }), {
    message: "nothing provides Privet here; add `providePrivet({ store })` to the providers",
  });
});

test("Angular: the server's markup hydrates", async () => {
  const Root = component(
    {
      imports: [PrivetCan, PrivetDisabled],
      template: `<b *privetCan="'orders.list'">list</b><b *privetCan="'orders.refund'">refund</b><button privetDisabled="orders.refund">Refund</button>{{ session()?.can("orders.list") }}`,
    },
    class {
      session = injectSession();
    },
  );
  const given = (session) => [provideZonelessChangeDetection(), providePrivet({ session }), provideClientHydration()];
  const html = await renderApplication(
    (context) => bootstrapApplication(Root, { providers: [...given(clerk), provideServerRendering()] }, context),
    { document: "<html><body><app-root></app-root></body></html>", url: "/" },
  );
  const [, rendered] = /<app-root[^>]*>(.*)<\/app-root>/s.exec(html);
  assert.match(rendered, /<b>list<\/b>.*<button [^>]*aria-disabled="true"[^>]*>Refund<\/button>true/s);
  assert.ok(!rendered.includes("refund</b>"));
  document.body.innerHTML = /<body[^>]*>(.*)<\/body>/s.exec(html)[1];
  const [list, button] = ["b", "button"].map((name) => document.querySelector(name));
  const wrong = [];
  const printed = console.error;
  console.error = console.warn = (...parts) => wrong.push(parts.join(" "));
  const app = await bootstrapApplication(Root, { providers: given(hydrate(policy, dehydrate(clerk))) });
  await app.whenStable();
  console.error = printed;
  assert.deepEqual(wrong, []);
  assert.ok(document.querySelector("b") === list && document.querySelector("button") === button);
  app.destroy();
});
