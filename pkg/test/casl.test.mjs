// Rules for CASL: the ability agrees with the session on every operation and every verb.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createMongoAbility, ForbiddenError, subject } from "@casl/ability";
import { packRules, unpackRules } from "@casl/ability/extra";
import { load } from "./support/package.mjs";

const { open } = await load("privet");
const { toCaslRules } = await load("privet/casl");
const tools = await (await load("privet/studio")).studio();

/** Subjects with no privilege, all privileges, and each privilege alone. */
function* people(policy) {
  const { privileges, facts } = tools.describe(policy);
  const value = ({ kind, levels, options, max }) =>
    ({
      flag: () => true,
      level: () => levels.at(-1).id,
      choice: () => options[0].id,
      set: () => options.map(({ id }) => id),
      number: () => max ?? 1,
    })[kind]();
  const on = Object.fromEntries(facts.filter(({ kind }) => kind === "switch").map(({ id }) => [id, true]));
  const all = Object.fromEntries(privileges.map((privilege) => [privilege.id, value(privilege)]));
  yield {};
  yield { grants: all };
  yield { grants: all, facts: on };
  for (const id of Object.keys(all)) yield { grants: { [id]: all[id] }, facts: on };
}

function agrees(ability, session) {
  const { operations, menu, verbs } = session.policy;
  for (const id of operations) assert.equal(ability.can(id, "Operation"), session.can(id), id);
  for (const item of menu) {
    const here = session.verbs(item);
    for (const verb of verbs) assert.equal(ability.can(verb, item), here.has(verb), `${verb} ${item}`);
  }
}

for (const id of ["contact", "dotdigital", "vicidial"]) {
  test(`${id}: the ability agrees with the session`, async () => {
    const policy = open((await load(`privet/policies/${id}`)).pack);
    let rules = 0;
    for (const subject of people(policy)) {
      const session = policy.session(subject);
      const made = toCaslRules(session);
      rules += made.length;
      agrees(createMongoAbility(made), session);
      agrees(createMongoAbility(unpackRules(packRules(JSON.parse(JSON.stringify(made))))), session);
    }
    assert.ok(rules > 100, `only ${rules} rules`);
  });
}

const odd = (verb, item, operation) => ({
  format: 1,
  id: "odd",
  title: "Odd",
  version: "1",
  verbs: [{ id: verb, label: verb }],
  privileges: [{ id: "edit", kind: "flag", label: "Edit" }],
  menu: [{ id: item, label: item }],
  operations: [{ id: operation, label: operation, menu: [item], verbs: [verb], requires: "edit" }],
});

test("ids that are wildcards of CASL are refused for every session, unless the ability uses other wildcards", () => {
  for (const [verb, item, operation, id, option] of [
    ["manage", "pages", "page.edit", "manage", "anyAction"],
    ["edit", "pages", "manage", "manage", "anyAction"],
    ["edit", "all", "page.edit", "all", "anySubjectType"],
  ]) {
    const policy = open(tools.compile(odd(verb, item, operation)));
    const session = policy.session({ grants: { edit: true } });
    for (const any of [session, policy.session()]) {
      assert.throws(() => toCaslRules(any), {
        code: "invalid-options",
        message: `the policy has the id \`${id}\`, which is a wildcard in CASL; create the ability with another \`${option}\`, and pass it here too`,
      });
    }
    const other = { anyAction: "Anything", anySubjectType: "Everything" };
    const ability = createMongoAbility(toCaslRules(session, other), other);
    agrees(ability, session);
    assert.equal(ability.can("delete", "elsewhere"), false);
  }
});

describe("with the actions and subjects of an application", () => {
  const policy = open(
    tools.compile({
      ...odd("view", "pages", "page.edit"),
      operations: [
        { id: "page.edit", label: "Edit pages", requires: "edit" },
        { id: "page.publish", label: "Publish", requires: "edit and live" },
        { id: "page.delete", label: "Delete", requires: "remove" },
      ],
      facts: [{ id: "live", kind: "switch", label: "Live" }],
      privileges: [
        { id: "edit", kind: "flag", label: "Edit" },
        { id: "remove", kind: "flag", label: "Remove" },
      ],
    }),
  );
  const map = {
    "page.edit": [
      { action: ["create", "update"], subject: "Page", fields: ["text"] },
      { action: "read", subject: ["Page", "Draft"] },
    ],
    "page.publish": { action: "publish", subject: "Page" },
    "page.delete": { action: "delete", subject: "Page", conditions: { author: 7 } },
  };

  test("an operation opens what it is mapped to, and nothing else", () => {
    const session = policy.session({ grants: { edit: true }, facts: { live: true } });
    const rules = toCaslRules(session, { map });
    assert.deepEqual(rules, [
      { action: ["create", "update"], subject: "Page", fields: ["text"] },
      { action: "read", subject: ["Page", "Draft"] },
      { action: "publish", subject: "Page" },
    ]);
    const ability = createMongoAbility(rules);
    const can = (action, subject, field) => ability.can(action, subject, field);
    assert.deepEqual(
      [can("update", "Page", "text"), can("update", "Page", "title"), can("read", "Draft"), can("delete", "Page")],
      [true, false, true, false],
    );
    assert.equal(can("page.edit", "Operation"), false);
    agrees(createMongoAbility(toCaslRules(policy.session({}))), policy.session({}));
    const mine = createMongoAbility(toCaslRules(policy.session({ grants: { remove: true } }), { map }));
    assert.deepEqual(
      [7, 8].map((author) => mine.can("delete", subject("Page", { author }))),
      [true, false],
    );
  });

  test("reasons are those of CASL's errors; what another operation allows stays allowed", () => {
    const session = policy.session({ grants: { edit: true } });
    const reason = (id, decision) => `${decision}: ${tools.explain(session, id).sentence}`;
    const ability = createMongoAbility(toCaslRules(session, { map, reason }));
    assert.throws(() => ForbiddenError.from(ability).throwUnlessCan("publish", "Page"), {
      message: "undecided: Publish: undecided, because it is not known whether Live is on.",
    });
    assert.throws(() => ForbiddenError.from(ability).throwUnlessCan("delete", subject("Page", { author: 7 })), {
      message: /^denied: Delete: denied, because Remove is not granted\.$/,
    });
    const both = { ...map, "page.delete": { action: "update", subject: "Page" } };
    assert.equal(createMongoAbility(toCaslRules(session, { map: both, reason })).can("update", "Page", "text"), true);
    const plain = createMongoAbility(toCaslRules(session, { reason }));
    agrees(plain, session);
    assert.match(plain.relevantRuleFor("page.delete", "Operation").reason, /^denied: Delete/);
  });

  test("unknown operations and targets without a name are refused", () => {
    const session = policy.session();
    assert.throws(() => toCaslRules(session, { map: { "page.edti": map["page.publish"] } }), {
      code: "unknown-id",
      message: "unknown operation `page.edti`; did you mean `page.edit`?",
    });
    for (const target of [{ action: [], subject: "Page" }, { action: "read" }, { action: "", subject: "x" }])
      assert.throws(() => toCaslRules(session, { map: { "page.edit": target } }), {
        code: "invalid-options",
        message: "`map` gives `page.edit` no action or no subject; give both",
      });
  });
});
