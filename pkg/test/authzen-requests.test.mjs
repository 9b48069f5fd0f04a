// The OpenID Authorization API: what requests may be, their bounds, discovery, pages of searches, and random requests.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  BASE,
  alice,
  ask,
  example,
  handler,
  json,
  make,
  policy,
  post,
  question,
  read,
  record,
  write,
} from "./support/authzen.mjs";
import { load } from "./support/package.mjs";
import { random } from "./support/random.mjs";

const { authzen } = await load("privet/authzen");
const { mapping } = await example("pdp.mjs");

test("requests of a wrong shape are 400, and say what is wrong", async () => {
  const deep = (depth) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
  const text = JSON.stringify(question);
  const faults = [
    ["evaluation", "[]", "invalid-request: `body` is no object"],
    ["evaluation", "null", "invalid-request: `body` is no object"],
    ["evaluation", " ", "invalid-json: the body is empty"],
    ["evaluation", undefined, "invalid-json: the body is empty"],
    ["evaluation", "{", "invalid-json: the body is not JSON"],
    ["evaluation", new Uint8Array([0x22, 0xff, 0x22]), "invalid-json: the body is not UTF-8"],
    ["evaluation", new Uint8Array([0x22, 0xc3]), "invalid-json: the body is not UTF-8"],
    // Readers differ in which of two members they take: a gateway could check the other one
    [
      "evaluation",
      text.replace("{", '{"subject":{"type":"user","id":"bob"},'),
      "invalid-json: an object has a name twice",
    ],
    ["evaluation", text.replace("{", '{"subj\\u0065ct":1,'), "invalid-json: an object has a name twice"],
    ["evaluation", text.replace("alice", "\\ud800"), "invalid-json: a string has half a surrogate pair"],
    ["evaluation", deep(65), "invalid-json: the body is nested more than 64 times"],
    ["evaluation", "[".repeat(500_000) + "]".repeat(500_000), "invalid-json: the body is nested more than 64 times"],
    ["evaluation", deep(64), "invalid-request: `subject` is missing"],
    ["evaluation", { ...question, subject: null }, "invalid-request: `subject` is no object"],
    ["evaluation", { ...question, subject: [] }, "invalid-request: `subject` is no object"],
    ["evaluation", { ...question, subject: { type: "user", id: 7 } }, "invalid-request: `subject.id` is no string"],
    [
      "evaluation",
      { ...question, subject: { ...alice, properties: [] } },
      "invalid-request: `subject.properties` is no object",
    ],
    ["evaluation", { ...question, context: "x" }, "invalid-request: `context` is no object"],
    ["evaluation", { ...question, context: null }, "invalid-request: `context` is no object"],
    ["evaluations", { ...question, evaluations: {} }, "invalid-request: `evaluations` is no array"],
    [
      "evaluations",
      { ...question, evaluations: Array(1001).fill({}) },
      "invalid-request: `evaluations` has more than 1000 members",
    ],
    ["evaluations", { ...question, evaluations: [{}], options: 1 }, "invalid-request: `options` is no object"],
    [
      "evaluations",
      { ...question, evaluations: [{}], options: { evaluations_semantic: "all" } },
      "invalid-request: `options.evaluations_semantic` is none of `execute_all`, `deny_on_first_deny`, `permit_on_first_permit`",
    ],
    ["search/subject", { ...question, page: [] }, "invalid-request: `page` is no object"],
    ["search/subject", { ...question, page: { limit: -1 } }, "invalid-request: `page.limit` is no whole number from 0"],
    [
      "search/subject",
      { ...question, page: { limit: 1.5 } },
      "invalid-request: `page.limit` is no whole number from 0",
    ],
    ["search/subject", { ...question, page: { token: 7 } }, "invalid-request: `page.token` is no string"],
    ["search/subject", { ...question, page: { token: "" } }, "invalid-page-token: `page.token` is no token of a page"],
    [
      "search/subject",
      { ...question, page: { token: "💥" } },
      "invalid-page-token: `page.token` is no token of a page",
    ],
  ];
  for (const [path, body, wanted] of faults)
    assert.equal(await ask(path, body), `400 ${wanted}`, String(body).slice(0, 80));
  for (const type of ["text/plain", "application/jsonp", "application/problem+json", "", undefined])
    assert.equal(
      await ask("evaluation", new TextEncoder().encode(text), {
        headers: type === undefined ? {} : { "content-type": type },
      }),
      "400 invalid-content-type: the content type is not `application/json`",
    );
  assert.deepEqual(
    await ask("evaluation", question, { headers: { "content-type": "Application/JSON ; charset=utf-8" } }),
    {
      decision: true,
    },
  );
});

