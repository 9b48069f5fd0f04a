// An edge worker that guards three systems with a policy each. Packs and facts come from KV, grants from a JWT, and each decision is
// recorded in KV.
import { ProblemError, fromKV, guard, policies } from "privet/edge";

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

/** Decodes base64. */
const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

/** Creates the guards of an environment. `more` are options of guards. */
async function guardsOf(env, more) {
  const key = await crypto.subtle.importKey("raw", bytesOf(env.PACK_KEY), { name: "Ed25519" }, false, ["verify"]);
  const guarded = systems.map((system) => [
    system,
    guard({
      policies: policies(fromKV(env.STORE, `policies/${system}`), { id: system, key, maxAge: Number(env.REFRESH) }),
      keys: new URL(`${env.ISSUER}/.well-known/jwks.json`),
      issuer: env.ISSUER,
      audience: env.AUDIENCE,
      algorithms: ["EdDSA"],
      facts: () => env.STORE.get(`facts/${system}`, { type: "json", cacheTtl: 60 }), // switches of the installation
      onDecision: (record) => env.RECORDS.put(`${record.at} ${crypto.randomUUID()}`, JSON.stringify(record)),
      ...more,
    }),
  ]);
  return Object.fromEntries(guarded);
}

async function answer(request, guarded) {
  const { pathname } = new URL(request.url);
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

/** Creates the worker. Its guards are created once per isolate. */
export function createWorker(more = {}) {
  let guarded;
  return {
    async fetch(request, env) {
      if (new URL(request.url).pathname === "/unguarded") return Response.json({ done: "email-accounts.open" });
      try {
        guarded ??= await guardsOf(env, more);
        return await answer(request, guarded);
      } catch (error) {
        if (error instanceof ProblemError) return error.response();
        console.error(error);
        return new Response(null, { status: 500 }); // fails closed
      }
    },
  };
}

export default createWorker();
