// Records of decisions: none is lost, each is described by the schema, and they cost what the operation reads.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { claims, refused, request } from "./support/issuer.mjs";
import { load } from "./support/package.mjs";
import { options, orders } from "./support/orders.mjs";

const { open } = await load("privet");
const { auth0, guard, issue } = await load("privet/edge");
const tools = await (await load("privet/studio")).studio();

const file = createRequire(join(process.env.PRIVET_INSTALLED, "anywhere.js")).resolve("privet/record.schema.json");
const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, validateFormats: false });
const isRecord = ajv.compile(JSON.parse(readFileSync(file, "utf8")));

const incoming = await request(claims(issue(orders.session({ roles: ["clerk"] }))));
const later = (ms, value) => new Promise((done) => setTimeout(done, ms, value));

test("without `waitUntil`, the promise of onDecision is awaited before `require` returns or rejects", async () => {
  const written = [];
  const onDecision = async (record, context) => {
    context.waitUntil(later(30).then(() => written.push("more")));
    await later(10);
    written.push(record.decision);
  };
  const guarded = guard({ ...options, onDecision });
  await guarded.require(incoming, "orders.list");
  assert.deepEqual(written, ["allowed", "more"]);
  await refused(guarded.require(incoming, "orders.refund"), 403, "denied");
  assert.deepEqual(written, ["allowed", "more", "denied", "more"]);
});

test("an explicit `waitUntil` takes the promise, and `require` does not wait", async () => {
  const kept = [];
  let isWritten = false;
  const onDecision = (_, { request }) => {
    assert.equal(request, incoming);
    return later(30).then(() => {
      isWritten = true;
    });
  };
  const guarded = guard({ ...options, onDecision });
  await guarded.require(incoming, "orders.list", { waitUntil: (promise) => kept.push(promise) });
  assert.deepEqual([isWritten, kept.length], [false, 1]);
  await kept[0];
  assert.equal(isWritten, true);
});

test("the `waitUntil` of Vercel's request context takes the promise; one that throws is as none", async (context) => {
  const key = Symbol.for("@vercel/request-context");
  context.after(() => delete globalThis[key]);
  const kept = [];
  let waitUntil = (promise) => kept.push(promise);
  globalThis[key] = { get: () => ({ waitUntil }) };
  const written = [];
  const guarded = guard({ ...options, onDecision: () => later(20).then(() => written.push(1)) });
  await guarded.require(incoming, "orders.list");
  assert.deepEqual([kept.length, written.length], [1, 0]);
  waitUntil = () => {
    throw new Error("outside of a request");
  };
  await Promise.all(kept);
  await guarded.require(incoming, "orders.list");
  assert.equal(written.length, 2);
});

test("what onDecision throws, at once or later, is told and changes nothing", async () => {
  const told = [];
  const onProblem = (error, { during, request }) => void told.push([error.message, during, request === incoming]);
  for (const onDecision of [
    () => {
      throw new Error("at once");
    },
    () => Promise.reject(new Error("later")),
    (_, { waitUntil }) => waitUntil(Promise.reject(new Error("more"))),
  ])
    assert.ok(await guard({ ...options, onDecision, onProblem }).require(incoming, "orders.list"));
  const slow = guard({ ...options, onDecision: () => new Promise(() => {}), onProblem, timeout: 20 });
  assert.ok(await slow.require(incoming, "orders.list"));
  assert.deepEqual(
    told,
    ["at once", "later", "more", "no answer within 20 ms"].map((message) => [message, "onDecision", true]),
  );
});

test("an onProblem that throws or rejects is written to the console, and its promise is kept", async (context) => {
  const logged = context.mock.method(console, "error", () => {});
  const failing = (onProblem) => guard({ ...options, policies: () => Promise.reject(new Error("KV")), onProblem });
  const thrown = failing(() => {
    throw new Error("sink");
  });
  await refused(thrown.session(incoming), 503, "policies-unavailable");
  await refused(failing(() => Promise.reject(new Error("sink"))).session(incoming), 503, "policies-unavailable");
  assert.deepEqual(
    logged.mock.calls.map(({ arguments: [text, error] }) => [text, error.message]),
    Array(2).fill(["privet: onProblem failed:", "sink"]),
  );
  const endless = guard({
    ...options,
    policies: () => Promise.reject(new Error("KV")),
    onProblem: () => new Promise(() => {}),
    timeout: 20,
  });
  await refused(endless.session(incoming), 503, "policies-unavailable");
  const kept = [];
  const slow = failing(() => later(10));
  await refused(slow.session(incoming, { waitUntil: (promise) => kept.push(promise) }), 503, "policies-unavailable");
  assert.equal(kept.length, 1);
});

