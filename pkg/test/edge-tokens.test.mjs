// Where tokens come from: headers, cookies, schemes; several issuers, each with its keys; audiences; the clock.
import assert from "node:assert/strict";
import { test } from "node:test";
import { AUDIENCE, ISSUER, claims, keys, other, publicJwk, refused, request, sign } from "./support/issuer.mjs";
import { load } from "./support/package.mjs";
import { options, orders } from "./support/orders.mjs";

const edge = await load("privet/edge");
const jose = await load("jose");
const { firstToken, guard, issue, tokenFromAuthorization, tokenFromCookie, tokenFromHeader } = edge;

const token = issue(orders.session({ roles: ["clerk"] }));
const jwt = await sign(claims(token));
const carrying = (headers) => new Request("https://example.test/", { headers });

/** Why, the reader, the headers of a request that is accepted. */
const carriers = [
  [
    "the cookie of Cloudflare Access",
    tokenFromCookie("CF_Authorization"),
    { cookie: `a=b; CF_Authorization=${jwt}; CF_AppSession=c` },
  ],
  ["a cookie in quotes", tokenFromCookie("session"), { cookie: `session="${jwt}"` }],
  ["the header of Cloudflare Access", tokenFromHeader("Cf-Access-Jwt-Assertion"), { "cf-access-jwt-assertion": jwt }],
  ["the scheme DPoP", tokenFromAuthorization("DPoP"), { authorization: `dpop ${jwt}` }],
  [
    "the first of several, here the second",
    firstToken(tokenFromHeader("x-token"), tokenFromAuthorization()),
    { authorization: `Bearer ${jwt}` },
  ],
  ["any other, also late", async (request) => request.headers.get("x-any")?.slice(4), { "x-any": `jwt ${jwt}` }],
];
for (const [why, reader, headers] of carriers) {
  test(`a token is read from ${why}`, async () => {
    const guarded = guard({ ...options, token: reader });
    assert.ok((await guarded.session(carrying(headers))).can("orders.list"));
    await refused(guarded.session(carrying({})), 401, "missing-token");
    if (!headers.authorization?.startsWith("Bearer"))
      await refused(guarded.session(carrying({ authorization: `Bearer ${jwt}` })), 401, "missing-token");
  });
}

test("a token that is found and invalid is not passed over, and a long one is refused before it is read", async () => {
  const first = firstToken(tokenFromHeader("x-token"), tokenFromAuthorization());
  const guarded = guard({ ...options, token: first });
  await refused(guarded.session(carrying({ "x-token": "", authorization: `Bearer ${jwt}` })), 401, "invalid-token");
  for (const [reader, headers] of [
    [tokenFromHeader("x-token"), { "x-token": "A".repeat(8193) }],
    [tokenFromCookie("t"), { cookie: `t=${"A".repeat(8193)}` }],
    [tokenFromAuthorization("DPoP"), { authorization: `DPoP ${"A".repeat(8190)}` }],
  ])
    await refused(guard({ ...options, token: reader }).session(carrying(headers)), 401, "oversized-token");
});

test("a reader that fails or gives no text", async () => {
  const failing = guard({ ...options, token: () => Promise.reject(new Error("cache")) });
  assert.equal((await refused(failing.session(carrying({})), 503, "token-unavailable")).cause.message, "cache");
  for (const value of [1, {}, [jwt]])
    await refused(guard({ ...options, token: () => value }).session(carrying({})), 401, "invalid-token");
});

const OTHER = "https://other.test";
const otherJwk = await jose.exportJWK(other.publicKey);

test("several issuers and audiences with one source of keys", async () => {
  const guarded = guard({ ...options, issuer: [ISSUER, OTHER], audience: [AUDIENCE, "https://b.test"] });
  for (const more of [{}, { iss: OTHER }, { aud: "https://b.test" }, { aud: ["x", "https://b.test"] }])
    assert.ok(await guarded.session(await request(claims(token, more))));
  await refused(guarded.session(await request(claims(token, { iss: "https://c.test" }))), 401, "wrong-issuer");
  await refused(guarded.session(await request(claims(token, { aud: "https://c.test" }))), 401, "wrong-audience");
  await refused(guarded.session(await request(claims(token, { aud: [] }))), 401, "wrong-audience");
  await refused(guarded.session(await request(claims(token, { aud: undefined }))), 401, "invalid-token");
});

