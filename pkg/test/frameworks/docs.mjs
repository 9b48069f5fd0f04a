// The examples of docs/frameworks.md (`docs:` is the folder with its files), mounted one after another.
import { document, place, wait } from "./dom.mjs";
import "@angular/compiler";
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
import { onRequest } from "docs:astro/src/middleware.js";
import { addReport } from "docs:next/app/actions.js";
import { GET } from "docs:next/app/api/reports/route.js";
import Layout from "docs:next/app/layout.jsx";
import Page from "docs:next/app/page.jsx";
import { config, middleware } from "docs:next/middleware.js";
import { handle } from "docs:sveltekit/src/hooks.server.js";
import { load as layoutLoad } from "docs:sveltekit/src/routes/+layout.js";
import { load as serverLoad } from "docs:sveltekit/src/routes/+layout.server.js";
import SvelteLayout from "docs:sveltekit/src/routes/+layout.svelte";
import { tokenOf } from "./issuer.mjs";
import { setHeaders } from "./next-headers.mjs";
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
  async Angular(main) {
    main.innerHTML = "<app-root></app-root>";
    const { started } = await import("docs:angular/main.ts");
    const app = await started;
    const { Router } = await import("@angular/router");
    const router = app.injector.get(Router);
    await router.navigateByUrl("/reports");
    assert.equal(main.querySelector("h2").textContent, "Reports");
    return () => app.destroy();
  },
};

for (const [name, mounted] of Object.entries(mounts))
  test(`docs/frameworks.md: ${name}`, async () => {
    person = ann;
    await store.refresh();
    const main = place();
    const stop = await mounted(main);
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
    assert.equal(main.querySelector("h1"), null);
    assert.ok(main.querySelector("button")?.hidden ?? true); // removed, or hidden where it stands
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

/** A request with the token of a person in its cookie. */
const requestOf = async (person, path = "/reports") => {
  const cookie = person && `token=${await tokenOf(contact.session(person))}`;
  return new Request(`https://app.example${path}`, { headers: cookie ? { cookie } : {} });
};

test("docs/frameworks.md: Next", async () => {
  assert.ok(new RegExp(`^${config.matcher[0]}$`).test("/reports"));
  assert.equal(await middleware(await requestOf(ann)), undefined);
  assert.equal((await middleware(await requestOf())).headers.get("location"), "https://app.example/?missing-token");
  await assert.rejects(middleware(await requestOf(bob, "/forgotten")), { name: "InvalidOptionsError" });
  assert.equal((await GET(await requestOf(ann), {})).status, 403);
  assert.ok((await (await GET(await requestOf(bob), {})).json()).includes("data.reports.manage"));
  setHeaders((await requestOf(ann)).headers);
  assert.equal(await addReport("sales"), "denied");
  const page = await Page();
  const html = renderToString(await Layout({ children: page }));
  assert.match(
    html,
    /<h1>Reports<\/h1><button[^>]* aria-disabled="true"[^>]*>New report<\/button><span[^>]*>[^<]+denied, because/,
  );
  setHeaders((await requestOf(bob)).headers);
  assert.equal(await addReport("sales"), "added sales");
  setHeaders(new Headers());
  assert.match(renderToString(await Layout({ children: await Page() })), /Ask for access/);
});

test("docs/frameworks.md: SvelteKit", async () => {
  const ask = async (id, person) => {
    const event = {
      request: await requestOf(person, id ?? "/x"),
      route: { id },
      url: new URL("https://app.example/"),
      locals: {},
    };
    const response = await handle({ event, resolve: async () => new Response("page") });
    return { text: await response.text(), data: serverLoad(event) };
  };
  await assert.rejects(ask("/reports"), { status: 303, location: "/?missing-token" });
  assert.equal((await ask(null)).text, "page");
  const { data } = await ask("/reports", ann);
  const loaded = layoutLoad({ data });
  assert.deepEqual([loaded.session.can("item.reports.view"), loaded.session.can("data.reports.manage")], [true, false]);
  const main = place();
  const app = mount(SvelteLayout, { target: main, props: { data: loaded, children: () => {} } });
  await unmount(app);
});

test("docs/frameworks.md: Astro", async () => {
  const ask = async (routePattern, person) => {
    const redirect = (location) => new Response(location, { status: 302 });
    const url = new URL("https://app.example/");
    const context = { request: await requestOf(person), routePattern, url, redirect, locals: {} };
    const response = await onRequest(context, async () => new Response("page"));
    return [await response.text(), context.locals.privet?.can("item.reports.view")];
  };
  assert.deepEqual(await ask("/", undefined), ["page", undefined]);
  assert.deepEqual(await ask("/reports", undefined), ["/?missing-token", undefined]);
  assert.deepEqual(await ask("/reports", ann), ["page", true]);
});

test("docs/frameworks.md: devtools", async () => {
  const stop = await (await import("docs:devtools.js")).stop;
  assert.equal(document.querySelector("privet-devtools").shadowRoot.querySelectorAll("option").length, 4);
  stop();
});
