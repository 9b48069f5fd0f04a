// Guards: accepted and refused requests, problems, and decision records.
import assert from "node:assert/strict";
import { createSecretKey, generateKeyPairSync, KeyObject } from "node:crypto";
import { test } from "node:test";
import { inspect } from "node:util";
import { runInNewContext } from "node:vm";
import { load } from "./support/package.mjs";
import { AUDIENCE, ISSUER, claims, keys, other, publicJwk, refused, request, sign } from "./support/issuer.mjs";

const { open, UnknownIdError, PrivetError } = await load("privet");
const { guard, issue, ProblemError } = await load("privet/edge");
const jose = await load("jose");
const tools = await (await load("privet/studio")).studio();
const { pack } = await load("privet/policies/vicidial");
const vicidial = open(pack);
const dotdigital = open((await load("privet/policies/dotdigital")).pack);

const OPERATION = "email-accounts.open";
const options = {
  policies: [pack],
  keys: keys.publicKey,
  issuer: ISSUER,
  audience: AUDIENCE,
  algorithms: ["EdDSA"],
  onProblem: () => {}, // instead of the console
};
const facts = () => ({ "email-allowed": true });
const allowed = vicidial.session({ grants: { "modify-email-accounts": true }, facts: facts() });
const good = claims(issue(allowed));

test("a token that allows the operation is accepted, and the handler gets the session", async () => {
  const guarded = guard({ ...options, facts });
  const session = await guarded.require(await request(good), OPERATION);
  assert.deepEqual(session.allowed(), allowed.allowed());
  assert.equal(session.policy.fingerprint, vicidial.fingerprint);
  assert.deepEqual((await guarded.session(await request(good))).subject(), { ...allowed.subject() });
});

test("without the facts, the decision is undecided and the request refused", async () => {
  await refused(guard(options).require(await request(good), OPERATION), 403, "undecided");
  await refused(guard({ ...options, facts: () => null }).require(await request(good), OPERATION), 403, "undecided");
  const off = guard({ ...options, facts: async () => ({ "email-allowed": false }) });
  await refused(off.require(await request(good), OPERATION), 403, "denied");
});

const bearer = (text) => new Request("https://example.test/", { headers: { authorization: text } });
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const jwt = await sign(good);
const now = Math.floor(Date.now() / 1000);
const tampered = jwt
  .split(".")
  .with(1, part({ ...good, sub: "root" }))
  .join(".");
const hs256 = await new jose.SignJWT(good)
  .setProtectedHeader({ alg: "HS256" })
  .sign(Buffer.from(await jose.exportSPKI(keys.publicKey)));
const stale = dotdigital.session({ grants: { sender: true } }).token();
const damaged = `${good.privet.slice(0, -1)}${good.privet.endsWith("A") ? "B" : "A"}`;

