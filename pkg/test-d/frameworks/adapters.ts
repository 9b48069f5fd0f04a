// The adapters are given to their frameworks as they are.
import { createServer } from "node:http";
import createExpress from "express";
import { fastify as createFastify } from "fastify";
import { Hono } from "hono";
import Koa from "koa";
import { guard } from "privet/edge";
import { privet } from "privet/hono";
import { express, fastify, http, koa, toRequest } from "privet/node";
import { pack } from "privet/policies/dotdigital";

const options = { policies: [pack], issuer: "https://a.test", audience: "b", algorithms: ["RS256"] };
const guarded = guard({ ...options, keys: new URL("https://a.test/jwks") });

createExpress()
  .get("/send", express(guarded, "campaigns.send", { discharges: ["awaits-approval"] }), (_request, response) => {
    response.send("done");
  })
  .use(express(guarded));
// @ts-expect-error an unknown operation
express(guarded, "campaigns.sent");

createFastify().get("/send", { preHandler: fastify(guarded, "campaigns.send") }, async () => "done");
new Koa().use(koa(guarded, "campaigns.send"));
createServer(http(guarded, "campaigns.send", (_request, response, session) => response.end(session.allowed().join())));
createServer(http(guarded, (request, response) => response.end(toRequest(request).url)));

interface Env {
  Bindings: { JWKS: string };
}
new Hono<Env>().get(
  "/send",
  privet((context) => guard({ ...options, keys: JSON.parse(context.env.JWKS) }), "campaigns.send", { throws: true }),
  (context) => context.json(context.get("privet").allowed()),
);
