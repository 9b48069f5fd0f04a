// The types of guards use the ids of their policy.
import { open } from "privet";
import { toCaslRules } from "privet/casl";
import { guard, issue, openSigned } from "privet/edge";
import type { DecisionRecord, ProblemCode, ProblemError } from "privet/edge";
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

const several = guard({ ...token, policies: async () => [await openSigned(bytes, bytes, key)] });
(await several.session(request)).can("anything");

expect<Equals<ReturnType<typeof issue>["privet"], string>>();
issue(session, "claim").claim satisfies string;
// @ts-expect-error the claim has the other name
issue(session, "claim").privet;
toCaslRules(session) satisfies { action: string; subject: string }[];
hydrate(policy, embed(session)).can("campaigns.send");
declare const problem: ProblemError;
problem.code satisfies ProblemCode;
problem.response() satisfies Response;