/** Description, request, status and code of refused requests. */
const refusals = [
  ["no Authorization header", new Request("https://example.test/"), 401, "missing-token"],
  ["another scheme", bearer("Basic cm9vdDpyb290"), 401, "missing-token"],
  ["a scheme with the same prefix", bearer(`Bearers ${jwt}`), 401, "missing-token"],
  ["no token after the scheme", bearer("Bearer"), 401, "invalid-token"],
  ["not a JWT", bearer("Bearer hello"), 401, "invalid-token"],
  ["two tokens", bearer(`Bearer ${jwt}, Bearer ${jwt}`), 401, "invalid-token"],
  ["a truncated token", bearer(`Bearer ${jwt.slice(0, -4)}`), 401, "invalid-token"],
  ["a token without its signature", bearer(`Bearer ${jwt.slice(0, jwt.lastIndexOf(".") + 1)}`), 401, "invalid-token"],
  ["another payload under the signature", bearer(`Bearer ${tampered}`), 401, "invalid-token"],
  ["alg none", bearer(`Bearer ${part({ alg: "none" })}.${part(good)}.`), 401, "invalid-token"],
  ["alg none, with a signature", bearer(`Bearer ${part({ alg: "none" })}.${part(good)}.AAAA`), 401, "invalid-token"],
  ["the public key used as a secret", bearer(`Bearer ${hs256}`), 401, "invalid-token"],
  ["another key", await request(good, other.privateKey), 401, "invalid-token"],
  ["an unknown critical header", await request(good, undefined, { crit: ["x"], x: 1 }), 401, "invalid-token"],
  ["an expired token", await request({ ...good, exp: now - 1 }), 401, "expired-token"],
  ["a token without expiry", await request({ ...good, exp: undefined }), 401, "invalid-token"],
  ["an expiry that is not a number", await request({ ...good, exp: "soon" }), 401, "invalid-token"],
  ["a token that is not valid yet", await request({ ...good, nbf: now + 60 }), 401, "invalid-token"],
  ["another audience", await request({ ...good, aud: "else" }), 401, "wrong-audience"],
  ["no audience", await request({ ...good, aud: undefined }), 401, "invalid-token"],
  ["another issuer", await request({ ...good, iss: "https://else.test" }), 401, "wrong-issuer"],
  ["no claim", await request({ ...good, privet: undefined }), 401, "invalid-token"],
  ["a claim that is not a string", await request({ ...good, privet: [good.privet] }), 401, "invalid-token"],
  ["an empty claim", await request({ ...good, privet: "" }), 401, "invalid-token"],
  ["a damaged token in a good JWT", await request({ ...good, privet: damaged }), 401, "invalid-token"],
  ["a token of another layout", await request({ ...good, privet: stale }), 401, "stale-token"],
  ["a token with trailing text", await request({ ...good, privet: `${good.privet}AAAA` }), 401, "invalid-token"],
  ["an oversized header", bearer(`Bearer ${"A".repeat(8193 - 7)}`), 401, "oversized-token"],
  ["an oversized signed token", await request({ ...good, more: "x".repeat(8192) }), 401, "oversized-token"],
];

for (const [what, incoming, status, code] of refusals) {
  test(`${what}: ${status} ${code}`, async () => {
    const error = await refused(guard({ ...options, facts }).require(incoming, OPERATION), status, code);
    const response = error.response();
    assert.equal(response.status, status);
    assert.equal(response.headers.get("content-type"), "application/problem+json");
    assert.equal(response.headers.get("cache-control"), "no-store");
    const challenge =
      code === "missing-token" ? 'Bearer realm="privet"' : 'Bearer realm="privet", error="invalid_token"';
    assert.equal(response.headers.get("www-authenticate"), challenge);
    const body = await response.json();
    assert.deepEqual(Object.keys(body), ["type", "title", "status", "code", "detail"]);
    assert.deepEqual([body.type, body.title, body.status, body.code], ["about:blank", "Unauthorized", 401, code]);
  });
}

test("a header of 8,192 characters is read", async () => {
  await refused(guard(options).session(bearer(`Bearer ${"A".repeat(8192 - 7)}`)), 401, "invalid-token");
});

test("no error contains the JWT or the token", async () => {
  for (const [what, incoming] of refusals) {
    const error = await guard({ ...options, facts, verbose: true })
      .require(incoming, OPERATION)
      .catch((error) => error);
    const all =
      inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error) + (await error.response().text());
    const sent = incoming.headers.get("authorization")?.split(" ")[1];
    for (const secret of [sent, good.privet, damaged, stale]) {
      if (secret?.length > 20) assert.ok(!all.includes(secret), `${what}: ${all}`);
    }
  }
});

test("a response names operations and obligations only if the guard is verbose", async () => {
  const denied = await request(claims(issue(vicidial.session())));
  const plain = await refused(guard({ ...options, facts }).require(denied, OPERATION), 403, "denied");
  assert.equal(plain.message, "operation `email-accounts.open` is denied");
  assert.deepEqual([plain.id, plain.name], [OPERATION, "ProblemError"]);
  assert.ok(plain instanceof PrivetError && plain instanceof Error);
  const hidden = await plain.response().text();
  assert.equal(
    hidden,
    '{"type":"about:blank","title":"Forbidden","status":403,"code":"denied","detail":"this is not allowed"}',
  );
  assert.equal(plain.response().headers.get("www-authenticate"), null);
  const verbose = await refused(guard({ ...options, facts, verbose: true }).require(denied, OPERATION), 403, "denied");
  assert.equal((await verbose.response().json()).detail, "operation `email-accounts.open` is denied");
});

