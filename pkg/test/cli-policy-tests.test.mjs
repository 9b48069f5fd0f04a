// Policy tests: cases, properties (compared with brute force), coverage, suggestions, reporters, and `privet/test`.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as runner from "node:test";
import { fileURLToPath } from "node:url";
import Ajv2020 from "ajv/dist/2020.js";
import { folderOf, json, privet, refused, SHOP } from "./support/cli.mjs";
import { installed, load } from "./support/package.mjs";
import { random } from "./support/random.mjs";

const { describe, test } = runner;
const { policyTest } = await load("privet/test");
const { open } = await load("privet");
const tools = await (await load("privet/studio")).studio();

// The built-in policies: each case and property of their files is a test here
for (const id of ["contact", "dotdigital", "vicidial"])
  policyTest(new URL(`../../src/policies/${id}.privet-test.jsonc`, import.meta.url), {
    describe,
    test,
    minCoverage: 100,
  });

const tests = (more) => ({ policy: "shop.privet.jsonc", ...more });
const one = (subject, expect) => ({ cases: [{ name: "one", subject, expect }] });
/** Runs tests of the shop. */
const results = (context, content, policy = SHOP) => {
  const folder = folderOf(context, { "shop.privet.jsonc": policy, "shop.privet-test.jsonc": tests(content) });
  const { status, output } = json(folder, ["test"]);
  return { status, ...output.files[0] };
};

describe("cases", () => {
  test("pass and fail with what was expected, what is, and why", (context) => {
    const good = {
      allowed: ["orders.edit"],
      undecided: [],
      denied: ["returns.refund"],
      visible: ["orders"],
      hidden: ["returns"],
    };
    assert.equal(results(context, one({ roles: ["clerk"] }, good)).status, 0);
    assert.equal(
      results(context, one({ roles: ["clerk"] }, { onlyAllowed: ["orders.list", "orders.edit"] })).status,
      0,
    );
    const { status, cases } = results(
      context,
      one({ roles: ["clerk"] }, { allowed: ["returns.refund"], visible: ["returns"], onlyAllowed: ["orders.list"] }),
    );
    assert.equal(status, 1);
    assert.deepEqual(cases[0].failures, [
      {
        id: "returns.refund",
        expected: "allowed",
        actual: "denied",
        explanation: "Refund an order: denied, because Refund is not granted.",
      },
      {
        id: "orders.edit",
        expected: "not allowed",
        actual: "allowed",
        explanation: "Edit an order: allowed, because Orders is Edit, through Clerk.",
      },
      { id: "returns", expected: "shown", actual: "hidden" },
    ]);
  });

  test("have facts of the file, a time, and obligations", (context) => {
    const boss = { roles: [{ role: "boss", until: 200 }] };
    const at = (now, expect) => ({
      facts: { "returns-on": true },
      cases: [{ name: "boss", subject: boss, now, expect }],
    });
    assert.equal(results(context, at(100, { obligations: { "returns.refund": ["log"] } })).status, 0);
    assert.equal(results(context, at(200, { denied: ["returns.refund"] })).status, 0);
    const [wrong] = results(context, at(100, { obligations: { "returns.refund": [] } })).cases;
    assert.deepEqual([wrong.failures[0].expected, wrong.failures[0].actual], ["owes nothing", "owes log"]);
    const [missing] = results(context, at(undefined, { denied: ["returns.refund"] })).cases;
    assert.match(missing.failures[0].actual, /time/);
    const [unknown] = results(context, one({ grants: { order: "view" } }, { denied: ["orders.edit"] })).cases;
    assert.match(unknown.failures[0].actual, /did you mean `orders`\?/);
    const [item] = results(context, one({}, { visible: ["order"] })).cases;
    assert.match(item.failures[0].actual, /unknown menu item `order`/);
  });
});

