// The OpenID Authorization API: the certification scenario, decisions and their contexts, batches, callers and options.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BASE, ask, example, handler, json, make, policy, post, question, record, write } from "./support/authzen.mjs";
import { AUDIENCE, ISSUER, claims, keys, sign } from "./support/issuer.mjs";
import { load } from "./support/package.mjs";

const { InvalidOptionsError, authzen } = await load("privet/authzen");
const { guard, issue } = await load("privet/edge");
const { open } = await load("privet");
const tools = await (await load("privet/studio")).studio();
const { mapping } = await example("pdp.mjs");
const { gateway } = await example("gateway.mjs");
const { cases, run } = await example("scenario.mjs");

test("the certification scenario passes at every level", async () => {
  const { passed, failures } = await run((path, init) => handler(new Request(BASE + path, init)));
  assert.deepEqual(failures, []);
  assert.deepEqual(Object.keys(passed), [
    "Basic Core",
    "Basic Properties",
    "Batch Core",
    "Batch Properties",
    "Search Core",
    "Search Properties",
    "Discovery",
  ]);
  assert.equal(
    Object.values(passed).reduce((sum, count) => sum + count),
    cases.length,
  );
});

test("the scenario finds a decision point that answers the same to everything", async () => {
  for (const canned of [
    { decision: true },
    { decision: false },
    { evaluations: [{ decision: true }] },
    { results: [] },
  ]) {
    const { failures } = await run(async () => Response.json(canned));
    assert.ok(failures.length > cases.length / 2);
  }
});

test("each refusal has its code, and unknown entities are refused", async () => {
  const decisions = [
    [question, { decision: true }],
    [{ ...question, subject: { type: "user", id: "bob" }, action: write }, "denied"],
    [{ ...question, subject: { type: "user", id: "carol" } }, "unknown-subject"],
    [{ ...question, subject: { type: "robot", id: "alice" } }, "unknown-subject"],
    [{ ...question, resource: { type: "record", id: "record-3" } }, "unknown-resource"],
    [{ ...question, resource: { type: "file", id: "record-1" } }, "unknown-resource"],
    [{ ...question, action: { name: "fly" } }, "unknown-action"],
  ];
  // Names that every object has are no types, ids or actions
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty", ""]) {
    decisions.push(
      [{ ...question, subject: { type: name, id: "alice" } }, "unknown-subject"],
      [{ ...question, subject: { type: "user", id: name } }, "unknown-subject"],
      [{ ...question, resource: { type: name, id: "record-1" } }, "unknown-resource"],
      [{ ...question, resource: { type: "record", id: name } }, "unknown-resource"],
      [{ ...question, action: { name } }, "unknown-action"],
    );
  }
  for (const [body, wanted] of decisions) {
    const answer = typeof wanted === "string" ? { decision: false, context: { code: wanted } } : wanted;
    assert.deepEqual(await ask("evaluation", body), answer, JSON.stringify(body));
  }
  const odd = { ...question, action: write, resource: { ...record, properties: { status: "odd" } } };
  assert.deepEqual(await ask("evaluation", odd), {
    decision: false,
    context: { code: "undecided", unknown: ["archived"] },
  });
});

const requires = (id, requires, more = {}) => ({ id, label: id, requires, ...more });
const shop = open(
  tools.compile({
    format: 1,
    id: "shop",
    title: "Shop",
    version: "1",
    facts: [{ id: "amount", kind: "number", label: "Amount" }],
    privileges: [
      { id: "pay", kind: "flag", label: "Pay" },
      {
        id: "colour",
        kind: "choice",
        label: "Colour",
        options: [
          { id: "red", label: "R" },
          { id: "green", label: "G" },
        ],
      },
    ],
    roles: [
      { id: "red", label: "Red", grants: { colour: "red" } },
      { id: "green", label: "Green", grants: { colour: "green" } },
    ],
    operations: [
      requires("pay", "pay and amount < 100", { obligations: [{ id: "receipt", label: "Receipt", when: "true" }] }),
      requires("paint", "colour = red"),
    ],
  }),
);
const everybody = (subject) => ({
  policy: shop,
  subject: () => subject,
  resource: () => ({}),
  action: ({ name, properties }) => (name === "pay" ? { operation: name, facts: { amount: properties.amount } } : name),
});