test("an operation that no policy has is an UnknownIdError, not a problem", async () => {
  for (const wrong of ["email-acounts.open", "__proto__", "constructor", "", "Email"]) {
    const incoming = guard({ ...options, facts }).require(await request(good), wrong);
    await assert.rejects(
      incoming,
      (error) => error instanceof UnknownIdError && !(error instanceof ProblemError),
      wrong,
    );
  }
  await assert.rejects(guard({ ...options, facts }).require(await request(good), "email-acounts.open"), {
    message: "unknown operation `email-acounts.open`; did you mean `email-accounts.open`?",
  });
});

const sending = dotdigital.operations.find(
  (id) => dotdigital.session({ grants: { sender: true } }).decide(id).obligations.length > 0,
);
const sender = { ...options, policies: [dotdigital] };

test("owed obligations are refused unless the handler discharges them", async () => {
  const incoming = await request(claims(issue(dotdigital.session({ grants: { sender: true } }))));
  const guarded = guard(sender);
  for (const discharges of [undefined, [], ["something-else"], "it-awaits-approval", ["awaits"]]) {
    const error = await refused(guarded.require(incoming, sending, { discharges }), 403, "obligation-owed");
    assert.deepEqual(
      [error.owed, error.message],
      [["awaits-approval"], `operation \`${sending}\` owes \`awaits-approval\``],
    );
  }
  assert.ok(
    (await guarded.require(incoming, sending, { discharges: ["something-else", "awaits-approval"] })).can(sending),
  );
});

const tiny = (version, ids, requires) => ({
  format: 1,
  id: "tiny",
  title: "Tiny",
  version,
  privileges: ids.map((id) => ({ id, kind: "flag", label: id })),
  operations: Object.entries(requires).map(([id, requires]) => ({ id, label: id, requires })),
  allow: [],
});
const compiled = (...document) => open(tools.compile(tiny(...document)));
const first = compiled("1", ["edit", "print"], { "page.edit": "edit", "page.print": "print" });
const relaxed = compiled("2", ["edit", "print"], { "page.edit": "edit or print", "page.print": "print" });
const wider = compiled("3", ["edit", "print", "send"], {
  "page.edit": "edit",
  "page.print": "print",
  "page.send": "send",
});
const requestFor = (policy, grants) => request(claims(issue(policy.session({ grants }))));

test("several versions of a policy: the newest policy with the layout of a token decides, so old tokens stay valid", async () => {
  assert.equal(first.layout, relaxed.layout);
  assert.notEqual(first.layout, wider.layout);
  const guarded = guard({ ...options, policies: [wider, relaxed, first] });
  const old = await requestFor(first, { print: true });
  assert.equal((await guarded.require(old, "page.edit")).policy.version, "2");
  assert.equal((await guarded.require(await requestFor(wider, { send: true }), "page.send")).policy.version, "3");
  await refused(guarded.require(old, "page.send"), 401, "stale-token");
  await refused(guard({ ...options, policies: [wider] }).require(old, "page.edit"), 401, "stale-token");
  assert.equal((await guard({ ...options, policies: [first, relaxed] }).session(old)).policy.version, "1");
});

test("roles of a token that conflict since a role was redefined refuse the request", async () => {
  const withRoles = (option) =>
    open(
      tools.compile({
        ...tiny("1", [], { "page.edit": "tone = warm" }),
        privileges: [
          { id: "tone", kind: "choice", label: "Tone", options: ["warm", "cold"].map((id) => ({ id, label: id })) },
        ],
        roles: [
          { id: "writer", label: "Writer", grants: { tone: "warm" } },
          { id: "editor", label: "Editor", grants: { tone: option } },
        ],
      }),
    );
  const before = withRoles("warm");
  const incoming = await request(claims(issue(before.session({ roles: ["writer", "editor"] }))));
  assert.equal((await guard({ ...options, policies: [before] }).require(incoming, "page.edit")).can("page.edit"), true);
  const after = guard({ ...options, policies: [withRoles("cold")] });
  const error = await refused(after.require(incoming, "page.edit"), 403, "conflicting-choice");
  assert.deepEqual([error.cause.code, error.cause.id], ["conflicting-choice", "tone"]);
});

