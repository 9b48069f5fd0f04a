// host.wasm, through the host of examples/host: the conformance suite, the answers of the package, hostile calls, its features and size.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { Host, HostError } from "../../examples/host/host.mjs";
import { conformFormat } from "./runtimes/format.mjs";
import { formatSuite } from "./support/formats.mjs";
import { installed, load } from "./support/package.mjs";
import { random } from "./support/random.mjs";

const privet = await load("privet");
const { read } = await load("privet/read");
const packs = await Promise.all(["contact", "dotdigital", "vicidial"].map((id) => load(`privet/policies/${id}`)));
const [contact] = packs;
const bytes = readFileSync(new URL(installed("wasm/host.wasm")));
const module = new WebAssembly.Module(bytes);
const host = () => new Host(module);

/** The conformance suite asks menu items for their verbs. */
const verbs = {
  value: function verbs(id) {
    return this.menuItem(id).verbs;
  },
};

test("the module conforms to the formats", (context) => {
  const instance = host();
  const policies = [];
  const open = (pack) => {
    for (const before of policies.splice(0)) before.close(); // one at a time, as a long-lived host would
    const policy = instance.open(pack);
    policies.push(policy);
    for (const method of ["session", "restore"]) {
      const make = policy[method].bind(policy);
      policy[method] = (...given) => Object.defineProperty(make(...given), "verbs", verbs);
    }
    return policy;
  };
  const count = conformFormat({ privet: { open }, read }, formatSuite());
  context.diagnostic(`${count} comparisons`);
});

/** What a call returns or throws, as the package and the module word it. */
function result(call) {
  try {
    return JSON.parse(JSON.stringify(call()));
  } catch (error) {
    if (!error.code) throw error;
    return { code: error.code, id: error.id, message: error.message };
  }
}

test("answers and messages are those of the package", () => {
  let count = 0;
  for (const { pack, cases } of formatSuite().policies) {
    const content = Buffer.from(pack, "base64");
    const [ours, theirs] = [host().open(content), privet.open(content)];
    assert.deepEqual(ours.operations, [...theirs.operations]);
    for (const { subject, now, changes = [] } of cases) {
      const both = [ours, theirs].map((policy) =>
        result(() => {
          const session = policy.session(subject, { now });
          const holds = ours.privileges.map((id) => session.holds(id));
          return [
            session.menu(),
            holds.map(({ granted, effective, from }) => [granted ?? null, effective ?? null, from]),
            session.token(),
            session.validUntil ?? null,
            session.snapshot(),
          ];
        }),
      );
      assert.deepEqual(both[0], both[1]);
      count++;
      for (const { change } of changes) {
        const after = [ours, theirs].map((policy) =>
          result(() => policy.session(subject, { now }).with(change).allowed()),
        );
        assert.deepEqual(after[0], after[1]);
      }
    }
  }
  assert.ok(count > 500, `${count} cases`);
});

test("a population has the decisions of its sessions", () => {
  for (const { pack } of packs) {
    const policy = host().open(pack);
    const draw = random(7);
    const subjects = Array.from({ length: 83 }, (_, index) => {
      const roles = policy.roles.filter(() => draw.chance(0.3));
      const facts = index === 50 ? { "no-such-fact": true } : {};
      return { roles, facts };
    });
    const allowed = policy.population(subjects);
    subjects.forEach((subject, row) => {
      const expected = result(() => {
        const session = policy.session(subject);
        const can = policy.operations.filter((id) => session.can(id));
        session.close();
        return can;
      });
      assert.deepEqual(allowed[row] && [...allowed[row]], expected.code ? undefined : expected);
    });
    assert.equal(allowed[50], undefined);
  }
});

test("bits and numbers of operations are those of `can`", () => {
  const instance = host();
  const policy = instance.open(contact.pack);
  const session = policy.session({ roles: ["administrator"] });
  const bits = instance.bytes("allowed_bits", [session.handle]);
  policy.operations.forEach((id, index) => {
    assert.equal(instance.call("operation", [policy.handle], id), index);
    const can = Number(session.can(id));
    assert.equal(instance.call("can_at", [session.handle, index]), can);
    assert.equal((bits[index >> 3] >> (index & 7)) & 1, can);
  });
  assert.throws(() => instance.call("can_at", [session.handle, policy.operations.length]), { code: "invalid-call" });
  assert.throws(() => instance.call("can_at", [session.handle, -1]), { code: "invalid-call" });
});

test("handles that are closed or made up are errors, and the instance goes on", () => {
  const instance = host();
  const policy = instance.open(contact.pack);
  const session = policy.session({});
  const other = policy.session({ roles: ["administrator"] });
  session.close();
  for (const handle of [session.handle, 0, -1, 12345, 2 ** 31 - 1, -(2 ** 31), policy.handle + 65536])
    for (const name of [
      "can",
      "decide",
      "menu",
      "allowed",
      "token",
      "subject",
      "inputs",
      "with",
      "snapshot",
      "holds",
      "close",
    ])
      assert.throws(
        () => instance.call(name, [handle]),
        (error) => error instanceof HostError && error.code === "invalid-call",
      );
  assert.throws(() => session.close(), { code: "invalid-call" });
  // A place that is used again has another handle
  assert.notEqual(policy.session({}).handle, session.handle);
  assert.ok(other.can("calls.flows.define") !== undefined);
  policy.close();
  assert.throws(() => other.allowed(), { code: "invalid-call" });
  assert.throws(() => policy.session({}), { code: "invalid-call" });
  assert.equal(instance.open(contact.pack).session({}).allowed().length >= 0, true);
});

