// Keys from a JWKS: they stay in use while it is down, and nobody can make the guard fetch often, much or for long.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import { test } from "node:test";
import { AUDIENCE, ISSUER, claims, refused, sign } from "./support/issuer.mjs";
import { load } from "./support/package.mjs";
import { orders } from "./support/orders.mjs";

const jose = await load("jose");
const { guard, issue, remoteKeys } = await load("privet/edge");
const token = issue(orders.session({ roles: ["clerk"] }));
const url = new URL("https://issuer.test/jwks");

const pairs = {};
for (const kid of ["a", "b", "c"]) {
  const { publicKey, privateKey } = await jose.generateKeyPair("EdDSA", { extractable: true });
  pairs[kid] = { privateKey, jwk: { ...(await jose.exportJWK(publicKey)), kid } };
}
const jwks = (...kids) => ({ keys: kids.map((kid) => pairs[kid].jwk) });

/** A guard with a JWKS that the test controls, and its clock in milliseconds. */
function issuer(context, more = {}) {
  const state = { answer: async () => Response.json(jwks("a")), fetches: 0, now: 1_900_000_000_000, told: [] };
  context.mock.restoreAll();
  context.mock.method(globalThis, "fetch", (...given) => {
    state.fetches++;
    return state.answer(...given);
  });
  state.guarded = guard({
    policies: [orders],
    keys: url,
    issuer: ISSUER,
    audience: AUDIENCE,
    algorithms: ["EdDSA"],
    clock: () => state.now,
    onProblem: (error, { during }) => void state.told.push([during, error.code ?? error.message]),
    ...more,
  });
  state.request = async (kid, signedBy = kid) => {
    const iat = Math.floor(state.now / 1000);
    const jwt = await sign(claims(token, { iat, exp: iat + 3600 }), pairs[signedBy].privateKey, { kid });
    return new Request("https://example.test/", { headers: { authorization: `Bearer ${jwt}` } });
  };
  state.session = async (kid, signedBy) => state.guarded.session(await state.request(kid, signedBy));
  return state;
}
const down = async () => {
  throw new Error("down");
};
const settled = () => new Promise((done) => setTimeout(done, 5));
const MINUTE = 60_000;

test("keys stay in use while the JWKS is down, for a day; it is asked twice a minute at most", async (context) => {
  const state = issuer(context);
  await state.session("a");
  assert.equal(state.fetches, 1);
  state.answer = down;
  state.now += 9 * MINUTE;
  for (let round = 0; round < 20; round++) await state.session("a");
  assert.equal(state.fetches, 1, "young keys are not fetched again");
  for (let minute = 0; minute < 10; minute++) {
    state.now += MINUTE;
    for (let round = 0; round < 20; round++) assert.ok((await state.session("a")).can("orders.list"));
    await settled();
  }
  assert.equal(state.fetches, 1 + 10);
  assert.deepEqual(state.told[0], ["keys", "the issuer's JWKS could not be fetched"]);
  state.now += 24 * 60 * MINUTE;
  const error = await refused(state.session("a"), 503, "keys-unavailable");
  assert.equal(error.cause.cause.message, "down");
  await refused(state.session("a"), 503, "keys-unavailable");
  assert.equal(state.fetches, 12, "after a failure without keys, a second passes before the next attempt");
  state.answer = async () => Response.json(jwks("a"));
  state.now += 1000;
  assert.ok(await state.session("a"));
});

test("old keys are refreshed in the background: a slow JWKS delays no request", async (context) => {
  const state = issuer(context);
  await state.session("a");
  let answer;
  state.answer = () => new Promise((done) => (answer = done));
  state.now += 11 * MINUTE;
  for (let round = 0; round < 20; round++) assert.ok(await state.session("a"));
  assert.equal(state.fetches, 2);
  state.answer = async () => Response.json(jwks("b"));
  answer(Response.json(jwks("b")));
  await settled();
  assert.ok(await state.session("b"));
  await refused(state.session("a"), 401, "invalid-token");
});

test("a rotated key is fetched once for many waiting requests, also right after the last fetch", async (context) => {
  const state = issuer(context);
  await state.session("a");
  state.answer = async () => {
    await settled();
    return Response.json(jwks("a", "b"));
  };
  const sessions = await Promise.all(Array.from({ length: 50 }, () => state.session("b")));
  assert.equal(sessions.length, 50);
  assert.equal(state.fetches, 2);
});