describe("properties", () => {
  const verdicts = (context, properties, policy) =>
    results(context, { properties }, policy).properties.map(({ verdict, witness }) =>
      witness ? [verdict, witness] : verdict,
    );

  test("are proved, or false with a witness, also of privileges that need others", (context) => {
    const found = verdicts(context, [
      { nobodyMay: "returns.refund", without: "refund" },
      { nobodyMay: "returns.refund", without: "orders >= edit" },
      { nobodyMay: ["orders.list", "orders.edit"], without: "orders >= edit" },
      { nobodyMay: "returns.refund", with: "orders < edit" },
      { nobodyHolds: ["refund", "orders < edit"] },
      { nobodyHolds: ["refund", "orders >= edit"] },
      { role: "clerk", mayAtLeast: ["orders.edit"] },
      { role: "*", mayAtLeast: ["orders.edit"] },
      { role: "boss", mayAtLeast: ["returns.refund"] },
      { role: "boss", mayAtLeast: ["returns.refund"], when: "returns-on" },
      { role: ["clerk", "boss"], mayAtLeast: ["returns.refund"], when: "returns-on" },
      { role: "boss", mayAtLeast: ["orders.edit"], alone: true },
      { role: "clerk", mayAtMost: ["orders.list", "orders.edit"] },
      { role: "boss", mayAtMost: ["orders.list", "orders.edit"] },
    ]);
    assert.deepEqual(found, [
      "proved",
      "proved",
      ["false", { grants: { orders: "view" } }],
      "proved",
      "proved",
      ["false", { roles: ["boss"] }],
      "proved",
      "proved",
      ["false", { roles: ["boss"], facts: { "returns-on": false } }],
      "proved",
      ["false", { roles: ["clerk"], facts: { "returns-on": true } }],
      "proved",
      "proved",
      ["false", { roles: ["boss"] }],
    ]);
  });

  test("that cannot be stated are not proved, with the reason", (context) => {
    const { status, properties } = results(context, {
      properties: [
        { nobodyMay: "returns.refund", without: "refnd" },
        { nobodyMay: "returns.refnd", without: "refund" },
        { role: "clrk", mayAtLeast: ["orders.edit"] },
        { nobodyMay: "returns.refund", with: "refund and" },
      ],
    });
    assert.equal(status, 1);
    assert.deepEqual(
      properties.map(({ verdict }) => verdict),
      Array(4).fill("unproved"),
    );
    assert.match(properties[0].message, /unknown .*`refnd`; did you mean `refund`\?/);
    assert.match(properties[1].message, /unknown operation `returns\.refnd`/);
    assert.match(properties[2].message, /unknown role `clrk`.*did you mean `clerk`\?/);
  });

  test("count what the change rules on a result forbid, where they say so", (context) => {
    const apart = { id: "apart", label: "Apart", on: ["result"], requires: "not (refund and orders >= edit)" };
    const policy = { ...SHOP, changeRules: [apart] };
    const both = { nobodyHolds: ["refund", "allowed(orders.edit)"] };
    assert.deepEqual(
      verdicts(context, [both, { ...both, underChangeRules: true }], policy).map((it) =>
        Array.isArray(it) ? it[0] : it,
      ),
      ["false", "proved"],
    );
  });

  test("that depend on what excludes itself are proved while facts are unknown", (context) => {
    const operations = [
      { id: "on", label: "On", requires: "refund and returns-on" },
      { id: "off", label: "Off", requires: "refund and not returns-on" },
    ];
    const policy = { ...SHOP, menu: [], guides: [], operations };
    assert.deepEqual(verdicts(context, [{ nobodyHolds: ["allowed(on)", "allowed(off)"] }], policy), ["proved"]);
  });

  test("agree with brute force on random policies", (context) => {
    const { pick, chance } = random(20261130);
    const ids = ["a", "b", "c", "d"];
    const requirement = (depth) => {
      if (depth === 0 || chance(0.3)) return `${chance(0.2) ? "not " : ""}${pick(["f", "g", "b", "d"])}`;
      return `(${requirement(depth - 1)} ${pick(["and", "or"])} ${requirement(depth - 1)})`;
    };
    const positive = (depth) => requirement(depth).replaceAll("not ", "");
    for (let round = 0; round < 12; round++) {
      const policy = {
        format: 1,
        id: "p",
        title: "P",
        version: "1",
        facts: ["f", "g"].map((id) => ({ id, kind: "switch", label: id })),
        // `a` and `c` have requirements, so nothing may negate them
        privileges: ids.map((id) => ({
          id,
          kind: "flag",
          label: id,
          ...(id === "a" || id === "c" ? { requires: positive(1) } : {}),
        })),
        roles: [
          { id: "r", label: "R", grants: Object.fromEntries(ids.filter(() => chance(0.5)).map((id) => [id, true])) },
        ],
        operations: [
          { id: "x", label: "X", requires: `${pick(["a", "c"])} ${pick(["and", "or"])} ${requirement(2)}` },
          { id: "y", label: "Y", requires: `${pick(["a", "c"])} ${pick(["and", "or"])} ${requirement(2)}` },
        ],
      };
      const opened = open(
        tools.compile({ ...policy, operations: [...policy.operations, { id: "seen", label: "S", requires: "c" }] }),
      );
      const subjects = everySubject(ids);
      const sessions = subjects.map((subject) => opened.session(subject));
      const listed = subjects.map((subject) => opened.session({ ...subject, roles: ["r"] }));
      const everybody = [...sessions, ...listed];
      const expected = [
        !everybody.some((it) => it.can("x") && it.decide("seen").decision !== "allowed"),
        !everybody.some((it) => it.can("x") && it.can("seen")),
        !everybody.some((it) => it.can("x") && it.can("y")),
        listed.every((it) => it.can("y")),
      ];
      const properties = [
        { nobodyMay: "x", without: "c" },
        { nobodyMay: "x", with: "c" },
        { nobodyHolds: ["allowed(x)", "allowed(y)"] },
        { role: "r", mayAtLeast: ["y"] },
      ];
      const found = results(context, { properties }, policy).properties;
      const about = `${round} ${JSON.stringify(policy)} ${JSON.stringify(found)}`;
      for (const [index, { verdict }] of found.entries()) {
        // What a role must be allowed may be left open by unknown facts alone: then it is not proved, and for such facts it is false
        assert.equal(verdict === "proved", expected[index], about);
        if (index < 3) assert.notEqual(verdict, "unproved", about);
      }
    }
    /** Every subject without roles: any grants, facts on, off or unknown. */
    function everySubject(privileges) {
      const facts = [0, 1, 2].flatMap((f) =>
        [0, 1, 2].map((g) => ({ f: [true, false, null][f], g: [true, false, null][g] })),
      );
      const grants = Array.from({ length: 2 ** privileges.length }, (_, bits) =>
        Object.fromEntries(privileges.map((id, index) => [id, Boolean((bits >> index) & 1)])),
      );
      return facts.flatMap((facts) => grants.map((grants) => ({ grants, facts })));
    }
  });
});