test("paths and methods that do not exist are 404 and 405, and every response has the request id", async () => {
  const paths = [
    ["/access/v1/evaluation", "GET", 405, "POST"],
    ["/access/v1/evaluation", "PUT", 405, "POST"],
    ["/.well-known/authzen-configuration", "POST", 405, "GET"],
    ["/access/v1/evaluation/", "POST", 404],
    ["/access/v2/evaluation", "POST", 404],
    ["//", "GET", 404],
    ["/%", "GET", 404],
    ["/%00", "POST", 404],
    [`/${"x".repeat(8000)}`, "GET", 404],
    ["/.well-known/authzen-configuration/tenant", "GET", 404],
  ];
  for (const [path, method, status, allow = null] of paths) {
    const headers = { "x-request-id": "id 1" };
    const response = await handler(
      new Request(BASE + path, { method, headers, ...(method !== "GET" && { body: "{}" }) }),
    );
    assert.deepEqual([response.status, response.headers.get("allow")], [status, allow], path);
    assert.equal(response.headers.get("x-request-id"), "id 1");
    assert.equal(response.headers.get("content-type"), "text/plain; charset=utf-8");
  }
  await assert.rejects(handler({ url: "/", headers: {} }), {
    name: "InvalidRequestError",
    code: "invalid-request",
  });
});

test("the metadata names the endpoints that exist, below the path of `url`", async () => {
  const metadata = async (by, path) => (await by(new Request(`https://host.example${path}`))).json();
  const tenant = authzen({ policy, ...mapping, search: {}, url: "https://pdp.example/acme/" });
  assert.deepEqual(await metadata(tenant, "/.well-known/authzen-configuration/acme"), {
    policy_decision_point: "https://pdp.example/acme",
    access_evaluation_endpoint: "https://pdp.example/acme/access/v1/evaluation",
    access_evaluations_endpoint: "https://pdp.example/acme/access/v1/evaluations",
    search_action_endpoint: "https://pdp.example/acme/access/v1/search/action",
  });
  const response = await tenant(post("/acme/access/v1/evaluation", question));
  assert.deepEqual(await response.json(), { decision: true });
  assert.equal((await tenant(post("/access/v1/evaluation", question))).status, 404);

  const bare = authzen({ policy, ...mapping, action: () => "records.read", search: { action: { record: ["read"] } } });
  const found = await bare(new Request("http://host.example/.well-known/authzen-configuration"));
  assert.equal((await found.json()).policy_decision_point, "https://host.example");
  assert.equal(found.headers.get("cache-control"), "no-store");
  assert.deepEqual((await ask("search/action", question, { by: bare })).results, [{ name: "read" }]);
});

test("a body is read up to its bound only", async () => {
  const by = make({ limits: { body: 200 } });
  const long = { ...question, context: { text: "x".repeat(200) } };
  assert.equal(await ask("evaluation", long, { by }), "413 oversized-body: the body has more than 200 bytes");
  let sent = 0;
  const body = new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(1000).fill(32 + 0 * sent++)) });
  const endless = new Request(`${BASE}/access/v1/evaluation`, { method: "POST", headers: json, body, duplex: "half" });
  assert.equal((await by(endless)).status, 413);
  assert.ok(sent < 10, `${sent} chunks were read`);
  assert.deepEqual(await ask("evaluation", question, { by }), { decision: true });
});

test("what never answers is 503 in time, and the work stops", async () => {
  const never = () => new Promise(() => {});
  const told = [];
  const options = { timeout: 30, onProblem: (error) => told.push(error.code) };
  for (const hooks of [
    { subject: never },
    { resource: never },
    { action: never },
    { policy: never },
    { authenticate: never },
  ])
    assert.equal(
      await ask("evaluation", question, { by: make({ ...options, ...hooks }) }),
      "503 timeout: not decided within 30 ms",
    );
  assert.deepEqual(told, Array(5).fill("timeout"));
  const silent = new Request(`${BASE}/access/v1/evaluation`, {
    method: "POST",
    headers: json,
    body: new ReadableStream(),
    duplex: "half",
  });
  assert.equal((await make(options)(silent)).status, 503);

  let asked = 0;
  let signal;
  const slow = async (_, about) => {
    asked++;
    signal = about.signal;
    await new Promise((later) => setTimeout(later, 10));
    return { roles: ["editor"] };
  };
  const users = Array.from({ length: 1000 }, (_, index) => `u${index}`);
  const by = make({ ...options, subject: slow, search: { subject: { user: users } } });
  assert.match(await ask("search/subject", question, { by }), /^503 /);
  const before = asked;
  await new Promise((later) => setTimeout(later, 60));
  assert.ok(signal.aborted && asked <= before + 1 && asked < 20, `${asked} subjects were asked for`);
});

