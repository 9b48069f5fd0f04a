// The policy and the guards of docs/getting-started.md run. That a fresh app of Vite works by its text alone is tested by scripts/site.sh.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { privet } from "./support/cli.mjs";
import { load } from "./support/package.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const page = readFileSync(join(here, "../../docs/getting-started.md"), "utf8");
const project = join(here, "../../target/docs-start");
const files = [...page.matchAll(/```(?:jsonc|js)\n\/\/ ([\w./-]+)\n([\s\S]*?)```/g)].map(([, name, text]) => [
  name,
  text,
]);
const jose = await load("jose");
const { issue } = await load("privet/edge");
const { publicKey, privateKey } = await jose.generateKeyPair("EdDSA");

const at = (name) => import(pathToFileURL(join(project, name)).href);
let policy;

before(async () => {
  rmSync(project, { recursive: true, force: true });
  mkdirSync(join(project, "node_modules"), { recursive: true });
  for (const [name, from] of [
    ...["privet", "jose"].map((name) => [name, process.env.PRIVET_INSTALLED]),
    ...["hono", "express"].map((name) => [name, join(here, "..")]),
  ])
    symlinkSync(join(from, "node_modules", name), join(project, "node_modules", name), "junction");
  writeFileSync(join(project, "package.json"), '{ "type": "module" }');
  for (const [name, text] of files) {
    mkdirSync(dirname(join(project, name)), { recursive: true });
    writeFileSync(join(project, name), text);
  }
  for (const line of page.matchAll(/^\$ npx privet (.*)$/gm)) {
    const { status, out, err } = privet(project, line[1].split(" "));
    assert.equal(status, 0, `${line[1]}: ${out}${err}`);
  }
  ({ policy } = await at("server/policy/clinic.js"));
});

const request = async (role) => {
  const jwt = new jose.SignJWT(issue(policy.session({ roles: [role], facts: { "on-duty": true } })))
    .setProtectedHeader({ alg: "EdDSA" })
    .setIssuer("https://issuer.example")
    .setAudience("https://api.clinic.example")
    .setExpirationTime("1h");
  return new Request("https://api.clinic.example/findings", {
    method: "POST",
    headers: { authorization: `Bearer ${await jwt.sign(privateKey)}` },
  });
};

test("each guard accepts a doctor and refuses a nurse", async (context) => {
  const jwks = Response.json({ keys: [await jose.exportJWK(publicKey)] });
  const { fetch } = globalThis;
  context.mock.method(globalThis, "fetch", (url, ...rest) =>
    String(url).startsWith("https://issuer.example/") ? Promise.resolve(jwks.clone()) : fetch(url, ...rest),
  );
  const served = {};
  globalThis.Deno = {
    serve: ({ hostname }, handler) => Object.assign(served, { deno: hostname === "127.0.0.1" && handler }),
  };
  globalThis.Bun = {
    serve: ({ hostname, fetch }) => Object.assign(served, { bun: hostname === "127.0.0.1" && fetch }),
  };
  await at("server/deno.js");
  await at("server/bun.js");
  delete globalThis.Deno;
  delete globalThis.Bun;
  const { middleware } = await at("server/middleware.js");
  const { app } = await at("server/hono.js");
  const server = (await at("server/express.js")).app.listen(0, "127.0.0.1");
  context.after(() => server.close());
  await once(server, "listening");
  const handlers = {
    worker: (await at("server/worker.js")).default.fetch,
    ...served,
    middleware: async (request) => (await middleware(request)) ?? new Response(null, { status: 200 }),
    hono: (request) => app.fetch(request),
    express: (request) =>
      fetch(`http://127.0.0.1:${server.address().port}/findings`, { method: "POST", headers: request.headers }),
  };
  for (const [name, handler] of Object.entries(handlers)) {
    assert.ok([200, 204].includes((await handler(await request("doctor"))).status), name);
    assert.equal((await handler(await request("nurse"))).status, 403, name);
  }
  const allowed = await (await handlers.worker(await request("doctor"))).json();
  assert.deepEqual(allowed, ["findings.list", "findings.write"]);
});

test("every file of the page is used", () => {
  const servers = ["guard", "worker", "deno", "bun", "middleware", "hono", "express"].map(
    (name) => `server/${name}.js`,
  );
  assert.deepEqual(
    files.map(([name]) => name),
    ["src/clinic.privet.jsonc", ...servers],
  );
});
