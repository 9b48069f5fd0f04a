// The cache of packs: from KV, R2 and fetch, by ETag, verified, and with the last good ones while the store is down.
import assert from "node:assert/strict";
import { test } from "node:test";
import { claims, refused, request } from "./support/issuer.mjs";
import { load } from "./support/package.mjs";
import { document, options, orders, pack } from "./support/orders.mjs";

const { open } = await load("privet");
const { bundlePacks, fromFetch, fromKV, fromR2, guard, issue, policies, signPack } = await load("privet/edge");
const tools = await (await load("privet/studio")).studio();
const newer = tools.compile({ ...document, version: "2" });
const { pack: contact } = await load("privet/policies/contact");

const { publicKey: key, privateKey } = await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
const signed = async (pack, options) => ({ pack, signature: await signPack(pack, privateKey, options) });
const both = bundlePacks([await signed(newer), await signed(pack)]);
const one = bundlePacks([await signed(pack)]);

/** A source that the test controls, and the cache of it. */
function cached(more = {}) {
  const state = { answer: async () => ({ body: one }), reads: 0, now: 1_900_000_000_000, told: [], asked: [] };
  const source = (question) => {
    state.reads++;
    state.asked.push(question.etag);
    return state.answer(question);
  };
  state.current = policies(source, {
    maxAge: 60,
    key,
    id: "orders",
    clock: () => state.now,
    onProblem: (error, { during }) => void state.told.push([during, error.code ?? error.message]),
    ...more,
  });
  state.versions = async () => (await state.current()).map(({ version }) => version);
  return state;
}

test("packs are read once, kept for `maxAge`, and then read again; those that have not changed stay open", async () => {
  const state = cached();
  const [first] = await Promise.all([state.current(), state.current(), state.current()]);
  assert.deepEqual(
    first.map(({ version }) => version),
    ["1"],
  );
  state.now += 59_999;
  await state.current();
  assert.equal(state.reads, 1);
  state.answer = async () => ({ body: both });
  state.now += 1;
  const second = await state.current();
  assert.deepEqual([state.reads, ...second.map(({ version }) => version)], [2, "2", "1"]);
  assert.equal(second[1], first[0]);
});

test("an ETag is asked with, and an unchanged answer keeps the same list", async () => {
  const state = cached();
  state.answer = async () => ({ body: one, etag: '"7"' });
  const first = await state.current();
  state.answer = async ({ etag }) => (etag === '"7"' ? undefined : assert.fail());
  for (let round = 0; round < 3; round++) {
    state.now += 60_000;
    assert.equal(await state.current(), first);
  }
  assert.deepEqual(state.asked, [undefined, '"7"', '"7"', '"7"']);
  assert.deepEqual(state.told, []);
});

test("the last good policies stay in use while the source is down or has refused packs, and that is told", async () => {
  const other = await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
  const bad = [
    [() => Promise.reject(new Error("KV is down")), "KV is down"],
    [async () => null, "the source has no packs"],
    [async () => ({ body: bundlePacks([{ pack }]) }), "invalid-signature"],
    [async () => ({ body: pack }), "invalid-signature"],
    [
      async () => ({ body: bundlePacks([{ pack, signature: await signPack(pack, other.privateKey) }]) }),
      "invalid-signature",
    ],
    [async () => ({ body: bundlePacks([await signed(contact)]) }), "wrong-pack"],
    [async () => ({ body: bundlePacks([await signed(newer), await signed(contact)]) }), "wrong-pack"],
    [async () => ({ packs: [] }), "the source must have 1 to 64 packs"],
    [async () => ({ packs: Array(65).fill({ pack }) }), "the source must have 1 to 64 packs"],
    [async () => ({ body: new Uint8Array(9 * 1024 * 1024) }), "the source answered more than 8388608 bytes"],
  ];
  const state = cached();
  const first = await state.current();
  for (const [answer, code] of bad) {
    state.answer = answer;
    state.now += 60_000;
    assert.equal(await state.current(), first);
    assert.deepEqual(state.told.at(-1), ["policies", code]);
    const { reads } = state;
    state.now += 4_999;
    await state.current();
    assert.equal(state.reads, reads, "five seconds pass before the next attempt");
  }
  for (const text of ["", "{}", "[]", '{"packs":1}', '{"packs":[{}]}', '{"packs":[{"pack":"*"}]}']) {
    state.answer = async () => ({ body: text });
    state.now += 60_000;
    assert.equal(await state.current(), first);
  }
  assert.equal(state.told.length, bad.length + 6);
  state.answer = async () => ({ body: both });
  state.now += 5_000;
  assert.deepEqual(await state.versions(), ["2", "1"]);
});

test("without any good policies, the guard answers 503, and asks again after a second", async () => {
  const state = cached();
  state.answer = () => Promise.reject(new Error("KV is down"));
  const told = [];
  const guarded = guard({
    ...options,
    policies: state.current,
    onProblem: (error, { during }) => void told.push([during, error.code, error.cause.message]),
  });
  const incoming = await request(claims(issue(orders.session())));
  for (let round = 0; round < 10; round++) await refused(guarded.session(incoming), 503, "policies-unavailable");
  assert.equal(state.reads, 1);
  assert.deepEqual(told, Array(10).fill(["policies", "policies-unavailable", "KV is down"]));
  state.answer = async () => ({ body: one });
  state.now += 1000;
  assert.ok(await guarded.session(incoming));
});

