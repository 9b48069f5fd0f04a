// Cedar decides the exported policies as the package does: the built-in policies, random ones, and one with every feature. `node scripts/trust/cedar.mjs`
// compares 100,000 decisions, and CASL and accesscontrol evaluate the same conditions in `node scripts/trust/others.mjs`.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { actionsOf, cedar, compare, permitted, translate } from "./support/cedar.mjs";
import { folderOf, privet as run } from "./support/cli.mjs";
import { withAccessControl, withCasl } from "./support/other-engines.mjs";
import { load } from "./support/package.mjs";
import { builtIn, privet, tools } from "./support/policies.mjs";
import { random } from "./support/random.mjs";
import { randomPolicies } from "./support/recorded.mjs";

const { toCedar, toCedarSubject } = await load("privet/cedar");
const engines = { Cedar: undefined, CASL: withCasl, accesscontrol: withAccessControl };

for (const [name, engine] of Object.entries(engines)) {
  test(`${name} decides the built-in policies as the package does`, () => {
    for (const policy of Object.values(builtIn)) {
      const translated = translate(policy, tools.describe(policy));
      const { decisions, allowed, differ } = compare(translated, random(5), 800, engine?.(translated));
      assert.deepEqual(differ, []);
      assert.ok(decisions >= 800 && allowed > 100 && allowed < decisions, `${allowed} of ${decisions} allowed`);
    }
  });

  test(`${name} decides random policies as the package does`, () => {
    const total = { policies: 0, decisions: 0, allowed: 0, clashes: 0 };
    for (const policy of randomPolicies()) {
      if (total.policies === 60) break;
      const translated = translate(policy, tools.describe(policy));
      const found = compare(translated, random(9 + total.policies), 20, engine?.(translated));
      assert.deepEqual(found.differ, [], translated.policies);
      total.policies += 1;
      for (const key of ["decisions", "allowed", "clashes"]) total[key] += found[key];
    }
    assert.ok(total.decisions > 1_000 && total.allowed > 200 && total.clashes > 2, JSON.stringify(total));
  });
}

