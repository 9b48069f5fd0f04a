// Guards in servers on Node.js: node:http, Express 5, Fastify and Koa, each over a socket.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { createConnection } from "node:net";
import { test } from "node:test";
import createExpress from "express";
import { fastify as createFastify } from "fastify";
import Koa from "koa";
import { claims, request } from "./support/issuer.mjs";
import { load } from "./support/package.mjs";
import { options, orders } from "./support/orders.mjs";

const { guard, issue } = await load("privet/edge");
const { express, fastify, http, koa, send, toRequest } = await load("privet/node");

const seen = [];
const written = [];
const guarded = guard({
  ...options,
  facts: ({ url, method }) => {
    seen.push(`${method} ${url}`);
    return {};
  },
  onDecision: async ({ decision, operation }) => {
    await new Promise((done) => setTimeout(done, 5));
    written.push([operation, decision]);
  },
});
const broken = guard({ ...options, policies: () => Promise.reject(new Error("KV is down")) });
const bearer = async (roles) => (await request(claims(issue(orders.session({ roles }))))).headers.get("authorization");
const clerk = await bearer(["clerk"]);

/** By framework: a server with the same four routes, and a fifth whose operation no policy has. */
const servers = {
  "node:http"() {
    const routes = {
      "/list": http(guarded, "orders.list", (_, response, session) => response.end(session.allowed().join())),
      "/refund": http(guarded, "orders.refund", (_, response) => response.end("refunded")),
      "/any": http(guarded, (_, response, session) => response.end(String(session.can("orders.list")))),
      "/down": http(broken, "orders.list", () => assert.fail()),
      "/unknown": http(guarded, "orders.lost", () => assert.fail()),
    };
    return createServer((request, response) => routes[request.url.split("?")[0]](request, response));
  },
  "Express 5"() {
    const app = createExpress();
    const api = createExpress.Router();
    api.get("/list", express(guarded, "orders.list"), (request, response) => {
      response.send(request.privet.allowed().join());
    });
    api.get("/refund", express(guarded, "orders.refund"), (_, response) => void response.send("refunded"));
    api.get(
      "/any",
      express(guarded),
      (request, response) => void response.send(String(request.privet.can("orders.list"))),
    );
    api.get("/down", express(broken, "orders.list"), () => assert.fail());
    api.get("/unknown", express(guarded, "orders.lost"), () => assert.fail());
    app.use("/", api);
    app.use((error, _request, response, _next) => void response.status(500).send(error.code));
    return createServer(app);
  },
  async Fastify() {
    const app = createFastify();
    const route = (path, guards, handler) => app.get(path, { onRequest: guards }, handler);
    route("/list", fastify(guarded, "orders.list"), async (request) => request.privet.allowed().join());
    route("/refund", fastify(guarded, "orders.refund"), async () => "refunded");
    route("/any", fastify(guarded), async (request) => String(request.privet.can("orders.list")));
    route("/down", fastify(broken, "orders.list"), async () => assert.fail());
    route("/unknown", fastify(guarded, "orders.lost"), async () => assert.fail());
    app.setErrorHandler((error, _, reply) => reply.code(500).send(error.code));
    await app.ready();
    return app.server;
  },
  Koa() {
    const app = new Koa();
    app.silent = true;
    const routes = {
      "/list": [koa(guarded, "orders.list"), (context) => context.state.privet.allowed().join()],
      "/refund": [koa(guarded, "orders.refund"), () => "refunded"],
      "/any": [koa(guarded), (context) => String(context.state.privet.can("orders.list"))],
      "/down": [koa(broken, "orders.list"), () => assert.fail()],
      "/unknown": [koa(guarded, "orders.lost"), () => assert.fail()],
    };
    app.use((context) => {
      const [middleware, handler] = routes[context.path];
      return middleware(context, async () => {
        context.body = handler(context);
      });
    });
    return createServer(app.callback());
  },
};

