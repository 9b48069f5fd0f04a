// Verifies docs/edge.md: each example runs, and each token allows what the page says.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { load } from "./support/package.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const page = readFileSync(join(here, "../../docs/edge.md"), "utf8");
const project = join(here, "../../target/docs-edge");
const { open } = await load("privet");
const { guard } = await load("privet/edge");
const tools = await (await load("privet/studio")).studio();
const jose = await load("jose");
const { publicKey, privateKey } = await jose.generateKeyPair("RS256", { extractable: true });
const jwks = { keys: [{ ...(await jose.exportJWK(publicKey)), kid: "1" }] };

const [, policy] = /```jsonc\n\/\/ orders\n\{([\s\S]*?)```/.exec(page);
const pack = tools.compile(`{ "format": 1, "id": "orders", "title": "Orders", "version": "1",${policy}`);

before(() => {
  rmSync(project, { recursive: true, force: true });
  mkdirSync(join(project, "node_modules"), { recursive: true });
  for (const [name, from] of [
    ...["privet", "jose"].map((name) => [name, process.env.PRIVET_INSTALLED]),
    ...["hono", "express", "fastify", "koa"].map((name) => [name, join(here, "..")]),
  ])
    symlinkSync(join(from, "node_modules", name), join(project, "node_modules", name), "junction");
  writeFileSync(join(project, "package.json"), '{ "type": "module" }');
  writeFileSync(join(project, "orders.js"), `export const pack = Uint8Array.from([${pack}]);\n`);
});

let count = 0;
/** Imports the example of a section. */
function example(section) {
  const [, code] = /```js\n([\s\S]*?)```/.exec(section);
  const file = join(project, `example-${count++}.mjs`);
  writeFileSync(file, code);
  return import(pathToFileURL(file).href);
}