const option = (id) => ({ id, label: id });
const every = {
  format: 1,
  id: "every",
  title: "Every feature",
  version: "1",
  facts: [
    { id: "lit", kind: "switch", label: "Lit" },
    { id: "owner", kind: "switch", label: "Owner", absent: false },
    { id: "away", kind: "switch", label: "Away", absent: true },
    { id: "seats", kind: "number", label: "Seats" },
    { id: "region", kind: "choice", label: "Region", options: ["north", "south"].map(option) },
    { id: "plan", kind: "level", label: "Plan", levels: ["free", "pro", "max"].map(option) },
  ],
  conditions: [{ id: "paid", label: "Paid", requires: "plan >= pro or owner" }],
  privileges: [
    { id: "refund", kind: "flag", label: "Refund", requires: "orders >= edit" },
    {
      id: "orders",
      kind: "level",
      label: "Orders",
      levels: [option("view"), { ...option("edit"), requires: "lit" }, option("all")],
    },
    // What is read under `not` has no requirement of its own
    { id: "grade", kind: "level", label: "Grade", levels: ["low", "mid", "top"].map(option) },
    { id: "desk", kind: "choice", label: "Desk", options: ["left", "right", "none"].map(option) },
    { id: "doors", kind: "set", label: "Doors", options: ["front", "back"].map(option) },
    { id: "limit", kind: "number", label: "Limit", min: 2, max: 9, unit: "euros", requires: "refund or lit" },
    { id: "quota", kind: "number", label: "Quota" },
    { id: "shut", kind: "flag", label: 'Shut "out"\n// \\u{7f}' },
  ],
  roles: [
    { id: "clerk", label: "Clerk", grants: { orders: "view", limit: 4, quota: 4, desk: "left", doors: ["front"] } },
    {
      id: "chief",
      label: "Chief",
      inherits: ["clerk"],
      grants: { orders: "all", limit: 3, refund: true, grade: "mid" },
    },
    { id: "right", label: "Right", grants: { desk: "right", limit: 8, quota: 5, doors: [] } },
    {
      id: "boss",
      label: "Boss",
      when: "lit and not region = south",
      grants: { refund: true, orders: "edit", quota: 6 },
    },
  ],
  menu: [{ id: "all", label: "All" }],
  verbs: [{ id: "edit", label: "Edit" }],
  operations: [
    ...["orders >= edit", "orders > view", "orders = all", "orders in (all)", "grade <= low", "grade < low"],
    ...["grade = mid", "grade != mid", "grade in (low, top)", "grade in (mid)", "not grade in (low, mid)"],
    ...[
      "desk = left",
      "desk != left",
      "desk in (left, none)",
      "doors = back",
      "doors != back",
      "doors in (front, back)",
    ],
    ...["limit >= 4", "limit > 4", "limit <= 4", "limit < 4", "limit = 4", "limit is set", "quota != 4"],
    ...[
      "not quota is set",
      "quota <= 5",
      "quota < 4294967295",
      "quota >= 0",
      "refund",
      "not shut",
      "lit",
      "owner",
      "not away",
    ],
    ...["paid and not shut", "seats < 5", "seats != 5", "seats >= 0", "region = north", "region != north"],
    ...[
      "region in (north, south)",
      "plan <= pro",
      "plan > max",
      "not plan > max",
      "plan in (free, max)",
      "plan != pro",
    ],
    ...["true", "false", "allowed(o0) or allowed(o28)"],
    ...["lit and (refund or not (region = north or quota != 8 and desk = left))"],
  ].map((requires, at) => ({ id: `o${at}`, label: requires, requires, verbs: ["edit"], menu: ["all"] })),
  renamed: { sell: "refund" },
};
const operation = (requires) => every.operations.find((one) => one.requires === requires).id;
every.operations[0].obligations = [{ id: "review", label: "Review", when: "not doors = front or quota < 4" }];
every.operations.at(-1).restricts = true;
every.guides = [{ id: "g", label: "G", steps: [{ id: "s", label: "S", done: "refund" }] }];
every.changeRules = [{ id: "r", label: "R", on: ["privileges"], requires: "actor.refund" }];

