// The middleware, in Hono.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Hono } from "hono";
import { load } from "./support/package.mjs";
import { AUDIENCE, ISSUER, claims, keys, request } from "./support/issuer.mjs";

const { open } = await load("privet");
const { guard, issue } = await load("privet/edge");
const { privet } = await load("privet/hono");
const vicidial = open((await load("privet/policies/vicidial")).pack);
const facts = () => ({ "email-allowed": true });
const guarded = guard({
  policies: [vicidial],
  keys: keys.publicKey,
  issuer: ISSUER,
  audience: AUDIENCE,
  algorithms: ["EdDSA"],
  facts,
});

const app = new Hono();
app.get("/open", privet(guarded, "email-accounts.open"), (context) => context.json(context.get("privet").allowed()));
app.get(
  "/any/:operation",
  privet(guarded, (context) => context.req.param("operation")),
  (context) => context.text("done"),
);
app.get("/menu", privet(guarded), (context) => context.text(String(context.get("privet").menu().length)));
app.onError((error, context) => context.text(error.name, 500));

const get = async (path, grants) => {
  const { headers } = grants ? await request(claims(issue(vicidial.session({ grants })))) : {};
  return app.request(path, { headers });
};

test("allowed requests reach the handler with the session, others get the problem as response", async () => {
  const maria = { "modify-email-accounts": true };
  const session = vicidial.session({ grants: maria, facts: facts() });
  assert.deepEqual(await (await get("/open", maria)).json(), session.allowed());
  assert.equal(await (await get("/any/email-accounts.open", maria)).text(), "done");
  assert.equal(await (await get("/menu", {})).text(), String(session.menu().length));
  for (const [path, grants, status, code] of [
    ["/open", {}, 403, "denied"],
    ["/open", undefined, 401, "missing-token"],
    ["/menu", undefined, 401, "missing-token"],
    ["/any/email-accounts.open", {}, 403, "denied"],
  ]) {
    const response = await get(path, grants);
    assert.equal(response.headers.get("content-type"), "application/problem+json");
    assert.deepEqual([response.status, (await response.json()).code], [status, code], path);
  }
});

test("an undefined operation is refused when the middleware is created", () => {
  for (const more of [[undefined], [undefined, { discharges: [] }]]) {
    assert.throws(() => privet(guarded, ...more), {
      name: "InvalidOptionsError",
      code: "invalid-options",
      message: "option `operation` is undefined; omit it to accept any valid token",
    });
  }
});

test("an unknown operation is an error of the application", async () => {
  const response = await get("/any/nothing", { "modify-email-accounts": true });
  assert.deepEqual([response.status, await response.text()], [500, "UnknownIdError"]);
});

const authorised = async (grants) => (await request(claims(issue(vicidial.session({ grants }))))).headers;
const maria = { "modify-email-accounts": true };
const base = {
  policies: [vicidial],
  keys: keys.publicKey,
  issuer: ISSUER,
  audience: AUDIENCE,
  algorithms: ["EdDSA"],
  facts,
  onProblem() {},
};

test("a refusal is the context's error, for middleware that logs, and onProblem gets it", async () => {
  const seen = [];
  const onProblem = (error, context) => void seen.push(["onProblem", error.code, context.req.path]);
  const logging = new Hono();
  logging.use(async (context, next) => {
    await next();
    seen.push(["logged", context.error?.code, context.res.status]);
  });
  const failing = guard({ ...base, policies: () => Promise.reject(new Error("KV is down")) });
  logging.get("/denied", privet(guarded, "email-accounts.open", { onProblem }), (context) => context.text("done"));
  logging.get("/down", privet(failing, "email-accounts.open"), (context) => context.text("done"));
  assert.equal((await logging.request("/denied", { headers: await authorised({}) })).status, 403);
  assert.equal((await logging.request("/down", { headers: await authorised(maria) })).status, 503);
  const response = await logging.request("/denied", { headers: await authorised(maria) });
  assert.equal(await response.text(), "done");
  assert.deepEqual(seen, [
    ["onProblem", "denied", "/denied"],
    ["logged", "denied", 403],
    ["logged", "policies-unavailable", 503],
    ["logged", undefined, 200],
  ]);
});

