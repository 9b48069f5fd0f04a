// The types of guards use the ids of their policy.
import { open } from "privet";
import { authzen } from "privet/authzen";
import { toCaslRules, type RawRule } from "privet/casl";
import {
  auth0,
  firstToken,
  fromKV,
  guard,
  issue,
  keycloak,
  openSigned,
  policies,
  remoteKeys,
  signPack,
  tokenFromCookie,
  tokenFromHeader,
} from "privet/edge";
import type { DecisionRecord, MappedSubject, ProblemCode, ProblemError } from "privet/edge";
import { pack } from "privet/policies/dotdigital";
import type { Schema } from "privet/policies/dotdigital";
import { embed, hydrate } from "privet/ssr";
import type { Session } from "privet";
import { expect, type Equals } from "./equals.js";

declare const key: CryptoKey;
declare const request: Request;
declare const bytes: Uint8Array;
const records: DecisionRecord<Schema>[] = [];
const token = { keys: key, issuer: "https://issuer.test", audience: "https://api.test", algorithms: ["EdDSA"] };
const policy = open(pack);

const guarded = guard({
  ...token,
  policies: [pack],
  facts: (_request, claims, { version }) => (claims.sub === version ? { owner: true } : null),
  onDecision: (record) => records.push(record),
});
const session = await guarded.require(request, "campaigns.send", { discharges: ["awaits-approval"] });
expect<Equals<typeof session, Session<Schema>>>();
// @ts-expect-error an unknown operation
await guarded.require(request, "campaigns.sent");
// @ts-expect-error an unknown obligation
await guarded.require(request, "campaigns.send", { discharges: ["awaits-aproval"] });
// @ts-expect-error an unknown fact
guard({ ...token, policies: [policy], facts: () => ({ ownr: true }) });
// @ts-expect-error required options are missing
guard({ policies: [pack], keys: key });

const kv = { get: async (_name: string, _type: "arrayBuffer") => new ArrayBuffer(0) };
const mapped = guard({
  policies: [pack],
  issuer: ["https://a.test", "https://b.test"],
  audience: ["https://api.test"],
  keys: { "https://a.test": remoteKeys(new URL("https://a.test/jwks")), "https://b.test": key },
  algorithms: ["RS256"],
  token: firstToken(tokenFromHeader("x"), tokenFromCookie("y")),
  subject: keycloak({ client: "shop", map: { "/sales": { sender: true } }, unknown: "ignore" }),
  onProblem: (error, { during, request }) => console.error(error, during, request?.url),
  onDecision: async (record, { request, waitUntil }) => {
    waitUntil(fetch(request.url, { body: JSON.stringify(record) }));
    record.traceId satisfies string | undefined;
  },
  timeout: 1000,
  clock: Date.now,
  notBefore: { dotdigital: 1_900_000_000 },
});
await mapped.require(request, "campaigns.send", { waitUntil: (promise) => void promise });
guard({ ...token, policies: [pack], subject: () => ({ grants: { sender: true }, facts: { owner: true } }) });
// @ts-expect-error an unknown privilege
guard({ ...token, policies: [pack], subject: () => ({ grants: { sendr: true } }) });
// @ts-expect-error an unknown way to treat claims
auth0({ unknown: "warn" });
const current = policies<Schema>(fromKV(kv, "packs"), { maxAge: 60, key, id: "dotdigital" });
guard({ ...token, policies: current });
(await openSigned<Schema>(bytes, await signPack(bytes, key), [key], { id: "a", notBefore: 1 })).id satisfies string;
declare const subject: MappedSubject<Schema>;
subject.ignored satisfies readonly { claim: string; value: string }[] | undefined;

const several = guard({ ...token, policies: async () => [await openSigned(bytes, bytes, key)] });
(await several.session(request)).can("anything");

expect<Equals<ReturnType<typeof issue>["privet"], string>>();
issue(session, "claim").claim satisfies string;
// @ts-expect-error the claim has the other name
issue(session, "claim").privet;
toCaslRules(session) satisfies RawRule[];
hydrate(policy, embed(session)).can("campaigns.send");
declare const problem: ProblemError;
problem.code satisfies ProblemCode;
problem.response() satisfies Response;

const handler = authzen({
  policy,
  subject: {
    user: ({ id, properties }, { context }) =>
      id === properties.id && context.x ? { grants: { sender: true } } : null,
  },
  resource: { campaign: () => ({ owner: true }) },
  action: {
    campaign: {
      send: "campaigns.send",
      test: (_action, resource) =>
        resource.id === "1" ? { operation: "campaigns.send", facts: { owner: null } } : undefined,
    },
  },
  search: { subject: { user: ["maria", { id: "tom", properties: { role: "admin" } }] } },
  reasons: (session, operation) => session.decide(operation).obligations,
});
expect<Equals<typeof handler, (request: Request) => Promise<Response>>>();
authzen({
  guard: guarded,
  subject: (_subject, { caller }) => caller?.subject(),
  resource: () => ({}),
  action: () => "campaigns.send",
});
// @ts-expect-error an unknown operation
authzen({ policy, subject: () => ({}), resource: () => ({}), action: { campaign: { send: "campaigns.sent" } } });
// @ts-expect-error an unknown fact
authzen({ policy, subject: () => ({}), resource: () => ({ ownr: true }), action: () => "campaigns.send" });