test("obligations, reasons, facts of an action, ends of grants and conflicting roles are in the context", async () => {
  const pay = (amount) => ({ ...question, action: { name: "pay", properties: { amount } } });
  const buyer = authzen(everybody({ grants: { pay: true } }));
  assert.deepEqual(await ask("evaluation", pay(99), { by: buyer }), {
    decision: true,
    context: { obligations: ["receipt"] },
  });
  assert.deepEqual(await ask("evaluation", pay(100), { by: buyer }), { decision: false, context: { code: "denied" } });
  assert.deepEqual(await ask("evaluation", pay(), { by: buyer }), {
    decision: false,
    context: { code: "undecided", unknown: ["amount"] },
  });

  const reasons = (session, operation) => tools.explain(session, operation).sentence;
  const nobody = authzen({ ...everybody({}), reasons });
  assert.deepEqual(await ask("evaluation", pay(1), { by: nobody }), {
    decision: false,
    context: { code: "denied", reasons: "pay: denied, because Pay is not granted." },
  });

  const until = everybody({ grants: { pay: { value: true, until: 1000 } } });
  for (const [now, decision] of [
    [999, true],
    [1000, false],
  ])
    assert.equal(
      (await ask("evaluation", pay(1), { by: authzen({ ...until, clock: () => 1000 * now + 999 }) })).decision,
      decision,
    );

  const torn = authzen(everybody({ roles: ["red", "green"] }));
  assert.deepEqual(await ask("evaluation", { ...question, action: { name: "paint" } }, { by: torn }), {
    decision: false,
    context: { code: "conflicting-choice" },
  });
});

test("what mappers throw or return wrongly is 500 without its text, and is told to onProblem", async () => {
  const secret = "the database of the tenant is down";
  const fail = () => {
    throw new Error(secret);
  };
  const faults = [
    [{ subject: fail }, "Error"],
    [{ resource: fail }, "Error"],
    [{ action: fail }, "Error"],
    [{ action: () => Promise.reject(new Error(secret)) }, "Error"],
    [{ reasons: fail, action: () => "records.delete" }, "Error"],
    [{ policy: fail }, "Error"],
    [{ action: () => "records.fly" }, "UnknownIdError"],
    [{ action: () => 7 }, "UnknownIdError"],
    [{ action: () => Symbol("x") }, "UnknownIdError"],
    [{ resource: () => ({ flying: true }) }, "UnknownIdError"],
    [{ resource: () => ({ archived: "yes" }) }, "InvalidFactError"],
    [{ subject: () => ({ roles: ["owner"] }) }, "UnknownIdError"],
    [{ subject: () => 7 }, "InvalidSubjectError"],
    [
      { clock: () => Number.NaN, subject: () => ({ grants: { "delete-softly": { value: true, until: 9 } } }) },
      "InvalidOptionsError",
    ],
  ];
  for (const [options, name] of faults) {
    const told = [];
    const by = make({ ...options, onProblem: (error, about) => told.push([error.name, about.request.method]) });
    const answer = await ask("evaluation", question, { by });
    assert.equal(answer, "500 internal-error: the decision could not be made", name);
    assert.deepEqual(told, [[name, "POST"]], JSON.stringify(told));
    if (options.policy) continue;
    const batch = await ask("evaluations", { ...question, evaluations: [{}] }, { by });
    assert.deepEqual(batch.evaluations, [
      {
        decision: false,
        context: { code: "internal-error", error: { status: 500, message: "the decision could not be made" } },
      },
    ]);
    assert.equal(told.length, 2);
  }
});

test("a problem is written to the console without onProblem, and one of onProblem itself too", async (context) => {
  const written = context.mock.method(console, "error", () => {});
  const resource = () => {
    throw new Error("down");
  };
  await ask("evaluation", question, { by: make({ resource, onProblem: undefined }) });
  await ask("evaluation", question, { by: make({ resource }) });
  assert.deepEqual(
    written.mock.calls.map(({ arguments: [text, error] }) => [text, error.message]),
    [
      ["privet: a request to the Authorization API failed:", "down"],
      ["privet: onProblem failed:", "down"],
    ],
  );
});

test("a batch is mapped once for its defaults, and decided by one policy", async () => {
  let people = 0;
  let policies = 0;
  const by = make({
    policy: () => {
      policies++;
      return policy;
    },
    subject: () => {
      people++;
      return { roles: ["editor"] };
    },
  });
  const batch = { ...question, evaluations: Array.from({ length: 1000 }, () => ({ action: write })) };
  const { evaluations } = await ask("evaluations", batch, { by });
  assert.ok(evaluations.length === 1000 && evaluations.every(({ decision }) => decision));
  assert.deepEqual([people, policies], [1, 1]);
});

