// Hooks: each has a bound of time and a code, and no failure is silent.
import assert from "node:assert/strict";
import { test } from "node:test";
import { claims, keys, refused, request } from "./support/issuer.mjs";
import { load } from "./support/package.mjs";
import { options, orders } from "./support/orders.mjs";

const { guard, issue, InvalidRequestError } = await load("privet/edge");
const token = issue(orders.session({ roles: ["clerk"] }));
const incoming = await request(claims(token));
const never = () => new Promise(() => {});

/** By option: the code, and the name by which problems are told. */
const hooks = {
  token: ["token-unavailable", "token"],
  keys: ["keys-unavailable", "keys"],
  revoked: ["revocation-unavailable", "revoked"],
  policies: ["policies-unavailable", "policies"],
  facts: ["facts-unavailable", "facts"],
  subject: ["subject-unavailable", "subject"],
};
for (const [option, [code, during]] of Object.entries(hooks)) {
  test(`\`${option}\` that never answers: 503 ${code} after the timeout`, async () => {
    const told = [];
    const onProblem = (error, context) => void told.push([error.code, context.during, context.request === incoming]);
    const guarded = guard({ ...options, [option]: never, timeout: 40, onProblem });
    const start = performance.now();
    const error = await refused(guarded.require(incoming, "orders.list"), 503, code);
    assert.ok(performance.now() - start < 1000);
    assert.equal(error.cause.message, "no answer within 40 ms");
    assert.deepEqual(told, [[code, during, true]]);
    assert.equal(error.response().status, 503);
  });
  test(`\`${option}\` that throws is written to the console where there is no onProblem`, async (context) => {
    const logged = context.mock.method(console, "error", () => {});
    const failing = () => {
      throw new Error("KV is down");
    };
    const guarded = guard({ ...options, [option]: failing, onProblem: undefined });
    await refused(guarded.session(incoming), 503, code);
    const [[text, error]] = logged.mock.calls.map((call) => call.arguments);
    assert.deepEqual([text, error.code, error.cause.message], [`privet: ${during} failed:`, code, "KV is down"]);
  });
}

test("an ordinary refusal is not told", async () => {
  const told = [];
  const guarded = guard({ ...options, onProblem: (error) => void told.push(error) });
  await refused(guarded.require(incoming, "orders.refund"), 403, "denied");
  await refused(guarded.require(incoming, "day.close"), 403, "undecided");
  await refused(guarded.session(new Request("https://example.test/")), 401, "missing-token");
  await refused(guarded.session(await request(claims(token, { exp: 1 }))), 401, "expired-token");
  assert.deepEqual(told, []);
});

test("facts that the policy lacks are told", async () => {
  const told = [];
  const onProblem = (error, { during }) => void told.push([error.code, during]);
  const guarded = guard({ ...options, facts: () => ({ closed: true }), onProblem });
  await refused(guarded.session(incoming), 500, "invalid-facts");
  assert.deepEqual(told, [["invalid-facts", "facts"]]);
});

test("anything but a Request is a stable error that names `privet/node`", async () => {
  const guarded = guard(options);
  const node = { method: "GET", url: "/", headers: { authorization: incoming.headers.get("authorization") } };
  for (const wrong of [node, undefined, null, {}, "GET /"])
    for (const call of [guarded.session(wrong), guarded.require(wrong, "orders.list")])
      await assert.rejects(call, (error) => {
        assert.ok(error instanceof InvalidRequestError);
        assert.equal(error.code, "invalid-request");
        assert.match(error.message, /Express, Fastify or Koa use `privet\/node`/);
        return true;
      });
});

test("timeouts and hooks are checked when the guard is made", () => {
  for (const timeout of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, "5s"])
    assert.throws(() => guard({ ...options, timeout }), { code: "invalid-options", id: "timeout" });
  for (const name of ["token", "clock", "subject", "revoked", "facts"])
    assert.throws(() => guard({ ...options, [name]: "x" }), { code: "invalid-options", id: name });
});

test("a hook that answers at once is not delayed, and leaves no timer behind", async () => {
  const guarded = guard({ ...options, keys: () => keys.publicKey, revoked: () => false, policies: () => [orders] });
  await guarded.require(incoming, "orders.list");
  await guard({ ...options, revoked: async () => false, timeout: 2 ** 31 - 1 }).session(incoming);
  assert.equal(process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length, 0);
});