const numbered = (version, max) =>
  open(
    tools.compile({
      ...tiny(version, [], { "page.edit": "pages is set" }),
      privileges: [{ id: "pages", kind: "number", label: "Pages", min: 1, max }],
    }),
  );

test("a number outside the newest policy's range is decided by the policy that accepts it", async () => {
  const [narrow, wide] = [numbered("2", 50), numbered("1", 100)];
  const incoming = await requestFor(wide, { pages: 90 });
  assert.equal(
    (await guard({ ...options, policies: [narrow, wide] }).require(incoming, "page.edit")).policy.version,
    "1",
  );
  await refused(guard({ ...options, policies: [narrow] }).require(incoming, "page.edit"), 401, "stale-token");
});

test("a token of another layout is stale, even if it is longer than any token of the policy", async () => {
  const large = compiled(
    "0",
    Array.from({ length: 400 }, (_, index) => `p${index}`),
    { "page.edit": "p0" },
  );
  const token = large.session({ grants: { p399: true } }).token();
  assert.ok(token.length > 80, token);
  assert.throws(() => first.restore(token), { code: "stale-token" });
  await refused(
    guard({ ...options, policies: [first] }).session(await requestFor(large, { p399: true })),
    401,
    "stale-token",
  );
});

test("policies from a function: failures and empty lists refuse the request", async () => {
  let list = [first];
  const guarded = guard({ ...options, policies: async () => list });
  const old = await requestFor(first, { print: true });
  await refused(guarded.require(old, "page.edit"), 403, "denied");
  list = [relaxed, first];
  assert.equal((await guarded.require(old, "page.edit")).policy.version, "2");
  const broken = [
    async () => [],
    () => [{}],
    () => Promise.reject(new Error("store")),
    () => [new Uint8Array(9)],
    () => undefined,
  ];
  for (const policies of broken) {
    const error = await refused(guard({ ...options, policies }).session(old), 503, "policies-unavailable");
    assert.ok(error.cause instanceof Error);
    assert.equal(error.response().headers.get("www-authenticate"), null);
  }
});

test("invalid and unavailable facts refuse the request; inherited and prototype keys are not facts", async () => {
  const incoming = await request(good);
  const wrong = [
    { "email-alowed": true },
    { "email-allowed": "yes" },
    JSON.parse('{ "__proto__": true }'),
    { constructor: true },
    [],
    new Map(),
    "facts",
    { "E-MAIL": true },
  ];
  for (const value of wrong)
    await refused(guard({ ...options, facts: () => value }).require(incoming, OPERATION), 500, "invalid-facts");
  const failing = guard({ ...options, facts: () => Promise.reject(new Error("store")) });
  assert.equal((await refused(failing.require(incoming, OPERATION), 503, "facts-unavailable")).cause.message, "store");
  const inherited = guard({ ...options, facts: () => Object.create({ "email-allowed": true }) });
  await assert.rejects(inherited.require(incoming, OPERATION), ProblemError);
});

test("the facts hook gets the request, the verified claims and the policy that decides", async () => {
  const seen = [];
  const recording = (incoming, verified, policy) => {
    seen.push(incoming.url, verified.sub, policy.id);
    return facts();
  };
  await guard({ ...options, facts: recording }).require(await request(good), OPERATION);
  assert.deepEqual(seen, ["https://example.test/", "maria", "vicidial"]);
});

test("a revoked token is refused, and so is a token with unknown revocation status", async () => {
  const incoming = await request(good);
  const revoking = (revoked) => guard({ ...options, facts, revoked }).require(incoming, OPERATION);
  assert.ok(await revoking(({ jti }) => jti === "another"));
  for (const answer of [true, undefined, null, 0, ""])
    await refused(
      revoking(async () => answer),
      401,
      "revoked-token",
    );
  await refused(
    revoking(() => {
      throw new Error("store");
    }),
    503,
    "revocation-unavailable",
  );
});