const sections = new Map(page.split(/^##+ /m).map((text) => [text.split("\n")[0], text]));

const sign = (claims) =>
  new jose.SignJWT(claims)
    .setProtectedHeader({ alg: "RS256", kid: "1" })
    .setSubject("maria")
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(privateKey);
const claims = { iss: "https://id.shop.example", aud: "https://api.shop.example" };
const withToken = async (name = "authorization", prefix = "Bearer ") => {
  const { issue } = await load("privet/edge");
  const subject = { roles: ["clerk"], grants: { "orders:refund": true } };
  return { [name]: prefix + (await sign({ ...claims, ...issue(open(pack).session(subject)) })) };
};

for (const [title, section] of sections) {
  const [, json] = /```json\n([\s\S]*?)```/.exec(section) ?? [];
  if (!json) continue;
  test(`${title}: the token allows what the page says`, async (context) => {
    const asked = [];
    context.mock.method(globalThis, "fetch", async (url) => {
      asked.push(String(url));
      return Response.json(jwks);
    });
    const { guarded } = await example(section);
    const jwt = await sign(JSON.parse(json));
    const header = section.includes("tokenFromHeader") ? "Cf-Access-Jwt-Assertion" : "Authorization";
    const headers = { [header]: header === "Authorization" ? `Bearer ${jwt}` : jwt };
    const session = await guarded.session(new Request("https://api.shop.example/", { headers }));
    const [, sentence] = /This token allows (.*)\./.exec(section);
    assert.deepEqual(
      session.allowed(),
      [...sentence.matchAll(/`([^`]+)`/g)].map(([, id]) => id),
    );
    assert.equal(asked.length, 1);
    assert.ok(asked[0].startsWith(new URL(JSON.parse(json).iss).origin), "the keys are the issuer's");
  });
}

test("there is a section for each mapper", async () => {
  const text = [...sections.values()].filter((section) => section.includes("```json\n")).join();
  for (const name of ["auth0", "keycloak", "entra", "cognito", "clerk", "cloudflareAccess", "fromClaims"])
    assert.ok(text.includes(`subject: ${name}(`) || text.includes(`return ${name}(`), name);
});

test("Others: a token of the partner is decided by its own keys", async (context) => {
  context.mock.method(globalThis, "fetch", async (url) =>
    Response.json(String(url).includes("partner") ? jwks : { keys: [] }),
  );
  const { guarded } = await example(sections.get("Others, and several together"));
  const send = async (iss) =>
    guarded.session(
      new Request("https://api.shop.example/", {
        headers: { authorization: `Bearer ${await sign({ ...claims, iss })}` },
      }),
    );
  assert.deepEqual((await send("https://id.partner.example")).allowed(), ["orders.list"]);
  await assert.rejects(send("https://id.shop.example"), { code: "invalid-token" });
});

test("Audits: the record is given to waitUntil", async (context) => {
  context.mock.method(globalThis, "fetch", async () => Response.json(jwks));
  const worker = (await example(sections.get("Audits"))).default;
  const [records, kept] = [[], []];
  const env = { RECORDS: { put: async (_, record) => void records.push(JSON.parse(record)) } };
  const request = new Request("https://api.shop.example/", { headers: await withToken() });
  const response = await worker.fetch(request, env, { waitUntil: (promise) => kept.push(promise) });
  assert.deepEqual(await response.json(), ["orders.list"]);
  await Promise.all(kept);
  assert.deepEqual([kept.length, records[0].operation, records[0].decision], [1, "orders.list", "allowed"]);
});

test("When something is down: facts come from the request, and keys from remoteKeys", async (context) => {
  context.mock.method(globalThis, "fetch", async () => Response.json(jwks));
  const { guarded } = await example(sections.get("When something is down"));
  const headers = await withToken();
  const send = (more) =>
    guarded.require(new Request("https://api.shop.example/", { headers: { ...headers, ...more } }), "orders.refund");
  assert.ok(await send({ "x-day": "open" }));
  await assert.rejects(send({ "x-day": "closed" }), { code: "denied" });
});

test("Policies from a store: what is published is opened", async () => {
  const { publish, current } = await example(sections.get("Policies from a store"));
  const key = await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
  const stored = new Map();
  const kv = {
    put: async (name, text) => void stored.set(name, text),
    get: async (name) => new TextEncoder().encode(stored.get(name)).buffer,
  };
  await publish(kv, key.privateKey);
  const [policy] = await current(kv, key.publicKey)();
  assert.equal(policy.fingerprint, open(pack).fingerprint);
});

test("Frameworks: Hono with a guard from the context", async (context) => {
  const fetches = context.mock.method(globalThis, "fetch", async () => Response.json(jwks));
  const { app } = await example(sections.get("Frameworks"));
  const env = { ISSUER: "https://id.shop.example" };
  for (let round = 0; round < 3; round++) {
    const response = await app.request("/orders", { headers: await withToken() }, env);
    assert.deepEqual(await response.json(), ["orders.list"]);
  }
  assert.equal((await app.request("/orders", {}, env)).status, 401);
  assert.equal(fetches.mock.callCount(), 1);
});

test("Frameworks: servers on Node.js", async (context) => {
  const [, node] = sections.get("Frameworks").split("`privet/node` has the same");
  const { servers } = await example(node);
  const guarded = guard({
    policies: [pack],
    keys: publicKey,
    issuer: claims.iss,
    audience: claims.aud,
    algorithms: ["RS256"],
  });
  const made = servers(guarded);
  await made.fastify.ready();
  const started = [createServer(made.express), made.fastify.server, createServer(made.koa.callback()), made.http];
  for (const server of started) {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    context.after(() => server.close());
    const url = `http://127.0.0.1:${server.address().port}/orders`;
    const headers = { connection: "close", ...(await withToken()) };
    assert.deepEqual(await (await fetch(url, { headers })).json(), ["orders.list"]);
    assert.equal((await fetch(url, { headers: { connection: "close" } })).status, 401);
  }
});
