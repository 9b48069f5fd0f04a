// component.wasm in Node.js, by jco: the conformance suite, the answers of the package, lifetimes, `privet embed --component`.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { transpileBytes } from "@bytecodealliance/jco-transpile";
import { instantiate, Policy } from "../../hosts/component/component.mjs";
import { conformFormat } from "./runtimes/format.mjs";
import { folderOf, json, SHOP, privet as cli } from "./support/cli.mjs";
import { formatSuite } from "./support/formats.mjs";
import { installed, load } from "./support/package.mjs";

const privet = await load("privet");
const { read } = await load("privet/read");
const packs = await Promise.all(["contact", "dotdigital", "vicidial"].map((id) => load(`privet/policies/${id}`)));
const bytes = readFileSync(new URL(installed("wasm/component.wasm")));
const policies = await instantiate(bytes, transpileBytes);

test("the component conforms to the formats", (context) => {
  const open = (pack) => Policy.open(policies, pack);
  const count = conformFormat({ privet: { open }, read }, formatSuite());
  context.diagnostic(`${count} comparisons`);
});

test("populations, numbers of operations and bits are those of the sessions", () => {
  for (const { pack } of packs) {
    const policy = Policy.open(policies, pack);
    const subjects = [{}, { facts: { "no-such-fact": true } }, ...policy.roles.map((role) => ({ roles: [role] }))];
    const allowed = policy.population(subjects);
    assert.equal(allowed[1], undefined);
    subjects.forEach((subject, row) => {
      if (row === 1) return;
      const session = policy.session(subject);
      const bits = session.allowedBits();
      const can = policy.operations.filter((id) => session.can(id));
      assert.deepEqual(allowed[row], can);
      assert.deepEqual(
        policy.operations.filter((_, at) => (bits[at >> 3] >> (at & 7)) & 1),
        can,
      );
    });
    assert.equal(policy.operation(policy.operations.at(-1)), policy.operations.length - 1);
    assert.throws(() => policy.operation("x.y"), { code: "unknown-id", id: "x.y" });
  }
});

test("a session keeps its policy open, and what is closed is freed", () => {
  const policy = Policy.open(policies, packs[0].pack);
  const session = policy.session({ roles: ["administrator"] });
  const expected = session.allowed();
  policy.close();
  assert.deepEqual(session.allowed(), expected);
  session.close();
  // More than may be open at once
  const again = Policy.open(policies, packs[1].pack);
  for (let made = 0; made < 70_000; made++) again.session({}).close();
  assert.equal(again.session({}).allowed().length, 0);
});

test("hostile texts are errors, and the instance goes on", () => {
  const policy = Policy.open(policies, packs[0].pack);
  for (const subject of [null, [], 7, { roles: 7 }, { roles: ["no-such-role"] }, { grants: { __proto__: null, x: 1 } }])
    assert.throws(() => policy.session(subject), { code: /^(invalid-subject|unknown-id|invalid-call)$/ });
  for (const token of ["", "nonsense", "\u0000", "é".repeat(1000)])
    assert.throws(() => policy.restore(token), { code: "invalid-token" });
  assert.throws(() => Policy.open(policies, new Uint8Array()), { code: "invalid-pack" });
  assert.throws(() => Policy.open(policies), { code: "invalid-pack" });
  assert.equal(policy.session({}).can(policy.operations[0]), false);
});

test("`privet embed --component` puts a policy into the component, also opened", async (context) => {
  for (const { pack } of packs) {
    const folder = folderOf(context, { "policy.privetpack": Buffer.from(pack) });
    const theirs = privet.open(pack);
    for (const flags of [[], ["--preinit"]]) {
      const { status, output } = json(folder, ["embed", "policy.privetpack", "-o", "c.wasm", "--component", ...flags]);
      assert.deepEqual([status, output.isComponent, output.isOpened], [0, true, flags.length === 1]);
      const own = await instantiate(readFileSync(join(folder, "c.wasm")), transpileBytes);
      const policy = Policy.open(own);
      assert.equal(policy.fingerprint, theirs.fingerprint);
      for (const role of policy.roles) {
        const [ours, expected] = [policy, theirs].map((it) => it.session({ roles: [role] }));
        assert.equal(ours.token(), expected.token());
        assert.equal(ours.snapshot(), expected.snapshot());
      }
      // It stays open for the next who asks
      policy.close();
      assert.equal(Policy.open(own).fingerprint, theirs.fingerprint);
    }
  }
  const folder = folderOf(context, { "shop.jsonc": SHOP });
  assert.equal(cli(folder, ["embed", "shop.jsonc", "-o", "shop.wasm", "--component", "--preinit"]).status, 0);
  const names = readFileSync(join(folder, "shop.wasm"));
  assert.equal(names.indexOf('{"id":"shop"'), -1, "the pack is not in it any more");
});

test("the example of docs/host.md decides", async (context) => {
  const source = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  const [, example] = source("docs/host.md").match(/```js component\n(.*?)```/s);
  const files = { "orders.jsonc": source("hosts/test/orders.privet.jsonc"), "host.mjs": example };
  const folder = folderOf(context, { ...files, "package.json": { type: "module" } });
  assert.equal(cli(folder, ["embed", "orders.jsonc", "-o", "shop.component.wasm", "--component"]).status, 0);
  const { files: module } = await transpileBytes(readFileSync(join(folder, "shop.component.wasm")), { name: "shop" });
  for (const [name, content] of Object.entries(module)) {
    mkdirSync(dirname(join(folder, "shop", name)), { recursive: true });
    writeFileSync(join(folder, "shop", name), content);
  }
  const run = spawnSync(process.execPath, ["host.mjs"], { cwd: folder, encoding: "utf8" });
  assert.equal(run.stderr, "");
  assert.match(run.stdout, /^true \[/);
});

test("the component keeps its budget of 70 kB", (context) => {
  const size = gzipSync(bytes, { level: 9 }).length;
  context.diagnostic(`${size} bytes gzipped`);
  assert.ok(size <= 70_000, `${size} bytes gzipped`);
});