test("the first requests share a fetch, and so does its failure", async (context) => {
  const state = issuer(context);
  await Promise.all(Array.from({ length: 50 }, () => state.session("a")));
  assert.equal(state.fetches, 1);
  const other = issuer(context);
  other.answer = down;
  const all = await Promise.allSettled(Array.from({ length: 50 }, () => other.session("a")));
  assert.ok(all.every(({ reason }) => reason.code === "keys-unavailable"));
  assert.equal(other.fetches, 1);
});

test("unknown keys cannot make a fetch each", async (context) => {
  const state = issuer(context);
  await state.session("a");
  for (let round = 0; round < 50; round++) await refused(state.session(`x${round}`, "b"), 401, "invalid-token");
  assert.equal(state.fetches, 2);
  state.now += 5000;
  const all = Array.from({ length: 50 }, (_, round) => state.session(`y${round}`, "b"));
  assert.ok((await Promise.allSettled(all)).every(({ reason }) => reason.code === "invalid-token"));
  assert.equal(state.fetches, 3);
  state.answer = down;
  state.now += 5000;
  for (let round = 0; round < 50; round++) await refused(state.session(`z${round}`, "b"), 503, "keys-unavailable");
  assert.equal(state.fetches, 4);
  assert.ok(await state.session("a"), "known keys work meanwhile");
});

test("a forged signature under a known key does not make a fetch", async (context) => {
  const state = issuer(context);
  for (let round = 0; round < 50; round++) await refused(state.session("a", "b"), 401, "invalid-token");
  assert.equal(state.fetches, 1);
});

test("answers that are no JWKS leave the keys as they are", async (context) => {
  const state = issuer(context);
  await state.session("a");
  const answers = [
    new Response("not found", { status: 404 }),
    new Response("<html>"),
    Response.json({}),
    Response.json({ keys: {} }),
    new Response(null, { status: 302, headers: { location: "https://attacker.test/" } }),
    new Response(null),
  ];
  for (const answer of answers) {
    state.answer = async () => answer;
    state.now += 11 * MINUTE;
    await state.session("a");
    await settled();
  }
  assert.equal(state.fetches, 1 + answers.length);
  assert.equal(state.told.length, answers.length);
  assert.ok(await state.session("a"));
});

/** A server that goes on sending, and says how much. */
async function endless(context, headers) {
  const state = { sent: 0, closed: 0 };
  const server = createServer((_, response) => {
    response.writeHead(200, headers);
    const chunk = Buffer.alloc(65_536, " ");
    const more = () => {
      while (!response.destroyed && response.write(chunk)) state.sent += chunk.length;
    };
    response.on("drain", more).on("close", () => state.closed++);
    more();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => server.closeAllConnections());
  context.after(() => server.close());
  state.url = new URL(`http://127.0.0.1:${server.address().port}/jwks`);
  return state;
}

for (const [what, headers] of [
  ["says its length", { "content-length": 300 * 1024 * 1024 }],
  ["does not", {}],
]) {
  test(`a JWKS of 300 MB that ${what} is refused without being read`, async (context) => {
    const server = await endless(context, headers);
    const keys = remoteKeys(server.url);
    await assert.rejects(
      async () => keys({ alg: "EdDSA", kid: "a" }, {}),
      (error) => {
        assert.equal(error.cause.message, "the response has more than 524288 bytes");
        return true;
      },
    );
    await settled();
    assert.ok(server.sent < 32 * 1024 * 1024, String(server.sent));
    for (let round = 0; server.closed === 0 && round < 100; round++) await settled();
    assert.equal(server.closed, 1, "the connection is closed");
  });
}

test("a JWKS that does not answer, or not to its end, is given up after the timeout", async (context) => {
  for (const answer of [
    (_, { signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted")))),
    () => new Promise(() => {}),
    async () => new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(9)) })),
  ]) {
    const state = issuer(context, { timeout: 40 });
    state.answer = answer;
    const start = performance.now();
    await refused(state.session("a"), 503, "keys-unavailable");
    assert.ok(performance.now() - start < 1000);
  }
});