/** Starts a server on a free port of loopback, for one test. */
async function listening(context, server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => server.closeAllConnections());
  context.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}`;
}

for (const [name, make] of Object.entries(servers)) {
  test(`${name}: requests are guarded, and problems answered as RFC 9457 says`, async (context) => {
    context.mock.method(console, "error", () => {});
    const url = await listening(context, await make());
    const get = (path, authorization) =>
      fetch(url + path, { headers: { ...(authorization && { authorization }), connection: "close" } });
    seen.length = written.length = 0;
    const list = await get("/list?day=1", clerk);
    assert.deepEqual([list.status, await list.text()], [200, "orders.list"]);
    assert.deepEqual(seen, [`GET ${url}/list?day=1`]);
    assert.equal(await (await get("/any", clerk)).text(), "true");
    for (const [path, authorization, status, code] of [
      ["/list", undefined, 401, "missing-token"],
      ["/list", "Bearer x", 401, "invalid-token"],
      ["/any", undefined, 401, "missing-token"],
      ["/refund", clerk, 403, "denied"],
      ["/down", clerk, 503, "policies-unavailable"],
    ]) {
      const response = await get(path, authorization);
      assert.equal(response.status, status, path);
      assert.equal(response.headers.get("content-type").split(";")[0], "application/problem+json"); // Fastify adds the charset
      assert.equal(response.headers.get("cache-control"), "no-store");
      assert.equal(response.headers.has("www-authenticate"), status === 401);
      assert.equal((await response.json()).code, code);
    }
    assert.deepEqual(written, [
      ["orders.list", "allowed"],
      ["orders.refund", "denied"],
    ]);
    const unknown = await get("/unknown", clerk);
    assert.equal(unknown.status, 500);
    assert.ok(["", "unknown-id", "Internal Server Error"].includes(await unknown.text()));
  });
}

test("an operation may be a function of the request; one that is undefined is refused at once", async (context) => {
  const app = createExpress();
  app.get(
    "/do/:operation",
    express(guarded, ({ params }) => params.operation),
    (_, response) => void response.send("done"),
  );
  const url = await listening(context, createServer(app));
  const get = (path) => fetch(url + path, { headers: { authorization: clerk, connection: "close" } });
  assert.equal(await (await get("/do/orders.list")).text(), "done");
  assert.equal((await get("/do/orders.refund")).status, 403);
  for (const make of [express, fastify, koa]) {
    assert.throws(() => make(guarded, undefined), { code: "invalid-options", id: "operation" });
    assert.throws(() => make(guarded, undefined, {}), { code: "invalid-options", id: "operation" });
  }
  assert.throws(() => http(guarded, undefined, () => {}), { code: "invalid-options", id: "operation" });
  assert.throws(() => http(guarded, "orders.list"), { code: "invalid-options", id: "handler" });
});

test("in a router, the address is the whole one", async (context) => {
  const app = createExpress();
  app.use("/api", express(guarded, "orders.list"), (_, response) => void response.send("done"));
  const url = await listening(context, createServer(app));
  seen.length = 0;
  await fetch(`${url}/api/list`, { headers: { authorization: clerk, connection: "close" } });
  assert.deepEqual(seen, [`GET ${url}/api/list`]);
});

test("two Authorization headers are refused, whichever a server would take", async (context) => {
  const url = new URL(await listening(context, servers["node:http"]()));
  const socket = createConnection(Number(url.port), url.hostname);
  socket.end(
    `GET /list HTTP/1.1\r\nHost: a\r\nAuthorization: ${clerk}\r\nAuthorization: ${clerk}\r\nConnection: close\r\n\r\n`,
  );
  let answer = "";
  for await (const chunk of socket.setEncoding("latin1")) answer += chunk;
  assert.match(answer, /^HTTP\/1\.1 401 [\s\S]*"invalid-token"/);
});

test("any request line and host give a Request; methods that a Request cannot have are a stable error", () => {
  const addresses = [
    ["/a?b#c", "shop.test:8080", "http://shop.test:8080/a?b#c"],
    ["/%", "shop.test", "http://shop.test/%"],
    ["/%00", "shop.test", "http://shop.test/%00"],
    ["//", "shop.test", "http://shop.test//"],
    ["//attacker.test/x", "shop.test", "http://shop.test//attacker.test/x"],
    ["*", "shop.test", "http://shop.test/"],
    ["http://user:secret@proxy.test/x", "shop.test", "http://proxy.test/x"],
    ["", "shop.test", "http://shop.test/"],
    ["/", "shop.test/evil?", "http://localhost/"],
    ["/", "a b", "http://localhost/"],
    ["/", "shop.test:99999", "http://localhost/"],
    ["/", "[::1]:8080", "http://[::1]:8080/"],
    ["/", undefined, "http://localhost/"],
    [`/${"x".repeat(8000)}`, "a", `http://a/${"x".repeat(8000)}`],
  ];
  for (const [url, host, wanted] of addresses)
    assert.equal(toRequest({ url, headers: host === undefined ? {} : { host } }).url, wanted, url);
  for (const method of ["CONNECT", "TRACE", "trace"])
    assert.throws(() => toRequest({ method, url: "/", headers: {} }), { code: "invalid-request" });
  const both = toRequest({ method: "POST", url: "/", headers: { "x-a": ["1", "2"], "x-b": undefined } });
  assert.deepEqual([both.method, both.headers.get("x-a"), both.headers.has("x-b")], ["POST", "1, 2", false]);
  const raw = toRequest({ url: "/", headers: {}, rawHeaders: [":path", "/", "X-A", "1"] });
  assert.deepEqual([...raw.headers], [["x-a", "1"]]);
});

test("`send` writes a problem to a response of node:http", async (context) => {
  const server = createServer((incoming, response) => {
    guarded.session(toRequest(incoming)).catch((problem) => send(problem, response));
  });
  const response = await fetch(await listening(context, server), { headers: { connection: "close" } });
  assert.deepEqual([response.status, (await response.json()).code], [401, "missing-token"]);
});
