// CommonJS: declarations of its own, since TypeScript refuses those of ES modules where Node.js has no require(esm).
import { createStore, open, type Policy } from "privet";
import { open as openJs } from "privet/js";
import { liveStore } from "privet/live";
import { messages } from "privet/messages/de";
import { pack, type Schema } from "privet/policies/vicidial";
import { read } from "privet/read";
import { hydrate, dehydrate } from "privet/ssr";
import { studio } from "privet/studio";
import { policyTest } from "privet/test";
import { why, type Why } from "privet/why";

const policy: Policy<Schema> = open(pack);
const session = policy.session({ grants: { "modify-email-accounts": true } });
why(session, "email-accounts.open") satisfies Why<Schema>;
// @ts-expect-error a misspelt operation
session.can("email-acounts.open");
read<Schema>(session.snapshot()).can("email-accounts.open");
hydrate(openJs(pack), dehydrate(session)).can("email-accounts.open");
liveStore(policy, { session }).get();
createStore(session).get().can("email-accounts.open");
studio({ messages }).then((tools) => tools.explain(session, "email-accounts.open").sentence);
policyTest("shop.privet-test.jsonc");