test("callers are authenticated, by a function or a guard", async () => {
  const told = [];
  const guarded = guard({
    policies: [policy],
    keys: keys.publicKey,
    issuer: ISSUER,
    audience: AUDIENCE,
    algorithms: ["EdDSA"],
  });
  const bearer = async (subject) => ({
    ...json,
    authorization: `Bearer ${await sign(claims(issue(policy.session(subject))))}`,
  });
  const [editor, nobody] = [await bearer({ roles: ["editor"] }), await bearer({})];

  const me = ({ id }, { caller }) => (id === "me" ? caller.subject() : undefined);
  const by = authzen({ guard: guarded, ...mapping, subject: { user: me } });
  const mine = { ...question, subject: { type: "user", id: "me" } };
  assert.deepEqual(await ask("evaluation", mine, { by, headers: editor }), { decision: true });
  assert.equal((await ask("evaluation", mine, { by, headers: nobody })).context.code, "denied");
  const missing = await by(post("/access/v1/evaluation", mine));
  assert.deepEqual([missing.status, missing.headers.get("www-authenticate")], [401, 'Bearer realm="privet"']);
  assert.match(await missing.text(), /^missing-token: /);

  const authenticate = async (request) => Boolean(await guarded.require(request, "records.bin"));
  const some = make({ authenticate });
  assert.deepEqual(await ask("evaluation", question, { by: some, headers: editor }), { decision: true });
  assert.equal(await ask("evaluation", question, { by: some, headers: nobody }), "403 denied: this is not allowed");
  for (const answer of [false, undefined, null, 1, "yes", {}]) {
    const refused = await make({ authenticate: () => answer })(post("/access/v1/evaluation", question));
    assert.deepEqual([refused.status, refused.headers.get("www-authenticate")], [401, 'Bearer realm="privet"']);
    assert.equal(await refused.text(), "unauthenticated: the caller is not accepted");
  }
  const down = guard({
    policies: [policy],
    keys: () => Promise.reject(new Error("no keys")),
    onProblem() {},
    issuer: ISSUER,
    audience: AUDIENCE,
    algorithms: ["EdDSA"],
  });
  const closed = authzen({ guard: down, ...mapping, onProblem: (error) => told.push(error.code) });
  assert.match(await ask("evaluation", question, { by: closed, headers: editor }), /^503 keys-unavailable: /);
  assert.deepEqual(told, ["keys-unavailable"]);
  // The metadata is public
  assert.equal((await by(new Request(`${BASE}/.well-known/authzen-configuration`))).status, 200);
});

test("wrong options are refused", () => {
  const right = { policy, ...mapping };
  const faults = [
    [{ ...mapping }, "option `policy` or `guard` is needed, and not both"],
    [{ ...right, guard: { session() {} } }, "option `policy` or `guard` is needed, and not both"],
    [{ ...right, policy: {} }, "option `policy` must be a policy or a function"],
    [{ ...right, subject: undefined }, "option `subject` is needed"],
    [{ ...right, subject: { user: "x" } }, "option `subject` must be a function, or an object of functions by type"],
    [
      { ...right, action: { read: "records.read" } },
      "option `action` must be a function, or an object of operations by type of resource and name of action",
    ],
    [{ ...right, serach: {} }, "option `serach` is unknown"],
    [{ ...right, search: { subjects: {} } }, "option `search.subjects` is unknown"],
    [
      { ...right, search: { action: { record: () => [] } } },
      "option `search.action` must be an object of lists by type",
    ],
    [{ ...right, limits: { body: 0 } }, "option `limits.body` must be a positive whole number"],
    [{ ...right, limits: { size: 1 } }, "option `limits.size` is unknown"],
    [{ ...right, timeout: Infinity }, "option `timeout` must be a positive number of milliseconds"],
    ...["http://pdp.example", "https://pdp.example?x", "https://pdp.example#", "https://a:b@pdp.example", "pdp"].map(
      (url) => [{ ...right, url }, "option `url` must be an https URL without query and fragment"],
    ),
  ];
  for (const [options, message] of faults)
    assert.throws(
      () => authzen(options),
      (error) => error instanceof InvalidOptionsError && error.message === message,
      message,
    );
});

test("the gateway of the example turns only a clear `true` into 204", async () => {
  const ask = async (by, headers) => (await gateway(by)(new Request(`${BASE}/gateway`, { headers }))).status;
  const about = { "x-user": "alice", "x-original-method": "GET", "x-original-uri": "/records/record-1" };
  assert.equal(await ask(handler, about), 204);
  for (const [other, status] of [
    [{ "x-user": "" }, 401],
    [{ "x-original-method": "DELETE" }, 403],
    [{ "x-original-method": "constructor" }, 403],
    [{ "x-original-uri": "/records/record-1/../record-2" }, 403],
    [{ "x-original-uri": "" }, 403],
  ])
    assert.equal(await ask(handler, { ...about, ...other }), status);
  for (const answer of [
    () => new Response("down", { status: 500 }),
    () => Response.json({ decision: "true" }),
    () => Response.json({ decision: true, context: { obligations: ["receipt"] } }),
  ])
    assert.equal(await ask(async () => answer(), about), 403);
});