test("options of remote keys", async (context) => {
  const state = issuer(context);
  const asked = [];
  const keys = remoteKeys(url, {
    refresh: 10,
    maxAge: 20,
    clock: () => state.now,
    onProblem: () => {},
    fetch: async (address, { redirect, headers }) => {
      asked.push(address, redirect, headers.accept.includes("json"));
      return Response.json(jwks("a"));
    },
  });
  state.guarded = guard({
    policies: [orders],
    keys,
    issuer: ISSUER,
    audience: AUDIENCE,
    algorithms: ["EdDSA"],
    clock: () => state.now,
  });
  await state.session("a");
  assert.deepEqual(asked, [url.href, "manual", true]);
  state.now += 20_000;
  await state.session("a");
  assert.equal(asked.length, 6);
  assert.equal(state.fetches, 0);
  for (const more of [{ refresh: -1 }, { maxAge: "1d" }])
    assert.throws(() => remoteKeys(url, more), { code: "invalid-options" });
  assert.throws(() => remoteKeys(new URL("http://issuer.test/")), { code: "invalid-options" });
});

/** Asks for the key of a token, of a JWKS that is answered so. */
const keyFrom = (response, header = { alg: "EdDSA", kid: "a" }) =>
  remoteKeys(url, { fetch: async () => response, onProblem: () => {} })(header, {});
/** A JWKS of so many bytes. */
const ofLength = (bytes) => JSON.stringify(jwks("a")).padEnd(bytes, " ");
const MOST = 524_288;

test("a JWKS of 512 KiB is read, whether it says its length or not; one byte more is refused", async () => {
  for (const headers of [{}, { "content-length": String(MOST) }])
    assert.equal((await keyFrom(new Response(ofLength(MOST), { headers }))).type, "public");
  for (const headers of [{}, { "content-length": String(MOST + 1) }])
    await assert.rejects(keyFrom(new Response(ofLength(MOST + 1), { headers })), (error) => {
      assert.equal(error.cause.message, `the response has more than ${MOST} bytes`);
      return true;
    });
});

test("a JWKS that says that it is too long is not read, and its connection is closed", async () => {
  const told = [];
  const pull = (controller) => {
    told.push("read");
    controller.enqueue(new TextEncoder().encode(ofLength(300)));
    controller.close();
  };
  const body = new ReadableStream({ pull, cancel: () => void told.push("cancelled") }, { highWaterMark: 0 });
  const response = new Response(body, { headers: { "content-length": String(MOST + 1) } });
  await assert.rejects(
    keyFrom(response),
    (error) => error.cause.message === `the response has more than ${MOST} bytes`,
  );
  assert.deepEqual(told, ["cancelled"]);
});

test("a JWKS in several chunks is put together", async () => {
  const bytes = new TextEncoder().encode(ofLength(300));
  const start = (controller) => {
    for (const [from, to] of [
      [0, 1],
      [1, 120],
      [120, 300],
    ])
      controller.enqueue(bytes.slice(from, to));
    controller.close();
  };
  assert.equal((await keyFrom(new Response(new ReadableStream({ start })))).type, "public");
});

test("a response without a body that says that it is too long is refused in the same way", async () => {
  const response = new Response(null, { headers: { "content-length": String(MOST + 1) } });
  await assert.rejects(
    keyFrom(response),
    (error) => error.cause.message === `the response has more than ${MOST} bytes`,
  );
});

test("a response without a body is an empty text, which is no JWKS", async () => {
  await assert.rejects(keyFrom(new Response(null)), (error) => {
    assert.equal(error.message, "the issuer's JWKS could not be fetched");
    assert.equal(error.cause.name, "SyntaxError");
    return true;
  });
});

test("a key that is given alone is used for tokens that name it, and for no others", async (context) => {
  const state = issuer(context, { keys: pairs.a.jwk });
  assert.ok(await state.session("a"));
  await refused(state.session("b", "a"), 401, "invalid-token");
  await refused(state.session("a", "b"), 401, "invalid-token");
  assert.equal(state.fetches, 0);
});

test("a set with something that is no key is refused, with what `jose` says of it as the cause", () => {
  const more = { policies: [orders], issuer: ISSUER, audience: AUDIENCE };
  assert.throws(
    () => guard({ ...more, algorithms: ["EdDSA"], keys: { keys: [1] } }),
    (error) => {
      assert.deepEqual([error.code, error.id], ["invalid-options", "keys"]);
      assert.equal(error.message, "option `keys` is not a JSON Web Key Set");
      assert.equal(error.cause.code, "ERR_JWKS_INVALID");
      return true;
    },
  );
  // A secret of which nobody knows how long it is
  assert.throws(() => guard({ ...more, algorithms: ["HS256"], keys: { type: "secret" } }), {
    code: "invalid-options",
    id: "keys",
    message: "option `keys` must have at least 32 bytes if it is a secret",
  });
});
