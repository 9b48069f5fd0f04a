// The examples of docs/frameworks.md (`docs:` is the folder with its files), mounted one after another.
import { document, place, wait } from "./dom.mjs";
import assert from "node:assert/strict";
import { test } from "node:test";
import { createElement } from "react";
import { createRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { render } from "solid-js/web";
import { mount, unmount } from "svelte";
import { createComponent } from "solid-js";
import { dehydrate } from "privet/ssr";
import { App as ReactApp } from "docs:react/App.jsx";
import { Session } from "docs:react/Session.jsx";
import { App as SolidApp } from "docs:solid/App.jsx";
import SvelteApp from "docs:svelte/App.svelte";
import { app as vueApp } from "docs:vue/main.js";
import { page } from "docs:html/main.js";
import html from "docs:html/page.html";
import { guard, loader } from "docs:routes.js";
import { answer } from "docs:server.js";
import { contact, store } from "docs:session.js";

const ann = { grants: { reports: "view-only" } };
const bob = { grants: { reports: "modify" } };
let person = ann;
globalThis.fetch = async () => answer(person);

const mounts = {
  React: (main) => {
    const root = createRoot(main);
    root.render(createElement(ReactApp));
    return () => root.unmount();
  },
  Vue: (main) => {
    vueApp.mount(main);
    return () => vueApp.unmount();
  },
  Svelte: (main) => {
    const app = mount(SvelteApp, { target: main });
    return () => unmount(app);
  },
  Solid: (main) => render(() => createComponent(SolidApp, {}), main),
};

for (const [name, mounted] of Object.entries(mounts))
  test(`docs/frameworks.md: ${name}`, async () => {
    person = ann;
    await store.refresh();
    const main = place();
    const stop = mounted(main);
    await wait(30);
    const button = main.querySelector("button");
    assert.equal(main.querySelector("h1").textContent, "Reports");
    assert.equal(
      document.getElementById(button.getAttribute("aria-describedby")).textContent,
      "You may read reports only.",
    );
    assert.equal(main.querySelector("li").textContent.slice(0, 4), "Data");
    person = bob;
    await store.refresh();
    await wait(30);
    assert.equal(main.querySelector("h1").textContent, "All reports");
    assert.ok(main.querySelector("button") === button && !button.hasAttribute("aria-disabled"));
    person = undefined;
    await store.refresh();
    await wait(30);
    assert.deepEqual([main.querySelector("h1"), main.querySelector("button")], [null, null]);
    stop();
  });

test("docs/frameworks.md: plain HTML", async () => {
  person = ann;
  await store.refresh();
  const main = place();
  main.innerHTML = html.replace(/<style>.*<\/style>/s, "");
  await wait(10);
  const [can, button, only] = main.children;
  assert.equal(can.shadowRoot.querySelector("slot").getAttribute("name"), null);
  assert.deepEqual([button.getAttribute("aria-disabled"), button.hidden, only.hidden], ["true", false, false]);
  page.stop();
});

test("docs/frameworks.md: routes, a server and a client component", async () => {
  person = ann;
  await store.refresh();
  assert.equal(await loader({}), null);
  assert.equal(await guard({ matched: [{ meta: { can: "data.reports.manage" } }] }), "/");
  person = undefined;
  await store.refresh();
  await assert.rejects(loader({}), (response) => response.status === 302);
  const value = dehydrate(contact.session(ann));
  assert.equal(renderToString(createElement(Session, { value }, "text")), "text");
  store.close();
});
