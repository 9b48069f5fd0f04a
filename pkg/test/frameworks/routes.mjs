// `privet/routes` with React Router, TanStack Router and Vue Router.
import "./dom.mjs";
import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryRouter, redirect } from "react-router";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  redirect as away,
} from "@tanstack/react-router";
import { createMemoryHistory as memory, createRouter as createVueRouter } from "vue-router";
import { liveStore } from "privet/live";
import { guardRoute, guardVueRouter } from "privet/routes";
import { boss, clerk, policy, storeOf } from "./policy.mjs";

test("React Router: loaders and middleware", async () => {
  const store = storeOf(clerk);
  const toList = { otherwise: () => redirect("/list") };
  const wait = async (router) => {
    while (router.state.navigation.state !== "idle" || !router.state.initialized)
      await new Promise((done) => setTimeout(done));
    return router.state;
  };
  const router = createMemoryRouter(
    [
      { path: "/list", loader: guardRoute(store, "orders.list") },
      { path: "/refund", loader: guardRoute(store, "orders.refund", toList) },
      { path: "/audit", loader: guardRoute(store, "audit.read") },
      { path: "/through", middleware: [guardRoute(store, "orders.refund")], loader: () => "loaded" },
      { path: "/wrong", loader: guardRoute(store, "orders.refnud") },
    ],
    { initialEntries: ["/list"], future: { v8_middleware: true } },
  );
  assert.equal((await wait(router)).errors, null);
  await router.navigate("/refund");
  assert.equal(router.state.location.pathname, "/list");
  await router.navigate("/audit");
  assert.equal(Object.values(router.state.errors)[0].status, 403);
  await router.navigate("/through");
  assert.equal(Object.values(router.state.errors)[0].status, 403);
  store.set(boss);
  await router.navigate("/through");
  assert.deepEqual([router.state.errors, Object.values(router.state.loaderData)], [null, ["loaded"]]);
  await router.navigate("/refund");
  assert.equal(router.state.location.pathname, "/refund");
  await router.navigate("/wrong");
  assert.equal(Object.values(router.state.errors)[0].name, "UnknownIdError");
  router.dispose();
});

test("TanStack Router: beforeLoad", async () => {
  const store = storeOf(clerk);
  const root = createRootRoute();
  const route = (path, options) => createRoute({ getParentRoute: () => root, path, ...options });
  const router = createRouter({
    history: createMemoryHistory({ initialEntries: ["/"] }),
    routeTree: root.addChildren([
      route("/", {}),
      route("/refund", { beforeLoad: guardRoute(store, "orders.refund", { otherwise: () => away({ to: "/" }) }) }),
    ]),
  });
  await router.load();
  await router.navigate({ to: "/refund" });
  assert.equal(router.state.location.pathname, "/");
  store.set(boss);
  await router.navigate({ to: "/refund" });
  assert.equal(router.state.location.pathname, "/refund");
});

test("Vue Router: meta.can of every matched record, and facts of the route", async () => {
  let answer;
  const store = liveStore(policy, { endpoint: () => new Promise((resolve) => (answer = resolve)), tabs: false });
  const page = { render: () => null };
  const router = createVueRouter({
    history: memory(),
    routes: [
      { path: "/", component: page },
      {
        path: "/orders",
        component: page,
        meta: { can: "orders.list" },
        children: [
          { path: "refund", component: page, meta: { can: "orders.refund" } },
          { path: "edit/:own", component: page, meta: { can: "orders.edit" } },
        ],
      },
    ],
  });
  router.beforeEach(
    guardVueRouter(store, {
      facts: ({ params }) => (params.own ? { own: params.own === "mine" } : undefined),
      otherwise: () => "/",
    }),
  );
  const visited = router.push("/orders").then(() => router.currentRoute.value.path);
  await new Promise((done) => setTimeout(done));
  answer(clerk);
  assert.equal(await visited, "/orders"); // it waited for the session
  const visit = async (path) => {
    await router.push(path);
    return router.currentRoute.value.path;
  };
  assert.equal(await visit("/orders/refund"), "/");
  assert.equal(await visit("/orders/edit/mine"), "/orders/edit/mine");
  assert.equal(await visit("/orders/edit/other"), "/");
  store.set(boss);
  assert.equal(await visit("/orders/refund"), "/orders/refund");
  store.signOut();
  assert.equal(await visit("/orders"), "/");
  store.close();
});

test("a function of load: SvelteKit, a getter, no session", async () => {
  const load = guardRoute(() => undefined, "orders.list", {
    otherwise: ({ url }, session) => ({ to: `/login?from=${url}`, session }),
  });
  await assert.rejects(load({ url: "/x" }), (thrown) => thrown.to === "/login?from=/x" && thrown.session === undefined);
  assert.equal(await guardRoute(() => boss, "orders.list")({}), null);
  assert.equal(await guardRoute(boss, "orders.list")({}, async () => "next"), "next");
});
