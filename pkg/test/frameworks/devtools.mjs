// `privet/devtools` in a page with each adapter: the marks, another person, and what the panel lists.
import { document, place, wait } from "./dom.mjs";
import "@angular/compiler";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Component, provideZonelessChangeDetection } from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";
import { createElement } from "react";
import { createRoot } from "react-dom/client";
import { createComponent } from "solid-js";
import { render } from "solid-js/web";
import { mount, unmount } from "svelte";
import { createApp, h, resolveDirective, withDirectives } from "vue";
import { PrivetCan, PrivetDisabled, providePrivet } from "privet/angular";
import { devtools } from "privet/devtools";
import { connect } from "privet/elements";
import * as react from "privet/react";
import * as solid from "privet/solid";
import * as vue from "privet/vue";
import Svelte from "./svelte/Devtools.svelte";
import { clerk, storeOf } from "./policy.mjs";

/** Mounts a page with a hidden `refund` and a shown `list`. */
const apps = {
  React(main, store) {
    const root = createRoot(main);
    root.render(
      createElement(
        react.PrivetProvider,
        { store },
        createElement(react.Can, { do: "orders.refund" }, "refund"),
        createElement(react.Can, { do: "orders.list" }, createElement("b", null, "list")),
      ),
    );
    return () => root.unmount();
  },
  Vue(main, store) {
    const app = createApp({
      render: () => [
        h(vue.Can, { do: "orders.refund" }, () => "refund"),
        withDirectives(h("b", "list"), [[resolveDirective("can"), "orders.list"]]),
      ],
    });
    app.use(vue.privet, { store }).mount(main);
    return () => app.unmount();
  },
  Svelte(main, store) {
    const app = mount(Svelte, { target: main, props: { store } });
    return () => unmount(app);
  },
  Solid(main, store) {
    const can = (operation, children) => createComponent(solid.Can, { do: operation, children });
    const list = document.createElement("b");
    list.textContent = "list";
    return render(
      () =>
        createComponent(solid.PrivetProvider, {
          store,
          get children() {
            return [can("orders.refund", "refund"), can("orders.list", list)];
          },
        }),
      main,
    );
  },
  async Angular(main, store) {
    main.innerHTML = "<app-root></app-root>";
    const Root = class {};
    Component({
      selector: "app-root",
      imports: [PrivetCan, PrivetDisabled],
      template: `<ng-container *privetCan="'orders.refund'">refund</ng-container><b privetDisabled="orders.list">list</b>`,
    })(Root);
    const providers = [provideZonelessChangeDetection(), providePrivet({ store })];
    const app = await bootstrapApplication(Root, { providers });
    return () => app.destroy();
  },
  Elements(main, store) {
    main.innerHTML = '<i data-can="orders.refund">refund</i><b data-can="orders.list">list</b>';
    const page = connect(store);
    return () => page.stop();
  },
};
const marks = (main) =>
  [...main.querySelectorAll("[data-privet]")].map((one) => one.getAttribute("data-privet").replace(/^\d+ /, ""));
const seen = (main) => main.textContent.replace(/\s/g, "") === "refundlist" && !main.querySelector("[hidden]");

/** Waits until a check passes; fails with its error. */
async function eventually(check, left = 100) {
  try {
    return check();
  } catch (error) {
    if (left === 0) throw error;
  }
  await wait(20);
  return eventually(check, left - 1);
}

for (const [name, mounted] of Object.entries(apps))
  test(`devtools: ${name}`, async () => {
    const main = place();
    const store = storeOf(clerk);
    const unmounted = await mounted(main, store);
    await eventually(() => assert.ok(main.querySelector("b") && !seen(main) && marks(main).length === 0));
    const stop = await devtools({
      people: { Boss: { grants: { list: true, refund: true } }, Wrong: { grants: { refnud: true } } },
    });
    await eventually(() => assert.deepEqual(marks(main).sort(), ["orders.list", "orders.refund"]));
    const tree = document.querySelector("privet-devtools").shadowRoot;
    const listed = () => [...tree.querySelectorAll("#renders > li")].map((one) => one.querySelector("ul").textContent);
    await eventually(() => {
      assert.match(listed().at(-1) ?? "", /orders\.refund: denied/);
      assert.match(listed().at(-1) ?? "", /orders\.list: allowed/);
    });
    const choose = async (index, check) => {
      const select = tree.querySelector("select");
      select.selectedIndex = index;
      select.dispatchEvent(new Event("change"));
      await eventually(check);
    };
    await choose(1, () => {
      assert.ok(seen(main), main.innerHTML);
      assert.match(listed()[0], /orders\.refund: denied → allowed/);
      assert.match(tree.querySelector("#renders summary").textContent, /as Boss: \d+ decisions, 1 changed$/);
    });
    await choose(2, () => {
      assert.match(tree.querySelector("[role=alert]").textContent, /unknown privilege `refnud`/);
      assert.ok(!seen(main)); // a subject that does not fit is not tried
    });
    const text = tree.querySelector("textarea");
    await choose(3, () => assert.deepEqual(JSON.parse(text.value), clerk.subject()));
    text.value = '{ "grants": { "list": true, "refund": true } }';
    tree.querySelector("#apply").click();
    await eventually(() => assert.ok(seen(main)));
    await choose(0, () => assert.ok(!seen(main)));
    assert.equal(store.get(), clerk); // the session of the application was never touched
    await choose(1, () => assert.ok(seen(main)));
    stop();
    await eventually(() => {
      assert.ok(!seen(main));
      assert.deepEqual([marks(main), document.querySelector("privet-devtools")], [[], null]);
    });
    await unmounted();
  });