test("a host that never closes gets an error, not a trap", () => {
  const small = formatSuite().packs.find(({ valid }) => valid);
  const policy = host().open(Buffer.from(small.pack, "base64"));
  assert.throws(() => {
    for (let made = 0; made < 70_000; made++) policy.session({});
  }, /65535 handles are open/);
});

test("hostile bytes, texts, lengths and tokens are errors, and the instance goes on", () => {
  const instance = host();
  const policy = instance.open(contact.pack);
  const expected = policy.session({ roles: ["administrator"] }).token();
  const draw = random(99);
  const noise = (length) => Uint8Array.from({ length }, () => draw.below(256));
  const deep = (length) => "[".repeat(length);
  const texts = [
    "",
    "{",
    "nul",
    '{"roles":',
    '"\\ud800"',
    '"\\u12',
    '{"a":1e999999999999999999}',
    '{"roles":[1e5]}',
    deep(20_000),
    '{"roles":'.repeat(300),
    `{"grants":{"users":${"9".repeat(100_000)}}}`,
    '{"facts":{"a":-0.0}}',
    '{"roles":["a","a"]}',
    "[1,]",
    "{} {}",
    "\u0000",
    '{"roles":[],"roles":[]}',
    "null",
    "[]",
    "7",
  ];
  const codes = new Set([
    "invalid-call",
    "invalid-subject",
    "unknown-id",
    "invalid-token",
    "invalid-grant",
    "invalid-fact",
    "invalid-pack",
  ]);
  const refused = (call) => assert.throws(call, (error) => error instanceof HostError && codes.has(error.code));
  for (const text of texts) {
    refused(() => instance.call("session", [policy.handle], text));
    const session = policy.session({});
    refused(() => instance.call("with", [session.handle], text));
    refused(() => instance.call("can", [session.handle], text));
    refused(() => instance.call("population", [policy.handle], text === "[]" ? "[" : text));
    refused(() => policy.restore(text));
    refused(() => instance.open(new TextEncoder().encode(text)));
    session.close();
  }
  for (let round = 0; round < 200; round++) {
    refused(() => instance.call("session", [policy.handle], noise(draw.below(50))));
    refused(() => instance.open(noise(1 + draw.below(300))));
    const forged = contact.pack.slice();
    forged[draw.below(forged.length)] ^= 1 << draw.below(8);
    refused(() => instance.open(forged));
    const [token, length] = [draw.next() | 0, draw.next() | 0];
    refused(() => instance.call("restore", [policy.handle, token], noise(Math.abs(length) % 40)));
  }
  // Lengths that the room does not have, by the exports themselves
  const { exports } = new WebAssembly.Instance(module);
  for (const length of [1, -1, 2 ** 31 - 1, -(2 ** 31)])
    for (const name of ["open", "session", "with", "can", "decide", "inputs", "population"])
      assert.ok(exports[name](...(name === "open" ? [length] : [0, length])) < 0, `${name} ${length}`);
  for (const length of [-1, 2 ** 31 - 1, 100 << 20]) assert.equal(exports.room(length), 0);
  assert.ok(exports.room(0) !== undefined);
  assert.ok(Number.isNaN(exports.valid_until(1)));
  assert.equal(policy.session({ roles: ["administrator"] }).token(), expected);
});

test("sessions that are closed leave nothing: the memory does not grow, and has no trace of them", () => {
  const instance = host();
  const policy = instance.open(contact.pack);
  const names = { roles: [{ name: "Zacharias-Quibble", grants: { users: "modify" } }] };
  const use = () => {
    const session = policy.session(names);
    session.menu();
    session.token();
    session.close();
  };
  for (let round = 0; round < 200; round++) use();
  const size = instance.memory.length;
  for (let round = 0; round < 1_000; round++) use();
  assert.equal(instance.memory.length, size);
  policy.session({}).subject(); // the room and the answer of the last calls are replaced
  assert.equal(Buffer.from(instance.memory).indexOf("Zacharias-Quibble", 65_536), -1);
});

test("the module has no imports, and only the features that docs/host.md names", () => {
  assert.deepEqual(WebAssembly.Module.imports(module), []);
  const wasmOpt = fileURLToPath(new URL("../node_modules/.bin/wasm-opt", import.meta.url));
  const allowed = ["--enable-sign-ext", "--enable-nontrapping-float-to-int", "--enable-bulk-memory"];
  const file = fileURLToPath(installed("wasm/host.wasm"));
  execFileSync(wasmOpt, ["--mvp-features", ...allowed, file, "-o", "/dev/null"], { stdio: "pipe" });
  // The check can fail
  assert.throws(() => execFileSync(wasmOpt, ["--mvp-features", file, "-o", "/dev/null"], { stdio: "pipe" }));
  const page = readFileSync(new URL("../../docs/host.md", import.meta.url), "utf8");
  for (const { name } of WebAssembly.Module.exports(module))
    assert.ok(page.includes(`\`${name}`), `docs/host.md has \`${name}\``);
});

test("the module keeps its budget of 60 kB", (context) => {
  const size = gzipSync(bytes, { level: 9 }).length;
  context.diagnostic(`${size} bytes gzipped`);
  assert.ok(size <= 60_000, `${size} bytes gzipped`);
});