test("a slow source delays requests by a fifth of the timeout together, and is read in the background", async () => {
  const state = cached({ timeout: 500 });
  await state.current();
  let answer;
  state.answer = () => new Promise((done) => (answer = done));
  state.now += 60_000;
  const start = performance.now();
  for (const list of await Promise.all([state.current(), state.current(), state.current()]))
    assert.equal(list[0].version, "1");
  assert.ok(performance.now() - start >= 95);
  assert.equal(state.reads, 2);
  answer({ body: both });
  for (let round = 0; round < 100 && (await state.versions()).length < 2; round++)
    await new Promise((done) => setTimeout(done, 20));
  assert.deepEqual(await state.versions(), ["2", "1"]);
});

test("a source that never answers is given up after the timeout, and its signal is aborted", async () => {
  const state = cached({ timeout: 40 });
  let signal;
  state.answer = (question) => {
    signal = question.signal;
    return new Promise(() => {});
  };
  await assert.rejects(state.current(), { message: "no answer within 40 ms" });
  assert.equal(signal.aborted, true);
});

test("without a key, packs are taken as they are, also one by itself; `notBefore` needs a key", async () => {
  const bare = [pack, pack.slice().buffer, one, [pack], [{ pack }]];
  const answers = [
    { body: pack },
    { body: pack.slice().buffer },
    { packs: [{ pack }] },
    { packs: [pack] },
    { body: one },
  ];
  for (const answer of [...answers, ...bare]) {
    const state = cached({ key: undefined });
    state.answer = async () => answer;
    assert.deepEqual(await state.versions(), ["1"]);
  }
  const state = cached({ key: undefined });
  state.answer = async () => ({ body: contact });
  await assert.rejects(state.current(), { code: "wrong-pack" });
  assert.throws(() => cached({ key: undefined, notBefore: 1 }), { code: "invalid-options", id: "notBefore" });
  for (const maxAge of [undefined, -1, "60"])
    assert.throws(() => cached({ maxAge }), { code: "invalid-options", id: "maxAge" });
  assert.throws(() => policies({ get() {} }, { maxAge: 1 }), { code: "invalid-options", id: "source" });
});

test("an outdated pack is refused, and plain signatures are kept in bundles too", async () => {
  const plain = new Uint8Array(await crypto.subtle.sign("Ed25519", privateKey, pack));
  const state = cached();
  state.answer = async () => ({ body: bundlePacks([{ pack, signature: plain }]) });
  assert.deepEqual(await state.versions(), ["1"]);
  const dated = cached({ notBefore: 1_900_000_000 });
  for (const [issuedAt, code] of [
    [1_899_999_999, "outdated-pack"],
    [1_900_000_000, undefined],
  ]) {
    const body = bundlePacks([await signed(pack, { issuedAt })]);
    dated.answer = async () => ({ body });
    dated.now += 1000;
    if (code) await assert.rejects(dated.current(), { code });
    else assert.deepEqual(await dated.versions(), ["1"]);
  }
});

test("sources: KV, R2 and fetch", async (context) => {
  const question = (etag) => ({ etag, maxBytes: 1_000_000, signal: new AbortController().signal });
  const buffer = new TextEncoder().encode(one).buffer;
  const kv = fromKV(
    { get: async (name, type) => (name === "orders" && type === "arrayBuffer" ? buffer : null) },
    "orders",
  );
  assert.equal((await kv(question())).body, buffer);
  assert.equal(await fromKV({ get: async () => null }, "orders")(question()), null);

  const bucket = {
    async get(name, { onlyIf }) {
      if (name !== "orders") return null;
      const head = { etag: "e1", size: buffer.byteLength };
      return onlyIf?.etagDoesNotMatch === "e1" ? head : { ...head, arrayBuffer: async () => buffer };
    },
  };
  assert.deepEqual(await fromR2(bucket, "orders")(question()), { body: buffer, etag: "e1" });
  assert.equal(await fromR2(bucket, "orders")(question("e1")), undefined);
  assert.equal(await fromR2(bucket, "none")(question()), null);
  await assert.rejects(fromR2(bucket, "orders")({ ...question(), maxBytes: 10 }), /more than 10 bytes/);

  const asked = [];
  context.mock.method(globalThis, "fetch", async (url, { headers }) => {
    asked.push([url, headers["if-none-match"]]);
    if (headers["if-none-match"] === '"e1"') return new Response(null, { status: 304 });
    return url.endsWith("none")
      ? new Response("no", { status: 404 })
      : new Response(one, { headers: { etag: '"e1"' } });
  });
  const remote = fromFetch(new URL("https://packs.test/orders"), { headers: { "x-key": "k" } });
  const answer = await remote(question());
  assert.deepEqual([new TextDecoder().decode(answer.body), answer.etag], [one, '"e1"']);
  assert.equal(await remote(question('"e1"')), undefined);
  await assert.rejects(fromFetch("https://packs.test/none")(question()), /status 404/);
  await assert.rejects(remote({ ...question(), maxBytes: 10 }), /more than 10 bytes/);
  assert.deepEqual(asked[0], ["https://packs.test/orders", undefined]);
  const own = fromFetch("s3", { fetch: async () => new Response(one) });
  assert.equal((await own(question())).etag, undefined);
  const current = policies(remote, { maxAge: 60, key, id: "orders" });
  assert.equal((await current())[0].fingerprint, open(pack).fingerprint);
});

test("requests that come together when policies are old all wait for the new ones", async () => {
  // A token may be of the new policy: whoever used the old ones meanwhile would refuse it
  const state = cached();
  await state.current();
  state.answer = async () => {
    await new Promise((done) => setTimeout(done, 30));
    return { body: both };
  };
  state.now += 61_000;
  const lists = await Promise.all(Array.from({ length: 5 }, state.versions));
  assert.deepEqual(lists, Array(5).fill(["2", "1"]));
  assert.equal(state.reads, 2);
});
