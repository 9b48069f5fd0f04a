// A load test on loopback: the latency that a guard adds to a request, requests during a change of policies, and requests while
// the issuer's keys cannot be fetched and records are written slowly.
//   node load.mjs [REQUESTS] [RECORDED]     default: 50,000 requests, and 5,000 whose records are counted
// Each response is compared with the decision of the package in this process; a difference makes the test exit with status 1.
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { open } from "privet";
import { pack as vicidial } from "privet/policies/vicidial";
import { studio } from "privet/studio";
import { FACTS, published, start } from "./start.mjs";

const REQUESTS = Number(process.argv[2] ?? 50_000);
const RECORDED = Number(process.argv[3] ?? 5_000);
const AT_ONCE = 24;
const REFRESH = 500;
let isDown = false;
let fetches = 0;

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
const { url, kv, records, sign, publish, dispose } = await start({
  entry: "load-worker.mjs",
  refresh: REFRESH / 1000,
  jwks(answer) {
    fetches++;
    if (isDown) throw new Error("the issuer is down");
    return answer();
  },
});

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

// ── The issuer is down for ten minutes of the worker's clock, each record takes 300 ms, and the policies change twice
/** The names of all records. */
async function recorded() {
  const names = [];
  let cursor;
  do {
    const page = await records.list({ cursor });
    names.push(...page.keys.map(({ name }) => name));
    ({ cursor } = page);
  } while (cursor);
  return names;
}
await new Promise((done) => setTimeout(done, 1000)); // records of the requests before
const before = new Set(await recorded());
const started = performance.now();
const fetchesBefore = fetches;
isDown = true;
await ask("/clock?minutes=10"); // the keys are due for a refresh, which fails
const wanted = { 200: 0, 403: 0 };
let asked = 0;
const step = Math.ceil(RECORDED / 20);
const recordedRequest = async () => {
  for (let at = asked++; at < RECORDED; at = asked++) {
    if (at % step === step - 1 && at < RECORDED / 2) await ask("/clock?minutes=1");
    if (at === RECORDED >> 2) await publish(kv, [first]);
    if (at === RECORDED >> 1) await publish(kv, [second, first]);
    const { status, body } = await ask("/vicidial/email-accounts", people[at % people.length].old);
    if (Object.hasOwn(wanted, status)) wanted[status]++;
    else fail(`person ${at % people.length} while the issuer is down: ${status} ${body}`);
  }
};
await Promise.all(Array.from({ length: AT_ONCE }, recordedRequest));
const answered = performance.now() - started;
let names = [];
for (let round = 0; round < 60 && names.length < RECORDED; round++) {
  await new Promise((done) => setTimeout(done, 500));
  names = (await recorded()).filter((name) => !before.has(name));
}
const decisions = { allowed: 0, denied: 0 };
const opened = [first, second].map(({ pack }) => open(pack));
for (let at = 0; at < names.length; at += 500) {
  const batch = await Promise.all(names.slice(at, at + 500).map((name) => records.get(name, "json")));
  for (const { policy, operation, decision, inputs } of batch) {
    decisions[decision]++;
    const by = opened.find(({ fingerprint }) => fingerprint === policy.fingerprint);
    if (by?.session(inputs).decide(operation).decision !== decision)
      fail(`a record of ${policy.version} does not replay`);
  }
}
const { problems } = JSON.parse((await ask("/clock?minutes=0")).body);
console.log(
  `${RECORDED} requests in ${(answered / 1000).toFixed(1)} s while the issuer was down: ${names.length} records, ${decisions.allowed} allowed, ${decisions.denied} denied; ${fetches - fetchesBefore} fetches of keys failed, ${problems} problems told`,
);
if (names.length !== RECORDED) fail(`${RECORDED} requests have ${names.length} records`);
if (decisions.allowed !== wanted[200] || decisions.denied !== wanted[403]) fail("records differ from the responses");
if (fetches === fetchesBefore) fail("the keys were not due: the issuer was never asked");

console.log(`failed requests: ${failures.length}`);
for (const text of failures.slice(0, 10)) console.log(`  ${text}`);
agent.destroy();
await dispose();
process.exit(failures.length > 0 ? 1 : 0);
