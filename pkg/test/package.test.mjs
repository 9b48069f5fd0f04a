// What the shared cases do not cover: error classes, immutability, foreign values, memory.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { load } from "./support/package.mjs";

const privet = await load("privet");
const { open } = privet;
const { studio } = await load("privet/studio");
const tools = await studio();
const { pack } = await load("privet/policies/vicidial");
const policy = open(pack);
const contact = (await load("privet/policies/contact")).pack;
const both = { grants: { "modify-email-accounts": true }, facts: { "email-allowed": true } };

const tiny = (id) => ({
  format: 1,
  id,
  title: `Tiny “${id}”\n`,
  version: "1",
  privileges: [{ id: "edit", kind: "flag", label: "Edit", group: "", sources: [] }],
  operations: [
    { id: "page.edit", label: "Edit a page", section: "", menu: [], verbs: [], requires: "edit", sources: [] },
  ],
});

test("errors are classes with stable codes and the nearest id", () => {
  const session = policy.session();
  const cases = [
    [
      () => session.can("email-acounts.open"),
      "UnknownIdError",
      "unknown-id",
      "unknown operation `email-acounts.open`; did you mean `email-accounts.open`?",
    ],
    [
      () => policy.session({ grants: { "modify-email-accounts": "yes" } }),
      "InvalidGrantError",
      "invalid-grant",
      "privilege `modify-email-accounts` is a flag and cannot be the text `yes`; give `true` or `false`",
    ],
    [
      () => policy.session({ facts: { "email-allowed": Number.NaN } }),
      "InvalidFactError",
      "invalid-fact",
      "fact `email-allowed` is a switch and cannot be `NaN`; give `true` or `false`",
    ],
    [
      () => policy.session({ grant: {} }),
      "InvalidSubjectError",
      "invalid-subject",
      "unknown key `grant` in a subject; a subject can have `roles`, `grants` or `facts`",
    ],
    [
      () => policy.session(new Map()),
      "InvalidSubjectError",
      "invalid-subject",
      "`{…}` is not an object; a subject can have `roles`, `grants` or `facts`",
    ],
    [
      () => open(new Uint8Array(200)),
      "InvalidPackError",
      "invalid-pack",
      "not a pack of this release at byte 0; compile the policy again",
    ],
    [
      () => session.verbs("nowhere"),
      "UnknownIdError",
      "unknown-id",
      "unknown menu item `nowhere`; the policy has no such menu item",
    ],
    [
      () => session.holds("__proto__"),
      "UnknownIdError",
      "unknown-id",
      "unknown privilege `__proto__`; the policy has no such privilege",
    ],
    [
      () => session.can("constructor"),
      "UnknownIdError",
      "unknown-id",
      "unknown operation `constructor`; the policy has no such operation",
    ],
    [
      () => tools.explain(session, "nothing.at-all"),
      "UnknownIdError",
      "unknown-id",
      "unknown operation `nothing.at-all`; the policy has no such operation",
    ],
  ];
  for (const [wrong, name, code, message] of cases) {
    assert.throws(wrong, (error) => {
      assert.ok(error instanceof privet[name], `${error} is not a ${name}`);
      assert.deepEqual([error.name, error.code, error.message], [name, code, message]);
      return true;
    });
  }
});

test("invalid handles and verbs throw", () => {
  const session = policy.session(both);
  for (const handle of [
    policy.operations.length,
    1e9,
    Number.NaN,
    undefined,
    null,
    "",
    "0",
    [],
    [1],
    {},
    true,
    false,
    -1,
    0.5,
    -(2 ** 32),
  ]) {
    assert.throws(() => session.canHandle(handle), { code: "unknown-id" });
  }
  // An id instead of a handle is looked up.
  for (const operation of policy.operations)
    assert.equal(session.canHandle(operation), session.can(operation), operation);
  assert.equal(session.verbs("email-accounts").has("edit"), true);
  assert.equal(session.verbs("reports").has("edit"), false);
  assert.throws(() => session.verbs("email-accounts").has("edti"), {
    message: "unknown verb `edti`; did you mean `edit`?",
  });
});

test("an empty policy has no decisions, and a menu item without operations is hidden", () => {
  const empty = { format: 1, id: "empty", title: "Empty", version: "1" };
  const nothing = open(tools.compile(empty)).session();
  assert.deepEqual(
    [nothing.allowed(), nothing.menu(), nothing.subject()],
    [[], [], { roles: [], grants: {}, facts: {} }],
  );
  assert.equal(nothing.policy.restore(nothing.token()).token(), nothing.token());
  assert.throws(() => nothing.canHandle(0), { code: "unknown-id" });
  const [item] = open(tools.compile({ ...empty, menu: [{ id: "page", label: "Page" }] }))
    .session()
    .menu();
  assert.deepEqual([item.state, item.operations, item.children], ["hidden", [], []]);
});