test("searches give pages whose tokens belong to one request", async () => {
  const users = Array.from({ length: 25 }, (_, index) => `user-${index}`);
  const isEven = (id) => Number(id.slice(5)) % 2 === 0;
  const subject = { user: ({ id }) => ({ roles: isEven(id) ? ["editor"] : [] }) };
  async function* stored() {
    for (const id of users) yield { id };
  }
  for (const user of [users, () => users, () => new Set(users), stored, async () => stored()]) {
    for (const limit of [1, 5, 12, 13, 14, 1000]) {
      const by = make({ subject, search: { subject: { user } } });
      const body = { ...question, subject: { type: "user" } };
      const pages = [];
      let page = { limit };
      do {
        const found = await ask("search/subject", { ...body, page }, { by });
        assert.equal(found.page.count, found.results.length);
        pages.push(found.results);
        page = { token: found.page.next_token };
      } while (page.token);
      const all = users.filter(isEven).map((id) => ({ type: "user", id }));
      assert.deepEqual(pages.flat(), all);
      assert.equal(pages.length, Math.ceil(13 / limit));
    }
  }

  const by = make({ subject, search: { subject: { user: users } } });
  const body = { ...question, subject: { type: "user" } };
  const { page } = await ask("search/subject", { ...body, page: { limit: 2 } }, { by });
  const next = { token: page.next_token };
  const second = await ask("search/subject", { ...body, page: next }, { by });
  // The same request, however its members are ordered, and with the limit or without
  for (const same of [
    { page: { ...next, limit: 2 }, ...body },
    {
      resource: { id: "record-1", type: "record" },
      action: read,
      subject: { id: "ignored", type: "user" },
      page: next,
    },
  ])
    assert.deepEqual(await ask("search/subject", same, { by }), second);
  const differs = "400 invalid-page-token: the request differs from the one of the page before";
  for (const other of [
    { ...body, page: { ...next, limit: 3 } },
    { ...body, action: write, page: next },
    { ...body, context: { x: 1 }, page: next },
    { ...body, resource: { ...record, properties: { status: "active" } }, page: next },
    { ...body, page: { ...next, properties: { sort: "name" } } },
  ])
    assert.equal(await ask("search/subject", other, { by }), differs);
  assert.equal(await ask("search/resource", { ...question, page: next }), differs);

  // A made-up token reaches no more than a page may have
  const forged = atob(next.token).replace(".2.", ".999999999.");
  const found = await ask(
    "search/subject",
    { ...body, page: { token: btoa(forged) } },
    { by: make({ subject, search: { subject: { user: users } }, limits: { page: 3 } }) },
  );
  assert.equal(found.results.length, 3);
});

test("a page decides a bounded number of candidates", async () => {
  let decided = 0;
  function* endless() {
    for (let index = 0; ; index++) yield `user-${index}`;
  }
  const subject = () => {
    decided++;
    return {};
  };
  const by = make({ subject, search: { subject: { user: endless } }, limits: { candidates: 50 } });
  const body = { ...question, subject: { type: "user" } };
  const first = await ask("search/subject", body, { by });
  assert.deepEqual([first.results, decided], [[], 50]);
  await ask("search/subject", { ...body, page: { token: first.page.next_token } }, { by });
  assert.equal(decided, 100);
  for (const wrong of [[7], [null], [{}]]) {
    const told = [];
    const by = make({ search: { subject: { user: wrong } }, onProblem: (error) => told.push(error.message) });
    assert.match(await ask("search/subject", body, { by }), /^500 /);
    assert.deepEqual(told, ["a candidate of a search has no id"]);
  }
});

test("random and damaged requests are decided as an independent rule says, and never fail", async () => {
  const { below, pick } = random(18);
  /** The rules of the fixture, written again. */
  const expected = ({ subject, action, resource }) => {
    const isUser = subject.type === "user" && ["alice", "bob"].includes(subject.id);
    const status = resource.properties?.status ?? { "record-1": "active", "record-2": "archived" }[resource.id];
    if (!isUser || resource.type !== "record" || status === undefined) return false;
    const isAdmin = subject.properties?.role === "admin";
    const isEditor = subject.id === "alice" || isAdmin;
    if (action.name === "read") return true;
    if (action.name === "write") return isEditor && (isAdmin || status === "active");
    return action.name === "delete" && (isAdmin || (subject.id === "alice" && action.properties?.soft === true));
  };
  const some = (share, properties) => (below(100) < share ? { properties: properties() } : {});
  const entity = (types, ids, properties) => ({ type: pick(types), id: pick(ids), ...some(50, properties) });
  const draw = () => ({
    subject: entity(["user", "user", "user", "robot"], ["alice", "bob", "carol"], () => ({
      role: pick(["admin", "manager", 7, null]),
    })),
    action: {
      name: pick(["read", "write", "delete", "fly"]),
      ...some(50, () => ({ soft: pick([true, false, "true"]) })),
    },
    resource: entity(["record", "record", "record", "file"], ["record-1", "record-2", "x"], () => ({
      status: pick(["active", "archived", "odd", 1]),
    })),
  });
  for (let round = 0; round < 3000; round++) {
    const body = draw();
    const { decision } = await ask("evaluation", body);
    assert.equal(decision, expected(body), JSON.stringify(body));
    // A damaged text is refused, or decided as what it says
    const text = JSON.stringify(body);
    const at = below(text.length);
    const damaged =
      text.slice(0, at) +
      pick(['"', "{", "}", "0", "\\", "null", "", ",", '"id":"alice",']) +
      text.slice(at + below(3));
    const answer = await ask("evaluation", damaged);
    if (typeof answer === "string") assert.match(answer, /^400 invalid-(json|request): /);
    else if (answer.decision) assert.ok(expected(JSON.parse(damaged)), damaged);
  }
});