test("an onProblem of the middleware that fails is written to the console, and the refusal stands", async (context) => {
  const logged = context.mock.method(console, "error", () => {});
  const failing = new Hono();
  for (const [path, onProblem] of [
    ["/throws", () => assert.fail("sink")],
    ["/rejects", async () => assert.fail("sink")],
  ])
    failing.get(path, privet(guarded, "email-accounts.open", { onProblem }), (context) => context.text("done"));
  for (const path of ["/throws", "/rejects"]) assert.equal((await failing.request(path)).status, 401);
  assert.deepEqual(
    logged.mock.calls.map(({ arguments: [text, error] }) => [text, error.message]),
    Array(2).fill(["privet: onProblem failed:", "sink"]),
  );
});

test("`throws` leaves refusals to onError, or to Hono, which answers with the problem", async () => {
  for (const handled of [true, false]) {
    const throwing = new Hono();
    throwing.get("/", privet(guarded, "email-accounts.open", { throws: true }), (context) => context.text("done"));
    if (handled) throwing.onError((error, context) => context.text(error.code, 418));
    const response = await throwing.request("/");
    if (handled) assert.deepEqual([response.status, await response.text()], [418, "missing-token"]);
    else assert.deepEqual([response.status, (await response.json()).code], [401, "missing-token"]);
  }
});

test("a guard that is made from the context is made once for each `env`, or for each key", async () => {
  const made = [];
  const make = async (context) => {
    made.push(context.env.AUDIENCE);
    return guard({ ...base, audience: context.env.AUDIENCE });
  };
  const app = new Hono();
  app.get("/env", privet(make, "email-accounts.open"), (context) => context.text("done"));
  app.get("/key", privet(make, "email-accounts.open", { key: ({ env }) => env.AUDIENCE }), (context) =>
    context.text("done"),
  );
  const [here, elsewhere] = [{ AUDIENCE }, { AUDIENCE: "https://b.test" }];
  const headers = await authorised(maria);
  const get = async (path, env) => (await app.request(path, { headers }, env)).status;
  for (let round = 0; round < 3; round++)
    assert.deepEqual([await get("/env", here), await get("/env", elsewhere)], [200, 401]);
  assert.deepEqual(made, [AUDIENCE, "https://b.test"]);
  for (let round = 0; round < 3; round++)
    assert.deepEqual([await get("/key", { ...here }), await get("/key", { ...elsewhere })], [200, 401]);
  assert.deepEqual(made.slice(2), [AUDIENCE, "https://b.test"]);
});

test("a guard that cannot be made is an error of the application, and is tried again", async () => {
  let isReady = false;
  const app = new Hono();
  const make = () => {
    if (!isReady) throw new Error("binding missing");
    return guarded;
  };
  app.get("/", privet(make, "email-accounts.open", { key: () => "one" }), (context) => context.text("done"));
  app.onError((error, context) => context.text(error.message, 500));
  const headers = await authorised(maria);
  const response = await app.request("/", { headers });
  assert.deepEqual([response.status, await response.text()], [500, "binding missing"]);
  isReady = true;
  assert.equal((await app.request("/", { headers })).status, 200);
});

test("promises of onDecision are given to the context's `waitUntil`, and awaited where there is none", async () => {
  const written = [];
  const onDecision = async ({ decision }) => {
    await new Promise((done) => setTimeout(done, 20));
    written.push(decision);
  };
  const app = new Hono();
  app.get("/", privet(guard({ ...base, onDecision }), "email-accounts.open"), (context) => context.text("done"));
  const kept = [];
  const executionCtx = { waitUntil: (promise) => kept.push(promise), passThroughOnException() {} };
  await app.request("/", { headers: await authorised(maria) }, {}, executionCtx);
  assert.deepEqual([written.length, kept.length], [0, 1]);
  await kept[0];
  await app.request("/", { headers: await authorised({}) });
  assert.deepEqual(written, ["allowed", "denied"]);
});
