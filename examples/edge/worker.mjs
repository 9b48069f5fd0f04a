// An edge worker that guards three systems with a policy each. Packs and facts come from KV, grants from a JWT.
import { ProblemError, guard } from "privet/edge";
import { bytesOf, cached, policiesOf } from "./store.mjs";

/** The operation of each route, and the obligations that it discharges: the outbox holds a campaign until it is approved. */
const routes = {
  "GET /vicidial/email-accounts": { operation: "email-accounts.open" },
  "POST /vicidial/email-accounts": { operation: "email-accounts.create" },
  "GET /contact/reports": { operation: "item.reports.view" },
  "POST /contact/call-flows": { operation: "calls.flows.define" },
  "POST /dotdigital/campaigns/outbox": { operation: "campaigns.send", discharges: ["awaits-approval"] },
  "POST /dotdigital/campaigns/send": { operation: "campaigns.send" },
};
const systems = ["contact", "dotdigital", "vicidial"];

const guards = new WeakMap();

/** The guards of an environment, created once per isolate. */
async function guardsOf(env) {
  if (!guards.has(env.STORE)) guards.set(env.STORE, await make(env));
  return guards.get(env.STORE);
}

async function make(env) {
  const packKey = await crypto.subtle.importKey("raw", bytesOf(env.PACK_KEY), { name: "Ed25519" }, false, ["verify"]);
  const ms = Number(env.REFRESH_MS);
  const guarded = systems.map((system) => {
    const facts = cached(async () => (await env.STORE.get(`facts/${system}`, "json")) ?? {}, ms);
    return [
      system,
      guard({
        policies: policiesOf(env.STORE, system, packKey, ms),
        keys: JSON.parse(env.JWKS), // or `new URL("https://issuer.example/.well-known/jwks.json")`
        issuer: env.ISSUER,
        audience: env.AUDIENCE,
        algorithms: ["EdDSA"],
        facts, // switches of the installation
        ...(env.LOG === "on" && { onDecision: (record) => console.log(JSON.stringify(record)) }),
      }),
    ];
  });
  return Object.fromEntries(guarded);
}

async function answer(request, env) {
  const { pathname } = new URL(request.url);
  if (pathname === "/unguarded") return Response.json({ done: "email-accounts.open" });
  const guarded = await guardsOf(env);
  const everything = /^\/(\w+)\/decisions$/.exec(pathname);
  if (everything && systems.includes(everything[1])) {
    const session = await guarded[everything[1]].session(request);
    const { version, fingerprint } = session.policy;
    return Response.json({ version, fingerprint, allowed: session.allowed() });
  }
  const route = `${request.method} ${pathname}`;
  if (!Object.hasOwn(routes, route)) return new Response("not found", { status: 404 });
  const { operation, discharges } = routes[route];
  await guarded[pathname.split("/")[1]].require(request, operation, { discharges });
  return Response.json({ done: operation });
}

export default {
  async fetch(request, env) {
    try {
      return await answer(request, env);
    } catch (error) {
      if (error instanceof ProblemError) return error.response();
      console.error(error);
      return new Response(null, { status: 500 }); // fails closed
    }
  },
};