describe("a policy with every feature", () => {
  const policy = privet.open(tools.compile(every));
  const description = tools.describe(policy);
  const translated = translate(policy, description);
  const allowed = (subject, options) =>
    permitted(translated, toCedarSubject(description, policy.session(subject, options), "mia"), actionsOf(description));
  const facts = { lit: true, seats: 5, region: "south", plan: "max" };

  for (const [name, engine] of Object.entries(engines))
    test(`${name} decides it as the package does`, () => {
      const { clashes, differ } = compare(translated, random(3), 6_000, engine?.(translated));
      assert.deepEqual(differ, []);
      assert.ok(clashes > 5, `${clashes} clashes`);
    });

  test("what has no counterpart is named, and every operation has a policy", () => {
    assert.deepEqual(
      translated.omitted.map(({ kind, id }) => [kind, id]),
      ["undecided", "menu", "verbs", "restricts", "guides", "changeRules"].map((kind) => [kind, undefined]),
    );
    const never = ["plan > max", "false"].map(operation); // the first reads the plan, so it has a policy that denies
    assert.deepEqual(
      never.map((id) => id in translated.policySet),
      [true, false],
    );
    assert.equal(Object.keys(translated.policySet).length, every.operations.length - 1 + 1 + 1);
  });

  test("roles and grants that have ended do not count, and old ids are the present ones", () => {
    const subject = { roles: [{ role: "chief", until: 100 }], grants: { sell: { value: true, until: 200 } }, facts };
    const has = (now) =>
      [operation("orders >= edit"), operation("limit >= 4"), operation("refund")].filter((id) =>
        allowed(subject, { now }).includes(id),
      );
    assert.deepEqual(has(99), [operation("orders >= edit"), operation("refund")]);
    assert.deepEqual(has(100), []);
    const { entity } = toCedarSubject(description, policy.session(subject, { now: 150 }), "mia");
    assert.deepEqual(entity, {
      uid: { type: "User", id: "mia" },
      attrs: { grants: { refund: true }, inline: {} },
      parents: [],
    });
  });

  test("inline roles are joined, and a fact that is not given is named", () => {
    const roles = [
      { limit: 3, orders: "view", doors: ["back"] },
      { name: "x", grants: { limit: 5, orders: "edit", doors: ["front"] } },
    ];
    const session = policy.session({ roles, facts: { lit: true } });
    const { entity, context, missing } = toCedarSubject(description, session, "mia");
    assert.deepEqual(entity.attrs, { grants: { orders: "edit", doors: ["back", "front"] }, inline: { limit: 5 } });
    assert.deepEqual([context, missing], [{ lit: true }, ["seats", "region", "plan"]]);
  });

  test("Cedar refuses a request without a fact, whatever it would decide", () => {
    const { entity, ...request } = toCedarSubject(description, policy.session({ facts: { lit: true } }), "mia");
    const { schema, policySet } = translated;
    const answer = cedar.isAuthorized({
      principal: request.principal,
      resource: request.resource,
      context: request.context,
      action: { type: "Action", id: operation("true") },
      entities: [...translated.entities, entity],
      policies: { staticPolicies: policySet },
      schema,
      validateRequest: true,
    });
    assert.equal(answer.type, "failure");
  });
});

test("a requirement that is too large when it is written out is left out and named; the rest is translated", () => {
  const privileges = Array.from({ length: 60 }, (_, at) => ({ id: `p${at}`, kind: "flag", label: "" }));
  // Each operation reads the one before in two ways, which doubles what is written
  const requires = (at) =>
    at === 0 ? "p0" : `allowed(o${at - 1}) and p${at} or not allowed(o${at - 1}) and not p${at}`;
  const operations = privileges.map((_, at) => ({ id: `o${at}`, label: "", requires: requires(at) }));
  const document = { format: 1, id: "parity", title: "", version: "", privileges, operations };
  const policy = privet.open(tools.compile(document));
  const translated = translate(policy, tools.describe(policy));
  assert.deepEqual(translated.omitted[0], {
    kind: "operation",
    id: "o11",
    reason: "its requirement, written out with all that it depends on, has more than 4096 tests",
  });
  assert.equal(translated.omitted.length, 60 - 11);
  assert.deepEqual(compare(translated, random(2), 220).differ, []);
});

test("long chains and wide lists end, and Cedar reads what is translated", () => {
  const count = 3_000;
  const numbers = Array.from({ length: count }, (_, at) => at);
  const privileges = numbers.map((at) => ({
    id: `p${at}`,
    kind: "flag",
    label: "",
    ...(at && { requires: `p${at - 1}` }),
  }));
  const flat = numbers.slice(0, 400).map((at) => `q${at}`);
  privileges.push(...flat.map((id) => ({ id, kind: "flag", label: "" })));
  const operations = [
    { id: "near", label: "", requires: "p20" },
    { id: "far", label: "", requires: `p${count - 1}` },
    { id: "any", label: "", requires: flat.join(" or ") },
    { id: "all", label: "", requires: flat.join(" and ") },
  ];
  const policy = privet.open(tools.compile({ format: 1, id: "long", title: "", version: "", privileges, operations }));
  const translated = translate(policy, tools.describe(policy));
  assert.deepEqual(
    translated.omitted.map(({ id, reason }) => [id, reason]),
    [["far", "its requirement depends on more than 500 others, one after the other"]],
  );
  assert.deepEqual(compare(translated, random(2), 30).differ, []);
});

