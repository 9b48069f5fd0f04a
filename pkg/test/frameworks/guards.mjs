import assert from "node:assert/strict";
import { test } from "node:test";
import { SignJWT, generateKeyPair } from "jose";
import { guard, issue } from "privet/edge";
import { guardMiddleware as astro } from "privet/astro";
import { currentSession, guardAction, guardHandler, guardMiddleware } from "privet/next";
import { guardHandle } from "privet/sveltekit";
import { boss, clerk, policy } from "./policy.mjs";
import { setHeaders } from "./next-headers.mjs";

const { publicKey, privateKey } = await generateKeyPair("EdDSA");
const between = { issuer: "https://issuer.example", audience: "https://app.example" };
const decisions = [];
const guarded = guard({
  ...between,
  policies: [policy],
  keys: publicKey,
  algorithms: ["EdDSA"],
  onDecision: async ({ operation, decision }) => void decisions.push(`${operation} ${decision}`),
});
const tokenOf = (session) =>
  new SignJWT({ ...issue(session), iss: between.issuer, aud: between.audience })
    .setProtectedHeader({ alg: "EdDSA" })
    .setExpirationTime("1h")
    .sign(privateKey);
const headersOf = async (session) => new Headers(session && { authorization: `Bearer ${await tokenOf(session)}` });
const requestOf = async (session, path = "/") =>
  new Request(`https://app.example${path}`, { headers: await headersOf(session) });
const away = (problem, { url }) =>
  Response.redirect(`https://app.example/login?${problem.code}&${new URL(url).pathname}`);
const needed = ({ url }) => ({ "/": null, "/list": "orders.list" })[new URL(url).pathname];
const UNDEFINED = {
  name: "InvalidOptionsError",
  message: "the operation is undefined; guards take the id of an operation, or null for what anybody may ask",
};

test("privet/next: middleware passes what is allowed, and keeps promises running", async () => {
  const middleware = guardMiddleware(guarded, needed);
  const kept = [];
  const event = { waitUntil: (promise) => kept.push(promise) };
  decisions.length = 0;
  assert.equal(await middleware(await requestOf(clerk, "/list"), event), undefined);
  assert.deepEqual([kept.length, decisions], [1, ["orders.list allowed"]]);
  assert.equal(await middleware(await requestOf(undefined, "/")), undefined);
  const refused = await middleware(await requestOf(undefined, "/list"));
  assert.deepEqual([refused.status, (await refused.json()).code], [401, "missing-token"]);
  const denied = await guardMiddleware(guarded, "audit.read", { otherwise: away })(await requestOf(clerk, "/x"));
  assert.equal(denied.headers.get("location"), "https://app.example/login?denied&/x");
  await assert.rejects(middleware(await requestOf(boss, "/other")), UNDEFINED); // a path that was forgotten
  await assert.rejects(guardMiddleware(guarded, "orders.lits")(await requestOf(boss)), { name: "UnknownIdError" });
});

test("privet/next: a route handler gets the session and the context", async () => {
  const handler = guardHandler(guarded, "orders.refund", async (request, session, { params }) =>
    Response.json([request.url, session.can("orders.refund"), (await params).id]),
  );
  const context = { params: Promise.resolve({ id: 7 }) };
  assert.deepEqual(await (await handler(await requestOf(boss, "/7"), context)).json(), [
    "https://app.example/7",
    true,
    7,
  ]);
  assert.equal((await handler(await requestOf(clerk), context)).status, 403);
  for (const wrong of [undefined, null])
    await assert.rejects(guardHandler(guarded, wrong, () => assert.fail())(await requestOf(boss), context), {
      name: "InvalidOptionsError",
    });
});

test("privet/next: a server action and a server component", async () => {
  let ran = 0;
  const refund = guardAction(guarded, "orders.refund", (session, amount) => {
    ran++;
    return [session.can("orders.refund"), amount];
  });
  assert.equal(refund.constructor.name, "AsyncFunction"); // Next checks this
  setHeaders(await headersOf(boss));
  assert.deepEqual(await refund(5), [true, 5]);
  assert.equal((await currentSession(guarded)).can("orders.refund"), true);
  setHeaders(await headersOf(clerk));
  await assert.rejects(refund(5), { name: "ProblemError", code: "denied" });
  const polite = guardAction(guarded, "orders.refund", () => assert.fail(), { otherwise: ({ code }) => code });
  assert.equal(await polite(), "denied");
  setHeaders(new Headers({ host: "not a host" }));
  assert.equal(await currentSession(guarded), undefined);
  await assert.rejects(refund(5), { code: "missing-token" });
  assert.equal(ran, 1);
});

test("privet/sveltekit: the hook gives the session to locals", async () => {
  const handle = guardHandle(guarded, ({ route }) => ({ "/": null, "/refund": "orders.refund" })[route.id], {
    otherwise: (problem, event) => away(problem, event),
  });
  const ask = async (id, session) => {
    const event = {
      request: await requestOf(session, id),
      route: { id },
      url: new URL(`https://app.example${id}`),
      locals: {},
    };
    const response = await handle({ event, resolve: async () => new Response("resolved") });
    return [response.headers.get("location") ?? (await response.text()), event.locals.privet?.can("orders.refund")];
  };
  assert.deepEqual(await ask("/", undefined), ["resolved", undefined]);
  assert.deepEqual(await ask("/", clerk), ["resolved", false]);
  assert.deepEqual(await ask("/refund", boss), ["resolved", true]);
  assert.deepEqual(await ask("/refund", clerk), ["https://app.example/login?denied&/refund", undefined]);
  await assert.rejects(ask("/forgotten", boss), UNDEFINED);
});

test("privet/astro: the middleware gives the session to locals", async () => {
  const onRequest = astro(guarded, ({ routePattern }) => (routePattern === "/" ? null : "orders.refund"));
  const ask = async (routePattern, session) => {
    const context = {
      request: await requestOf(session),
      routePattern,
      url: new URL("https://app.example/"),
      locals: {},
    };
    const response = await onRequest(context, async () => new Response("next"));
    return [response.status, context.locals.privet?.can("orders.refund")];
  };
  assert.deepEqual(await ask("/", undefined), [200, undefined]);
  assert.deepEqual(await ask("/refund", boss), [200, true]);
  assert.deepEqual(await ask("/refund", clerk), [403, undefined]);
});