test("several issuers, each with its keys: a key of one never verifies a token of another", async () => {
  const kid = "same-id";
  const asked = [];
  const guarded = guard({
    ...options,
    issuer: [ISSUER, OTHER],
    keys: {
      [ISSUER]: { keys: [{ ...publicJwk, kid }] },
      [OTHER]: (header) => {
        asked.push(header.kid);
        return other.publicKey;
      },
    },
  });
  const signed = (iss, key) => request(claims(token, { iss }), key.privateKey, { kid });
  assert.ok(await guarded.session(await signed(ISSUER, keys)));
  assert.ok(await guarded.session(await signed(OTHER, other)));
  await refused(guarded.session(await signed(ISSUER, other)), 401, "invalid-token");
  await refused(guarded.session(await signed(OTHER, keys)), 401, "invalid-token");
  for (const iss of ["https://c.test", "__proto__", "constructor", undefined])
    await refused(guarded.session(await signed(iss, keys)), 401, "wrong-issuer");
  assert.deepEqual(asked, [kid, kid], "keys are asked only for tokens of their issuer");
});

test("keys by issuer must be complete", () => {
  const issuer = [ISSUER, OTHER];
  for (const [keysOf, message] of [
    [{ [ISSUER]: publicJwk }, `option \`keys\` has no keys of the issuer \`${OTHER}\``],
    [
      { [ISSUER]: publicJwk, [OTHER]: otherJwk, c: otherJwk },
      "option `keys` has keys of `c`, which is not in `issuer`",
    ],
    [
      { [ISSUER]: publicJwk, [OTHER]: new Uint8Array(32) },
      "option `algorithms` must match `keys`: a secret requires the `HS` algorithms, public keys exclude them",
    ],
    [
      { [ISSUER]: publicJwk, [OTHER]: new URL("http://other.test/") },
      "option `keys` must be an https URL: over http, an attacker could replace the keys",
    ],
  ])
    assert.throws(() => guard({ ...options, issuer, keys: keysOf }), { code: "invalid-options", message });
  for (const value of [[], [""], [ISSUER, 1]]) {
    assert.throws(() => guard({ ...options, issuer: value }), { code: "invalid-options", id: "issuer" });
    assert.throws(() => guard({ ...options, audience: value }), { code: "invalid-options", id: "audience" });
  }
});

test("the audience in another claim: `client_id` of Cognito's access tokens, `azp` of Clerk's", async () => {
  for (const audienceClaim of ["client_id", "azp"]) {
    const guarded = guard({ ...options, audienceClaim });
    const given = (value) => request(claims(token, { aud: undefined, [audienceClaim]: value }));
    assert.ok(await guarded.session(await given(AUDIENCE)));
    await refused(guarded.session(await given("https://b.test")), 401, "wrong-audience");
    await refused(guarded.session(await given(undefined)), 401, "invalid-token");
    await refused(guarded.session(await request(claims(token))), 401, "invalid-token");
  }
});

test("the clock is used for expiry, age and records", async () => {
  const records = [];
  let now = 1_900_000_000_000;
  const at = Math.floor(now / 1000);
  const guarded = guard({
    ...options,
    clock: () => now,
    maxAge: 600,
    onDecision: (record) => void records.push(record),
  });
  const incoming = await request(claims(token, { iat: at, exp: at + 900 }));
  await guarded.require(incoming, "orders.list");
  assert.equal(records[0].at, "2030-03-17T17:46:40.000Z");
  now += 600_000;
  assert.ok(await guarded.session(incoming));
  now += 1000;
  await refused(guarded.session(incoming), 401, "expired-token");
  now -= 700_000;
  await refused(guarded.session(incoming), 401, "invalid-token");
});

test("`notBefore` rules out tokens of a policy that were issued earlier", async () => {
  const at = Math.floor(Date.now() / 1000) - 60;
  const within = (notBefore) => guard({ ...options, notBefore });
  const incoming = await request(claims(token, { iat: at }));
  assert.ok(await within({ orders: at, other: at + 1 }).session(incoming));
  const error = await refused(within({ orders: at + 1 }).session(incoming), 401, "stale-token");
  assert.equal(error.message, "the token was issued before the time that `notBefore` has for `orders`");
  await refused(within({ orders: at }).session(await request(claims(token, { iat: undefined }))), 401, "stale-token");
  const mapped = guard({ ...options, notBefore: { orders: at + 1 }, subject: edge.auth0() });
  await refused(mapped.session(incoming), 401, "stale-token");
  assert.throws(() => within({ orders: "2026" }), { code: "invalid-options", id: "notBefore" });
});