test("the memory of one policy does not affect another, larger or smaller policy", () => {
  // One word holds 8 outputs: one more and one less than that, and policies larger than the first page of memory.
  const sized = (count) => {
    const ids = Array.from({ length: count }, (_, index) => `it.${index}`);
    const named = (id) => ({ id, label: id });
    const privileges = ids.map((id) => ({ ...named(`p-${id}`), kind: "flag" }));
    // Each requirement has two operands, so that each has an instruction of its own.
    const operations = ids.map((id, index) => ({
      ...named(id),
      requires: `p-${id} and (on or p-it.${(index + 1) % count})`,
    }));
    const facts = [{ ...named("on"), kind: "switch" }];
    return open(
      tools.compile({ ...tiny(`sized-${count}`), facts, privileges, operations, menu: [], verbs: [], allow: [] }),
    );
  };
  const policies = [7, 9, 4_000, 8, 3_000, 2].map(sized);
  for (const one of policies) {
    const grants = (wanted) => ({
      grants: Object.fromEntries(one.privileges.filter((_, index) => wanted(index)).map((id) => [id, true])),
    });
    assert.deepEqual(one.session(grants(() => true)).allowed(), one.operations);
    for (const other of policies) assert.deepEqual(other.session({ facts: { on: true } }).allowed(), []);
    assert.deepEqual(one.session().allowed(), []);
    const alone = one.session(grants((index) => index === one.operations.length - 1));
    assert.equal(alone.decide(one.operations.at(-1)).decision, "undecided");
    assert.deepEqual(alone.with({ facts: { on: true } }).allowed(), [one.operations.at(-1)]);
    assert.deepEqual(alone.with({ facts: { on: false } }).allowed(), []);
  }
});

test("a document without a JSON form is refused with a diagnostic", () => {
  const cyclic = {};
  cyclic.self = cyclic;
  for (const document of [cyclic, { format: 1n }]) {
    assert.equal(tools.check(document)[0].message, "document cannot be written as JSON");
    assert.throws(() => tools.compile(document), { code: "invalid-policy" });
  }
});

test("an own property `__proto__` is looked up as an id", () => {
  const subject = JSON.parse('{ "grants": { "__proto__": true } }');
  assert.throws(() => policy.session(subject), { code: "unknown-id", id: "__proto__" });
});

test("a cyclic value is refused", () => {
  const grants = {};
  grants["modify-email-accounts"] = [grants];
  assert.throws(() => policy.session({ grants }), { code: "invalid-grant" });
});

test("a change returns another session and leaves the first unchanged", () => {
  const before = policy.session(both);
  const after = before.with({ set: { "modify-email-accounts": null } });
  assert.equal(before.can("email-accounts.open"), true);
  assert.equal(after.can("email-accounts.open"), false);
  assert.deepEqual(before.diff(after).lost, [
    "email-accounts.open",
    "email-accounts.create",
    "email-accounts.edit",
    "email-accounts.delete",
  ]);
  assert.deepEqual(after.diff(before).gained, before.diff(after).lost);
  const menu = before.menu();
  assert.ok(Object.isFrozen(menu) && Object.isFrozen(before.allowed()));
  assert.equal(before.menu(), menu);
});

test("obligations appear in a difference", async () => {
  const dotdigital = open((await load("privet/policies/dotdigital")).pack);
  const sender = dotdigital.session({ grants: { sender: true } });
  const trusted = sender.with({ set: { "can-send-without-approval": true } });
  assert.deepEqual(sender.diff(trusted).obligations, {
    added: [],
    removed: [{ operation: "campaigns.send", obligation: "awaits-approval" }],
  });
  for (const other of [policy.session(), undefined, {}, 0])
    assert.throws(() => sender.diff(other), { name: "InvalidSubjectError", code: "invalid-subject" });
});

test("the pack is copied, so that later writes to its bytes have no effect", () => {
  const bytes = Uint8Array.from(pack);
  const opened = open(bytes);
  bytes.fill(0);
  assert.equal(opened.session(both).can("email-accounts.open"), true);
  assert.ok(tools.describe(opened).operations.length > 200);
});

test("more policies than the engine caches stay usable", () => {
  const opened = Array.from({ length: 20 }, (_, index) => open(tools.compile(tiny(`tiny-${index}`))));
  for (const one of [...opened, ...opened]) {
    assert.equal(one.session({ grants: { edit: true } }).can("page.edit"), true);
    assert.equal(tools.describe(one).title, one.title);
  }
});

test("titles and labels may hold any text", () => {
  assert.equal(open(tools.compile(tiny("any"))).title, "Tiny “any”\n");
});