describe("coverage", () => {
  test("lists every test that is not seen true and false, with a subject", (context) => {
    const { coverage } = results(context, one({ roles: ["clerk"] }, { allowed: ["orders.list"] }));
    // Twelve, without one: what is owed is seen only where returns are on
    assert.deepEqual([coverage.total, coverage.covered], [11, 1]);
    const [first] = coverage.missing;
    assert.deepEqual([first.of, first.test, first.missing], ["operation orders.list", "orders >= view", false]);
    assert.ok(coverage.missing.every(({ subject }) => subject));
    assert.ok(coverage.missing.some(({ of }) => of === "privilege refund"));
    assert.ok(coverage.missing.some(({ of }) => of === "obligation returns.refund/log"));
  });

  test("--suggest writes cases, and keeps comments; --min-coverage fails", (context) => {
    const text = '{\n  // about\n  "cases": [ /* none */ ],\n  "properties": []\n}\n';
    const folder = folderOf(context, { "shop.privet.jsonc": SHOP, "shop.privet-test.jsonc": text });
    assert.equal(privet(folder, ["test", "--min-coverage", "100"]).status, 1);
    const { status, err } = privet(folder, ["test", "--suggest", "--min-coverage", "100"]);
    assert.equal(status, 0);
    assert.match(err, /^wrote \d+ cases to shop\.privet-test\.jsonc; read them/);
    const written = readFileSync(join(folder, "shop.privet-test.jsonc"), "utf8");
    assert.match(written, /\/\/ about/);
    assert.match(written, /\/\* none \*\//);
    assert.equal(privet(folder, ["test", "--suggest"]).err, "");
    assert.equal(readFileSync(join(folder, "shop.privet-test.jsonc"), "utf8"), written);
  });

  test("--suggest with a document creates the file", (context) => {
    const folder = folderOf(context, { "a/shop.privet.jsonc": SHOP });
    assert.equal(privet(folder, ["test", "a/shop.privet.jsonc", "--suggest", "--min-coverage", "100"]).status, 0);
    const schema = JSON.parse(readFileSync(fileURLToPath(installed("dist/schemas/test.schema.json")), "utf8"));
    const isTests = new Ajv2020({ strict: false }).compile(schema);
    assert.ok(
      isTests(JSON.parse(readFileSync(join(folder, "a/shop.privet-test.jsonc"), "utf8"))),
      JSON.stringify(isTests.errors),
    );
    assert.equal(isTests({ cases: [{ name: "x" }] }), false);
  });
});

describe("reporters and files", () => {
  const content = {
    ...one({ roles: ["clerk"] }, { denied: ["orders.edit"] }),
    properties: [{ name: 'a <b> & "c"', nobodyMay: "orders.list", without: "orders >= view" }],
  };

  test("text, TAP and JUnit", (context) => {
    const folder = folderOf(context, { "shop.privet.jsonc": SHOP, "shop.privet-test.jsonc": tests(content) });
    const text = privet(folder, ["test"]);
    assert.equal(text.status, 1);
    assert.match(
      text.out,
      /FAIL one\n {2}orders\.edit\n {2}- expected denied\n {2}\+ actual {3}allowed\n {4}Edit an order: allowed, because/,
    );
    assert.match(text.out, /0 of 1 case passed, 1 of 1 property proved\ncoverage 9 %/);
    const tap = privet(folder, ["test", "--reporter", "tap"]).out;
    assert.match(tap, /^TAP version 13\n1\.\.2\nnot ok 1 - shop\.privet-test\.jsonc: one\n {2}---\n[\s\S]*\nok 2 - /);
    const junit = privet(folder, ["test", "--reporter", "junit"]).out;
    assert.match(junit, /<testsuite name="shop\.privet-test\.jsonc" tests="2" failures="1"/);
    assert.match(junit, /name="a &#60;b&#62; &#38; &#34;c&#34;"\/>/);
  });

  test("files that are wrong are refused with the place", (context) => {
    const files = {
      "a.privet-test.jsonc": { policy: "shop.jsonc", cases: [{ name: "x", expect: { alowed: [] } }] },
      "b.privet-test.jsonc": { policy: "shop.jsonc", properties: [{ nobodyMay: "x" }] },
      "c.privet-test.jsonc": "{",
      "d.privet-test.jsonc": {},
      "e.privet-test.jsonc": { policy: "none.jsonc" },
      "shop.jsonc": SHOP,
      "empty/x": "",
    };
    const folder = folderOf(context, files);
    refused(privet(folder, ["test", "a.privet-test.jsonc"]), /unrecognized key: `alowed` at `\/cases\/0\/expect`/);
    refused(
      privet(folder, ["test", "b.privet-test.jsonc"]),
      /it has `nobodyMay`, and a property has .* at `\/properties\/0`/,
    );
    refused(privet(folder, ["test", "c.privet-test.jsonc"]), /is not JSON/);
    refused(privet(folder, ["test", "d.privet-test.jsonc"]), /has no document `d\.privet\.jsonc` beside it/);
    refused(privet(folder, ["test", "e.privet-test.jsonc"]), /cannot read `none\.jsonc`/);
    refused(privet(folder, ["test", "empty"]), /there is no file \*\.privet-test\.jsonc in `empty`/);
    refused(privet(folder, ["test", "nowhere"]), /cannot read `nowhere`/);
  });

  test("--watch runs again when the document changes", async (context) => {
    const folder = folderOf(context, {
      "shop.privet.jsonc": SHOP,
      "shop.privet-test.jsonc": tests(one({}, { denied: ["orders.list"] })),
    });
    const child = spawn(process.execPath, [fileURLToPath(installed("dist/cli/main.js")), "test", "--watch"], {
      cwd: folder,
    });
    context.after(() => child.kill());
    let out = "";
    const seen = (pattern) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(out)), 20_000);
        const look = (data) => {
          out += data;
          if (!pattern.test(out)) return;
          clearTimeout(timer);
          resolve();
        };
        child.stdout.on("data", look);
        child.stderr.on("data", look);
      });
    await seen(/1 of 1 case passed[\s\S]*waiting for changes/);
    out = "";
    const opened = { ...SHOP, operations: [{ ...SHOP.operations[0], requires: "true" }, ...SHOP.operations.slice(1)] };
    await new Promise((resolve) => setTimeout(resolve, 300));
    writeFileSync(join(folder, "shop.privet.jsonc"), JSON.stringify(opened));
    await seen(/FAIL one/);
  });

  test("privet/test declares failing tests too, and says what it lacks", (context) => {
    const folder = folderOf(context, { "shop.privet.jsonc": SHOP, "shop.privet-test.jsonc": tests(content) });
    assert.throws(() => policyTest(join(folder, "none.jsonc")), {
      name: "PolicyTestError",
      message: /there is no `describe` and `test`/,
    });
    assert.throws(() => policyTest(join(folder, "none.jsonc"), { describe, test }), {
      name: "PolicyTestError",
      message: /cannot read/,
    });
    const script = `import { describe, test } from "node:test"; import { policyTest } from ${JSON.stringify(installed("dist/entries/test.js"))}; policyTest("shop.privet-test.jsonc", { describe, test, minCoverage: 50 });`;
    writeFileSync(join(folder, "own.test.mjs"), script);
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const { status, stdout } = spawnSync(process.execPath, ["--test", "--test-reporter=tap", "own.test.mjs"], {
      cwd: folder,
      encoding: "utf8",
      env,
    });
    assert.equal(status, 1);
    assert.match(stdout, /not ok 1 - one/);
    assert.match(stdout, /ok 2 - a <b>/);
    assert.match(stdout, /not ok 3 - covers 50 % of the tests of requirements/);
  });
});