test("the age counts from `iat`; the leeway applies to both ends", async () => {
  const aged = (more) => request({ ...good, iat: now - 100, ...more });
  const within = (more, incoming) => guard({ ...options, ...more }).session(incoming);
  assert.ok(await within({ maxAge: 200 }, await aged({ exp: undefined })));
  await refused(within({ maxAge: 50 }, await aged()), 401, "expired-token");
  assert.ok(await within({ maxAge: 50, leeway: 60 }, await aged()));
  await refused(within({ maxAge: 50 }, await request({ ...good, iat: undefined })), 401, "invalid-token");
  await refused(within({ maxAge: 200 }, await aged({ exp: now - 5 })), 401, "expired-token");
  assert.ok(await within({ leeway: 60 }, await request({ ...good, exp: now - 5 })));
  await refused(within({ maxAge: 50 }, await request({ ...good, iat: now + 100 })), 401, "invalid-token");
});

test("a decision record is plain data with the inputs, without the token, and can be replayed", async () => {
  const records = [];
  const guarded = guard({
    ...options,
    facts: () => ({ "email-allowed": true, "outbound-autodial-active": false }),
    onDecision: (record) => records.push(record),
  });
  const session = vicidial.session({
    grants: { "modify-email-accounts": true, "modify-lists": true, "user-level": "8" },
  });
  await guarded.require(await request(claims(issue(session))), OPERATION);
  const [{ at, ...record }] = records;
  assert.match(at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.deepEqual(record, {
    subject: "maria",
    policy: { id: "vicidial", version: vicidial.version, fingerprint: vicidial.fingerprint },
    operation: OPERATION,
    decision: "allowed",
    obligations: [],
    discharged: [],
    inputs: vicidial.session({ grants: { "modify-email-accounts": true }, facts: facts() }).subject(),
  });
  await refused(guarded.require(await request(claims(issue(vicidial.session()))), OPERATION), 403, "denied");
  assert.equal(records[1].decision, "denied");
  for (const { operation, decision, inputs } of records) {
    assert.equal(vicidial.session(JSON.parse(JSON.stringify(inputs))).decide(operation).decision, decision);
  }
  assert.equal(
    tools.explainRecord(vicidial, records[1]).sentence,
    tools.explain(vicidial.session({ facts: facts() }), OPERATION).sentence,
  );
  assert.throws(() => tools.explainRecord(dotdigital, records[1]), {
    name: "TypeError",
    message: "the record belongs to another policy or version; open the policy with its fingerprint",
  });
  await refused(guarded.require(bearer("Bearer x"), OPERATION), 401, "invalid-token");
  assert.equal(records.length, 2);
  assert.ok(!JSON.stringify(records).includes(issue(session).privet));
});

test("a decision record has the owed and the discharged obligations", async () => {
  const records = [];
  const guarded = guard({ ...sender, onDecision: (record) => records.push(record) });
  const incoming = await request(claims(issue(dotdigital.session({ grants: { sender: true } })), { sub: undefined }));
  await guarded.require(incoming, sending, { discharges: ["awaits-approval"] });
  await refused(guarded.require(incoming, sending), 403, "obligation-owed");
  assert.deepEqual(
    records.map(({ subject, obligations, discharged }) => [subject, [...obligations], discharged]),
    [
      [null, ["awaits-approval"], ["awaits-approval"]],
      [null, ["awaits-approval"], []],
    ],
  );
});

test("an onDecision hook that throws does not change the result", async (context) => {
  const logged = context.mock.method(console, "error", () => {});
  const elsewhere = runInNewContext('() => Promise.reject(new Error("log"))'); // a promise of another realm
  for (const onDecision of [
    () => {
      throw new Error("log");
    },
    () => Promise.reject(new Error("log")),
    elsewhere,
  ]) {
    const guarded = guard({ ...options, facts, onDecision, onProblem: undefined });
    assert.ok(await guarded.require(await request(good), OPERATION));
    await refused(guarded.require(await request(claims(issue(vicidial.session()))), OPERATION), 403, "denied");
  }
  await new Promise(setImmediate);
  assert.deepEqual(
    logged.mock.calls.map(({ arguments: [text] }) => text),
    Array(6).fill("privet: onDecision failed:"),
  );
});

test("unsafe options are refused", async () => {
  const secret = new Uint8Array(32);
  const shortKey = await crypto.subtle.importKey("raw", new Uint8Array(31), { name: "HMAC", hash: "SHA-256" }, false, [
    "verify",
  ]);
  const privateJwk = await jose.exportJWK(keys.privateKey);
  const cases = [
    [
      { issuer: undefined },
      "option `issuer` must be a non-empty string: without it, tokens of any issuer with a matching key would pass",
    ],
    [
      { issuer: "" },
      "option `issuer` must be a non-empty string: without it, tokens of any issuer with a matching key would pass",
    ],
    [
      { audience: undefined },
      "option `audience` must be a non-empty string: without it, tokens for other services would pass",
    ],
    [{ algorithms: undefined }, 'option `algorithms` must list the accepted algorithms, such as `["EdDSA"]`'],
    [{ algorithms: [] }, 'option `algorithms` must list the accepted algorithms, such as `["EdDSA"]`'],
    [{ algorithms: ["EdDSA", "None"] }, "option `algorithms` must not contain `none`, which proves nothing"],
    [{ algorithms: ["XX1"] }, "option `algorithms` has `XX1`, which is unknown"],
    [{ algorithms: ["EdDSA", "es256"] }, "option `algorithms` has `es256`, which is unknown"],
    [{ leeway: -1 }, "option `leeway` must be a non-negative number of seconds"],
    [{ maxAge: Number.NaN }, "option `maxAge` must be a non-negative number of seconds"],
    [{ keys: undefined }, "option `keys` must be the issuer's keys"],
    [{ keys: keys.privateKey }, "option `keys` is a private key; pass the public key"],
    [{ keys: privateJwk }, "option `keys` is a private key; pass the public key"],
    [{ keys: { keys: [publicJwk, privateJwk] } }, "option `keys` is a private key; pass the public key"],
    [{ keys: { keys: "none" } }, "option `keys` is not a JSON Web Key Set"],
    [{ keys: { keys: [null] } }, "option `keys` is not a JSON Web Key Set"],
    [{ keys: {} }, "option `keys` must be the issuer's keys"],
    [
      { keys: new Uint8Array(31), algorithms: ["HS256"] },
      "option `keys` must have at least 32 bytes if it is a secret",
    ],
    [
      { keys: createSecretKey(new Uint8Array(31)), algorithms: ["HS256"] },
      "option `keys` must have at least 32 bytes if it is a secret",
    ],
    [{ keys: shortKey, algorithms: ["HS256"] }, "option `keys` must have at least 32 bytes if it is a secret"],
    [
      { keys: new URL("http://issuer.test/jwks") },
      "option `keys` must be an https URL: over http, an attacker could replace the keys",
    ],
    [{ policies: [] }, "option `policies` must be a non-empty list: without a policy, nothing can be decided"],
    [{ policies: undefined }, "option `policies` must be a non-empty list: without a policy, nothing can be decided"],
    [{ policies: [undefined] }, "option `policies` has a value that is neither a policy nor a pack"],
  ];
  const mixed =
    "option `algorithms` must match `keys`: a secret requires the `HS` algorithms, public keys exclude them";
  for (const more of [
    { algorithms: ["HS256"] },
    { algorithms: ["EdDSA", "HS256"] },
    { keys: secret },
    { keys: secret, algorithms: ["HS256", "EdDSA"] },
  ])
    cases.push([more, mixed]);
  for (const more of [{ keys: { keys: [] } }, { keys: publicJwk }, { keys: () => secret }])
    cases.push([{ ...more, algorithms: ["HS256"] }, mixed]);
  const [p256, p384] = await Promise.all(["ES256", "ES384"].map((name) => jose.generateKeyPair(name)));
  const { publicKey: rsa } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const unfit = "option `algorithms` must match `keys`: none of them is verified by such a key";
  for (const more of [
    { algorithms: ["ES256", "RS256"] },
    { keys: publicJwk, algorithms: ["ES256"] },
    { keys: p384.publicKey, algorithms: ["ES256"] },
    { keys: p256.publicKey },
    { keys: await jose.exportJWK(p256.publicKey), algorithms: ["ES384", "EdDSA"] },
    { keys: KeyObject.from(p256.publicKey), algorithms: ["ES512"] },
    { keys: rsa, algorithms: ["ES256", "EdDSA"] },
    { keys: await jose.importSPKI(rsa.export({ type: "spki", format: "pem" }), "RS256"), algorithms: ["PS256"] },
  ])
    cases.push([more, unfit]);
  for (const more of [
    { keys: p256.publicKey, algorithms: ["EdDSA", "ES256"] },
    { keys: KeyObject.from(p384.publicKey), algorithms: ["ES384"] },
    { keys: rsa, algorithms: ["PS256"] },
    { keys: rsa.export({ format: "jwk" }), algorithms: ["RS512"] },
    { keys: KeyObject.from(keys.publicKey) },
    { algorithms: ["Ed25519"] },
  ])
    guard({ ...options, ...more });
  for (const [more, message] of cases) {
    assert.throws(() => guard({ ...options, ...more }), {
      name: "InvalidOptionsError",
      code: "invalid-options",
      message,
    });
  }
  assert.throws(() => guard({ ...options, policies: [new Uint8Array(9)] }), { code: "invalid-pack" });
});

test("keys may be a key, a JWK, a JWKS, a function or a URL", async (context) => {
  const jwks = { keys: [{ ...publicJwk, kid: "a" }] };
  const served = context.mock.method(globalThis, "fetch", async () => Response.json(jwks));
  const sources = [
    keys.publicKey,
    publicJwk,
    jwks,
    jose.createLocalJWKSet(jwks),
    () => keys.publicKey,
    new URL("https://issuer.test/jwks"),
  ];
  for (const source of sources) {
    const guarded = guard({ ...options, keys: source });
    assert.ok(await guarded.session(await request(good)));
    await refused(guarded.session(await request(good, other.privateKey)), 401, "invalid-token");
  }
  assert.equal(served.mock.callCount(), 1);
  const unnamed = guard({ ...options, keys: { keys: [await jose.exportJWK(other.publicKey), publicJwk] } });
  assert.ok(await unnamed.session(await request(good)), "the second of two keys without ids");
  await refused(unnamed.session(await request({ ...good, exp: now - 1 })), 401, "expired-token");
  await refused(
    guard({ ...options, keys: jwks }).session(await request(good, undefined, { kid: "b" })),
    401,
    "invalid-token",
  );
});

test("a secret works with the HS algorithms", async () => {
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const signed = await new jose.SignJWT(good).setProtectedHeader({ alg: "HS256" }).sign(secret);
  const wrapped = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
  for (const source of [secret, createSecretKey(secret), wrapped]) {
    const guarded = guard({ ...options, keys: source, algorithms: ["HS256"] });
    assert.ok(await guarded.session(bearer(`Bearer ${signed}`)));
    await refused(guarded.session(bearer(`Bearer ${hs256}`)), 401, "invalid-token");
  }
});

test("a failing key source is reported as keys-unavailable", async () => {
  const failing = guard({ ...options, keys: () => Promise.reject(new Error("network")) });
  assert.equal((await refused(failing.session(await request(good)), 503, "keys-unavailable")).cause.message, "network");
});

test("the claim may have another name, and must be an own property", async () => {
  const guarded = guard({ ...options, claim: "https://example.test/privet" });
  assert.ok(await guarded.session(await request(claims(issue(allowed, "https://example.test/privet")))));
  await refused(guarded.session(await request(good)), 401, "invalid-token");
  await refused(guard({ ...options, claim: "constructor" }).session(await request(good)), 401, "invalid-token");
});