test("records have the trace id of a valid `traceparent`", async () => {
  const id = "0af7651916cd43dd8448eb211c80319c";
  const cases = [
    [`00-${id}-b7ad6b7169203331-01`, id],
    [`01-${id}-b7ad6b7169203331-01-more`, id],
    [`00-${id}-b7ad6b7169203331-01-more`, undefined],
    [`ff-${id}-b7ad6b7169203331-01`, undefined],
    [`00-${"0".repeat(32)}-b7ad6b7169203331-01`, undefined],
    [`00-${id}-${"0".repeat(16)}-01`, undefined],
    [`00-${id.toUpperCase()}-b7ad6b7169203331-01`, undefined],
    [id, undefined],
  ];
  for (const [traceparent, wanted] of cases) {
    const records = [];
    const headers = { authorization: incoming.headers.get("authorization"), traceparent };
    const guarded = guard({ ...options, onDecision: (record) => void records.push(record) });
    await guarded.require(new Request(incoming.url, { headers }), "orders.list");
    assert.equal(records[0].traceId, wanted, traceparent);
    assert.equal("traceId" in records[0], wanted !== undefined);
  }
});

test("the schema of records describes every record, and no others", async () => {
  const records = [];
  const onDecision = (record) => void records.push(JSON.parse(JSON.stringify(record)));
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const headers = async (more) => ({ ...Object.fromEntries((await request(claims({}, more))).headers), traceparent });
  const mapped = guard({ ...options, onDecision, subject: auth0({ map: { stock: { stock: "edit" } } }) });
  for (const operation of orders.operations) {
    await guard({ ...options, onDecision })
      .require(incoming, operation)
      .catch(() => {});
    await mapped
      .require(new Request(incoming.url, { headers: await headers({ scope: "openid stock clerk" }) }), operation)
      .catch(() => {});
  }
  for (const [id, policies] of [
    ["contact", await load("privet/policies/contact")],
    ["dotdigital", await load("privet/policies/dotdigital")],
    ["vicidial", await load("privet/policies/vicidial")],
  ].map(([id, { pack }]) => [id, [open(pack)]])) {
    const [policy] = policies;
    const { privileges } = tools.describe(policy);
    const value = ({ kind, levels, options, max }) =>
      ({ flag: true, level: levels?.[0].id, choice: options?.[0].id, set: options?.map(({ id }) => id), number: max })[
        kind
      ];
    const grants = Object.fromEntries(privileges.map((privilege) => [privilege.id, value(privilege) ?? 1]));
    const signed = await request(claims(issue(policy.session({ grants })), { sub: id === "contact" ? undefined : id }));
    const guarded = guard({ ...options, policies, onDecision });
    for (const operation of policy.operations) await guarded.require(signed, operation).catch(() => {});
  }
  assert.ok(records.length > 300);
  for (const record of records)
    assert.ok(isRecord(record), `${ajv.errorsText(isRecord.errors)}: ${JSON.stringify(record)}`);
  const [record] = records;
  const wrong = [
    { ...record, at: "today" },
    { ...record, subject: undefined },
    { ...record, policy: { ...record.policy, fingerprint: "x" } },
    { ...record, decision: "maybe" },
    { ...record, inputs: { ...record.inputs, grants: { "orders:read": false } } },
    { ...record, inputs: { ...record.inputs, more: {} } },
    { ...record, traceId: "0".repeat(32) },
    { ...record, ignored: ["openid"] },
  ];
  for (const value of wrong) assert.ok(!isRecord(JSON.parse(JSON.stringify(value))), JSON.stringify(value));
});

test("a record costs what its operation reads: linear in privileges and roles", async () => {
  const median = async (n) => {
    const grants = (at) => Object.fromEntries([0, 1, 2, 3].map((more) => [`p${(at + more) % n}`, true]));
    const list = (of) => Array.from({ length: n }, (_, at) => of(at));
    const policy = open(
      tools.compile({
        format: 1,
        id: "large",
        title: "Large",
        version: "1",
        privileges: list((at) => ({ id: `p${at}`, kind: "flag", label: `P${at}` })),
        roles: list((at) => ({ id: `r${at}`, label: `R${at}`, grants: grants(at) })),
        operations: list((at) => ({ id: `o${at}`, label: `O${at}`, requires: `p${at}` })),
      }),
    );
    const everything = { roles: policy.roles, grants: Object.fromEntries(policy.privileges.map((id) => [id, true])) };
    const signed = await request(claims(issue(policy.session(everything))));
    const guarded = guard({ ...options, policies: [policy], onDecision: () => {} });
    const times = [];
    for (let round = 0; round < 15; round++) {
      const start = performance.now();
      await guarded.require(signed, "o0");
      times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b)[7];
  };
  const sizes = [400, 800, 1200, 2400];
  const times = [];
  for (const n of sizes) times.push(await median(n));
  console.log(
    `guard.require with a record, ${sizes.join("/")} privileges and roles: ${times.map((ms) => ms.toFixed(2)).join("/")} ms`,
  );
  // Six times the size: cubic is 216 times the time, quadratic 36
  assert.ok(times[3] < 18 * times[0] + 5, times.join());
});