test("ids and labels of any shape are names in Cedar, not code", () => {
  const label = '"); permit (principal, action, resource); //\n\u2028\0\\';
  const document = {
    ...{ format: 1, id: "in:like.has-if", title: label, version: label },
    privileges: [{ id: "principal.x", kind: "flag", label }],
    operations: [{ id: "has:if-then.else", label, requires: "principal.x" }],
  };
  const policy = privet.open(tools.compile(document));
  const translated = translate(policy, tools.describe(policy));
  const { differ, allowed } = compare(translated, random(4), 40);
  assert.deepEqual(differ, []);
  assert.ok(allowed > 0 && allowed < 40);
});

describe("privet export", () => {
  const people = { mia: { roles: ["chief"], facts: { lit: true, seats: 1, region: "north", plan: "pro" } }, tom: {} };
  const files = { "shop.privet.jsonc": JSON.stringify(every), "people.json": JSON.stringify(people) };

  test("writes a schema, policies, entities and contexts, and says what it leaves out", (context) => {
    const folder = folderOf(context, files);
    const { status, out, err } = run(folder, [
      "export",
      "shop.privet.jsonc",
      "--to",
      "cedar",
      "--people",
      "people.json",
      "-o",
      "out",
    ]);
    const names = ["every.cedarschema", "every.cedar", "every.entities.json", "every.contexts.json"];
    assert.equal(out, names.map((name) => `wrote out/${name}\n`).join(""));
    assert.match(err, /note: undecided: Cedar has no undecided: a request must give every fact, or it is refused\n/);
    assert.match(err, /warning: tom: not known: `lit`, `seats`, `region`, `plan`; Cedar refuses a request without it/);
    assert.equal(status, 1);
    const [schema, policies, entities, contexts] = names.map((name) => readFileSync(join(folder, "out", name), "utf8"));
    assert.deepEqual(
      [schema, policies],
      ((made) => [made.schema, made.policies])(toCedar(tools.describe(privet.open(tools.compile(every))))),
    );
    assert.deepEqual(JSON.parse(contexts), { mia: people.mia.facts, tom: {} });
    assert.deepEqual(
      JSON.parse(entities).map(({ uid }) => `${uid.type} ${uid.id}`),
      [...["Role clerk", "Role chief", "Role right", "Role boss", "Product every", "User mia", "User tom"]],
    );
    // What the files say is what Cedar decides by them
    const { type, response } = cedar.isAuthorized({
      principal: { type: "User", id: "mia" },
      action: { type: "Action", id: "o0" },
      resource: { type: "Product", id: "every" },
      context: JSON.parse(contexts).mia,
      entities: JSON.parse(entities),
      policies: { staticPolicies: policies },
      schema,
      validateRequest: true,
    });
    assert.deepEqual([type, response?.decision], ["success", "allow"]);
  });

  test("prints the policies without a folder, all files with --json, and refuses another engine", (context) => {
    const folder = folderOf(context, files);
    const printed = run(folder, ["export", "shop.privet.jsonc", "--to", "cedar"]);
    assert.equal(printed.status, 0);
    assert.match(
      printed.out,
      /^@id\("o0"\)\n@label\("orders >= edit"\)\n@requires\("orders >= edit"\)\npermit \(principal, /,
    );
    const json = JSON.parse(run(folder, ["export", "shop.privet.jsonc", "--to", "cedar", "--json"]).out);
    assert.deepEqual(Object.keys(json.files), ["every.cedarschema", "every.cedar", "every.entities.json"]);
    assert.equal(json.omitted.length, 6);
    const other = run(folder, ["export", "shop.privet.jsonc", "--to", "rego"]);
    assert.deepEqual([other.status, other.err], [2, "error: `rego` is no value of --to; give cedar\n"]);
    assert.ok(!existsSync(join(folder, "out")));
  });
});
