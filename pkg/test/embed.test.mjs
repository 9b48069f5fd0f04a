// `privet embed`: a module with the policy inside, opened or not.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Host } from "../../examples/host/host.mjs";
import { folderOf, json, privet, refused, SHOP } from "./support/cli.mjs";
import { load } from "./support/package.mjs";

const packs = await Promise.all(["contact", "dotdigital", "vicidial"].map((id) => load(`privet/policies/${id}`)));
const { open } = await load("privet");

const instantiate = (folder, name) => new Host(new WebAssembly.Module(readFileSync(join(folder, name))));

/** Everything that a host can ask of a few subjects. */
function answers(policy) {
  const subjects = [{}, ...policy.roles.map((role) => ({ roles: [role] }))];
  return subjects.map((subject) => {
    const session = policy.session(subject);
    const token = session.token();
    return [session.allowed(), session.menu(), token, policy.restore(token).snapshot()];
  });
}

test("a module with the policy inside answers as the package does", (context) => {
  for (const { pack } of packs) {
    const folder = folderOf(context, { "policy.privetpack": Buffer.from(pack) });
    const theirs = open(pack);
    const expected = JSON.parse(JSON.stringify(answers(Object.assign(theirs))));
    const sizes = ["", "--preinit"].map((flag) => {
      const name = `policy${flag}.wasm`;
      const { status, output } = json(folder, ["embed", "policy.privetpack", "-o", name, ...(flag ? [flag] : [])]);
      assert.deepEqual([status, output.written, output.isOpened], [0, [name], flag !== ""]);
      const host = instantiate(folder, name);
      assert.deepEqual(WebAssembly.Module.imports(new WebAssembly.Module(readFileSync(join(folder, name)))), []);
      const policy = host.open();
      assert.equal(policy.fingerprint, theirs.fingerprint);
      assert.deepEqual(answers(policy), expected);
      assert.equal(host.open().handle, policy.handle, "the embedded policy is opened once");
      // Other packs open beside it
      assert.equal(host.open(packs[0].pack).id, "contact");
      // Closing it: the module opens it again from its pack, and refuses where it has none any more
      policy.close();
      if (flag) assert.throws(() => host.open(), { code: "invalid-pack" });
      else assert.deepEqual(answers(host.open()), expected);
      return output.bytes;
    });
    assert.ok(sizes[1] < 3 * sizes[0], `${sizes}`);
  }
});

test("a pre-initialised module has no pack and no freed memory in it, and opens at once", (context) => {
  const folder = folderOf(context, { "shop.jsonc": SHOP });
  assert.equal(privet(folder, ["embed", "shop.jsonc", "-o", "shop.wasm", "--preinit"]).status, 0);
  const module = readFileSync(join(folder, "shop.wasm"));
  assert.equal(module.indexOf('{"id":"shop"'), -1, "the names of the pack");
  const title = Buffer.from(SHOP.title);
  const found = module.indexOf(title);
  assert.ok(found > 0);
  assert.equal(module.indexOf(title, found + 1), -1, "the title is there once: no freed copy");
});

test("the example of docs/host.md decides", (context) => {
  const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  const [, example] = read("docs/host.md").match(/```js\n(.*?)```/s);
  const folder = folderOf(context, { "orders.jsonc": read("hosts/test/orders.privet.jsonc"), "host.mjs": example });
  assert.equal(privet(folder, ["embed", "orders.jsonc", "-o", "shop.wasm"]).status, 0);
  const run = spawnSync(process.execPath, ["host.mjs"], { cwd: folder, encoding: "utf8" });
  assert.deepEqual([run.stdout, run.stderr], ["true\n", ""]);
});

test("a module without a policy, and documents that do not compile, are refused", (context) => {
  const folder = folderOf(context, { "broken.jsonc": { ...SHOP, operations: [{ id: "x" }] }, "shop.jsonc": SHOP });
  assert.equal(privet(folder, ["embed", "broken.jsonc", "-o", "x.wasm"]).status, 1);
  refused(privet(folder, ["embed", "shop.jsonc"]), /required option '-o, --out <file>' not specified/);
  refused(privet(folder, ["embed", "none.jsonc", "-o", "x.wasm"]), /cannot read/);
});
