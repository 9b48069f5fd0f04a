// A load test on loopback: the latency that a guard adds to a request, and requests during a change of policies.
//   node load.mjs [REQUESTS]     default: 50,000
// Each response is compared with the decision of the package in this process; a difference makes the test exit with status 1.
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { open } from "privet";
import { pack as vicidial } from "privet/policies/vicidial";
import { studio } from "privet/studio";
import { FACTS, published, start } from "./start.mjs";

const REQUESTS = Number(process.argv[2] ?? 50_000);
const AT_ONCE = 24;
const REFRESH = 500;

const tools = await studio();
const document = readFileSync(new URL("../../src/policies/vicidial.jsonc", import.meta.url), "utf8");
const edited = (...edits) =>
  edits.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the policy has no ${from}`);
    return text.replaceAll(from, to);
  }, document);

/** Stricter, with the same layout: existing tokens stay valid and allow less. */
const stricter = tools.compile(
  edited(
    ['"version": "2.14-942a"', '"version": "stricter"'],
    [
      '"requires": "email-allowed and modify-email-accounts"',
      '"requires": "email-allowed and modify-email-accounts and modify-lists"',
    ],
  ),
);
/** With another layout: existing tokens are still decided by the old policy. */
const wider = tools.compile(
  edited(
    ['"version": "2.14-942a"', '"version": "wider"'],
    ['"privileges": [', '"privileges": [{ "id": "brand-new", "kind": "flag", "label": "Brand new" },'],
  ),
);
const [first, second, third] = [vicidial, stricter, wider].map(published);

const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
const { url, kv, sign, publish, dispose } = await start({ refresh: REFRESH });

function ask(path, token) {
  return new Promise((resolve, reject) => {
    const headers = token ? { authorization: `Bearer ${token}` } : {};
    const outgoing = request({ agent, host: url.hostname, port: url.port, path, headers }, (response) => {
      let body = "";
      response
        .setEncoding("utf8")
        .on("data", (text) => (body += text))
        .on("end", () => resolve({ status: response.statusCode, body }));
    });
    outgoing.on("error", reject).end();
  });
}

const failures = [];
const fail = (text) => failures.push(text);

/** People, each with a token of both layouts and the expected response under each policy. */
const grants = [
  {},
  { "modify-email-accounts": true },
  { "modify-email-accounts": true, "modify-lists": true },
  { "user-level": "8", "modify-users": true, "view-reports": true },
  { "user-level": "9", "modify-email-accounts": true, "modify-lists": true, "delete-lists": true },
];
const people = await Promise.all(
  grants.map(async (grants, index) => {
    const answer = ({ pack, version, fingerprint }) => {
      const allowed = open(pack).session({ grants, facts: FACTS.vicidial }).allowed();
      return JSON.stringify({ version, fingerprint, allowed });
    };
    const token = (policy) => sign(open(policy.pack).session({ grants }), `person-${index}`);
    return { old: await token(first), new: await token(third), answers: [first, second, third].map(answer) };
  }),
);

/** Sends `count` requests for all decisions and counts them by deciding policy; runs `halfway` in the middle. */
async function many(count, which, expected, halfway = () => {}) {
  const decided = [0, 0, 0];
  let next = 0;
  const one = async () => {
    for (let at = next++; at < count; at = next++) {
      if (at === count >> 1) await halfway();
      const person = people[at % people.length];
      try {
        const { status, body } = await ask("/vicidial/decisions", person[which]);
        const by = person.answers.indexOf(body);
        if (status !== 200 || !expected.includes(by))
          fail(`person ${at % people.length}, ${which} token: ${status} ${body.slice(0, 200)}`);
        else decided[by]++;
      } catch (error) {
        fail(`no response: ${error.message}`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return decided;
}

/** Publishes policies during requests, then waits until the worker has read them. */
async function manyDuringChange(policies, ...requests) {
  const decided = await many(...requests, () => publish(kv, policies));
  await new Promise((done) => setTimeout(done, REFRESH));
  return decided;
}

// ── Latency of the guard: guarded and unguarded requests alternate, one at a time
const times = { guarded: [], unguarded: [] };
for (let round = 0; round < Math.min(5000, REQUESTS); round++) {
  for (const [kind, path, token] of [
    ["guarded", "/vicidial/email-accounts", people[1].old],
    ["unguarded", "/unguarded"],
  ]) {
    const start = performance.now();
    const { status, body } = await ask(path, token);
    if (round >= 500) times[kind].push(performance.now() - start);
    if (status !== 200 || body !== '{"done":"email-accounts.open"}') fail(`${kind}: ${status} ${body}`);
  }
}
for (const [kind, list] of Object.entries(times)) {
  list.sort((a, b) => a - b);
  const at = (share) => `${(list[Math.floor(list.length * share)] ?? NaN).toFixed(3)} ms`;
  console.log(`${kind}: p50 ${at(0.5)}, p99 ${at(0.99)} of ${list.length} requests`);
}

// ── Policies change under load
const began = performance.now();
const part = Math.ceil(REQUESTS / 3);
const parts = [];
parts.push(await manyDuringChange([second, first], part, "old", [0, 1]));
parts.push(await many(100, "old", [1])); // the stricter policy decides every request
parts.push(await manyDuringChange([third, second], part, "old", [1]));
parts.push(await many(REQUESTS - 2 * part, "new", [2])); // the new policy decides new tokens
parts.push(await many(100, "old", [1])); // old tokens are still valid
const decided = [0, 1, 2].map((by) => parts.reduce((sum, part) => sum + part[by], 0));
const seconds = (performance.now() - began) / 1000;
const all = decided.reduce((sum, count) => sum + count, 0);
console.log(
  `${all} requests in ${seconds.toFixed(1)} s, during two changes of policies: ${decided.join(", ")} decided by the first, second and third`,
);
if (decided.includes(0)) fail("a policy decided no request: the change came too early or too late");

console.log(`failed requests: ${failures.length}`);
for (const text of failures.slice(0, 10)) console.log(`  ${text}`);
agent.destroy();
await dispose();
process.exit(failures.length > 0 ? 1 : 0);