test("an object and its text compile to the same policy; comments and the order of keys are ignored", () => {
  const object = tiny("same");
  const text = `// a comment\n${JSON.stringify(Object.fromEntries(Object.entries(object).reverse()), null, 2)}`;
  assert.deepEqual(tools.compile(text), tools.compile(object));
});

test("a document with errors does not compile, and every error is reported", () => {
  const wrong = { ...tiny("wrong"), operations: [{ id: "x", label: "X", requires: "edti" }], colour: "red" };
  assert.throws(
    () => tools.compile(wrong),
    (error) => {
      assert.equal(error.code, "invalid-policy");
      assert.equal(
        error.message,
        "policy has 2 errors; first at `/operations/0/requires`: unknown fact, condition or privilege `edti`",
      );
      assert.deepEqual(error.diagnostics, tools.check(wrong));
      assert.deepEqual(
        error.diagnostics.map(({ code, pointer, span }) => [code, pointer, span]),
        [
          ["unknown-id", "/operations/0/requires", undefined],
          ["unknown-key", "/colour", undefined],
        ],
      );
      return true;
    },
  );
});

test("diagnostics of a text have a span, and are rendered with carets", () => {
  const text = '{\n  "format": 1, "id": "é", "title": "", "version": ""\n}';
  const found = tools.check(text);
  assert.deepEqual(
    found.map(({ code, span }) => [code, span]),
    [["invalid-id", { start: 23, end: 27, line: 2, column: 22 }]],
  );
  assert.match(tools.render(found, text), /^error\[invalid-id\]: `é` is not an id\n --> 2:22 \(\/id\)\n/);
});

test("check never throws", () => {
  for (const document of ["", "[]", "{", "null", {}, [], { format: "1" }]) {
    assert.ok(
      tools.check(document).some(({ severity }) => severity === "error"),
      JSON.stringify(document),
    );
  }
});

test("every seed row of Contact is a source of an operation", () => {
  const { operations, privileges } = tools.describe(open(contact));
  const rows = new Set(operations.flatMap(({ sources }) => sources.flatMap(({ row }) => row ?? [])));
  assert.deepEqual([operations.length, rows.size, privileges.length], [152, 149, 88]);
});

test("changing sessions does not use more memory", () => {
  const memory = () => process.memoryUsage();
  const work = (count) => {
    let session = policy.session(both);
    for (let round = 0; round < count; round++) {
      session = session.with({ set: { "user-level": round % 2 ? "9" : "8" } });
    }
  };
  work(2_000); // engines grow once, to the size that they need
  const before = memory();
  work(20_000);
  const grown = memory().arrayBuffers - before.arrayBuffers + (memory().external - before.external);
  assert.ok(grown < 8 << 20, `grew by ${grown} bytes`);
});

test("the JSON Schema is in the package, and has an alternative for each kind of privilege", () => {
  const file = createRequire(join(process.env.PRIVET_INSTALLED, "anywhere.js")).resolve("privet/schema.json");
  const schema = JSON.parse(readFileSync(file, "utf8"));
  assert.deepEqual([schema.title, schema.required], ["Privet policy document", ["format", "id", "title", "version"]]);
  const kinds = schema.$defs.Privilege.oneOf.map(({ properties, required }) => [
    properties.kind.const,
    required.at(-1),
  ]);
  assert.deepEqual(kinds, [
    ["flag", "label"],
    ["level", "levels"],
    ["choice", "options"],
    ["set", "options"],
    ["number", "label"],
  ]);
});

test("the versions of the package, the crate and the changelog are equal", () => {
  const read = (file) => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
  const { version } = JSON.parse(read("pkg/package.json"));
  assert.match(read("Cargo.toml"), new RegExp(`^version = "${version}"$`, "m"));
  assert.match(read("CHANGELOG.md"), new RegExp(`^## \\[${version}\\]`, "m"));
});

test("the studio of Node.js starts where a bundler has moved the code away from its file, or its address is none", async () => {
  const { build } = await import("esbuild");
  const folder = join(process.env.PRIVET_INSTALLED, "moved");
  const code = 'import { studio } from "privet/studio";\nexport const tools = await studio();\n';
  // Next.js makes of the file's URL an address of the site
  const address = { "import.meta.url": '"/_next/static/media/"' };
  for (const [name, define] of [
    ["bundled", {}],
    ["address", address],
  ]) {
    const outfile = join(folder, `${name}.mjs`);
    await build({
      stdin: { contents: code, resolveDir: process.env.PRIVET_INSTALLED },
      outfile,
      bundle: true,
      platform: "node",
      format: "esm",
      define,
      logLevel: "error",
    });
    const { tools } = await import(pathToFileURL(outfile).href);
    assert.equal(tools.check("{").length > 0, true, name);
  }
});
