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
