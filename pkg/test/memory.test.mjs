// Memory: what was made and dropped is gone, and a session does not look into WebAssembly's memory, which moves when it grows.
// Flat is measured between two halves of the work: engines grow once to what they need. What is promised are 1,000,000
// sessions and 10,000 policies, about half a minute; PRIVET_MEMORY=quick makes a fifth of the sessions.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { load } from "./package.mjs";

/** The memories of the modules, noted when they are made: the package hands out none of them. */
const memories = [];
const { Instance, instantiate } = WebAssembly;
WebAssembly.Instance = class extends Instance {
  constructor(module, imports) {
    super(module, imports);
    memories.push(this.exports.memory);
  }
};
WebAssembly.instantiate = async (source, imports) => {
  const made = await instantiate(source, imports);
  memories.push((made.instance ?? made).exports.memory);
  return made;
};
const wasmBytes = () => memories.reduce((bytes, { buffer }) => bytes + buffer.byteLength, 0);

const { open } = await load("privet");
const tools = await (await load("privet/studio")).studio();
const { pack } = await load("privet/policies/vicidial");
const contact = (await load("privet/policies/contact")).pack;
const share = process.env.PRIVET_MEMORY === "quick" ? 0.2 : 1;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

/** Bytes in use: by JavaScript's objects and buffers, and by WebAssembly's memory, which never shrinks. */
async function memory() {
  for (let round = 0; round < 3; round++) {
    collect();
    await new Promise(setImmediate); // finalisers run between turns
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heap: heapUsed + arrayBuffers, wasm: wasmBytes() };
}

/** Runs work in two halves, and fails where the second leaves more behind than the noise of a heap. */
async function flat(name, count, work) {
  const start = performance.now();
  for (let round = 0; round < count / 2; round++) work(round);
  const before = await memory();
  for (let round = count / 2; round < count; round++) work(round);
  const after = await memory();
  const heap = after.heap - before.heap;
  const took = Math.round(performance.now() - start);
  console.log(
    `${count} ${name}: ${heap} bytes more on the heap after the second half, ${after.wasm} in WebAssembly; ${took} ms`,
  );
  assert.ok(heap < 1 << 20, `${count} ${name} left ${heap} bytes on the heap`);
  assert.equal(after.wasm, before.wasm, `${count} ${name} made WebAssembly's memory grow`);
}

test("sessions that were dropped leave nothing behind", async () => {
  const policy = open(pack);
  let allowed = 0;
  await flat("sessions", 1_000_000 * share, (round) => {
    const session = policy.session({
      grants: { "modify-email-accounts": round % 2 === 0 },
      facts: { "email-allowed": true },
    });
    allowed += session.can("email-accounts.open");
  });
  assert.equal(allowed, 500_000 * share);
});

test("changes that were dropped leave nothing behind", async () => {
  let session = open(pack).session({ facts: { "email-allowed": true } });
  await flat("changes", 200_000 * share, (round) => {
    session = session.with({ set: { "modify-email-accounts": round % 2 === 0 || null } });
  });
  assert.equal(session.can("email-accounts.open"), false);
});

/** A policy of its own for every number. */
const tiny = (number) => ({
  format: 1,
  id: `tiny-${number}`,
  title: "Tiny",
  version: "1",
  privileges: [{ id: "edit", kind: "flag", label: "Edit" }],
  operations: [{ id: "page.edit", label: "Edit a page", requires: "edit" }],
});

test("policies that were compiled, opened, explained and dropped leave nothing behind", async () => {
  await flat("policies", 10_000, (round) => {
    const policy = open(tools.compile(tiny(round)));
    const session = policy.session({ grants: { edit: true } });
    assert.ok(tools.explain(session, "page.edit").decision === "allowed" && session.can("page.edit"));
  });
});

test("a policy that is opened again and again leaves nothing behind", async () => {
  await flat("opened policies", 10_000 * share, () => open(contact));
});

test("documents that are refused leave nothing behind", async () => {
  await flat("refused documents", 10_000, (round) => {
    assert.throws(() => tools.compile({ ...tiny(round), operations: [{ id: "x", label: "X", requires: "edti" }] }));
  });
});

test("what nobody has trusted yet makes no memory grow, however long it is", () => {
  const policy = open(contact);
  policy.session(); // the memory has what deciding needs
  const before = wasmBytes();
  assert.throws(() => policy.restore("x".repeat(4_000_000)), { code: "invalid-token" });
  const long = new Uint8Array(4_000_000);
  long.set(contact);
  assert.throws(() => open(long), {
    code: "invalid-pack",
    message: "pack is damaged or cut short at byte 4000000; load or compile it again",
  });
  assert.equal(wasmBytes(), before);
});

test("a session that was made before WebAssembly's memory grew stays right", async () => {
  const early = open(pack);
  const session = early.session({ grants: { "modify-email-accounts": true }, facts: { "email-allowed": true } });
  const expected = [session.allowed(), JSON.stringify(session.menu())];
  const handle = early.handle("email-accounts.open");

  const core = memories.at(-1); // the studio was loaded before the first pack was opened
  const before = core.buffer;
  const operations = Array.from({ length: 40_000 }, (_, index) => ({
    id: `page.${index}`,
    label: `Page ${index}`,
    requires: "edit",
  }));
  const large = open(tools.compile({ ...tiny("large"), operations, allow: [] }));
  assert.equal(large.session({ grants: { edit: true } }).allowed().length, 40_000);
  assert.ok(core.buffer !== before && before.byteLength === 0, "the memory has not grown: make the policy larger");

  assert.equal(session.can("email-accounts.open"), true);
  assert.equal(session.canHandle(handle), true);
  const again = session.with({}); // resolved anew from the state that the session keeps
  assert.deepEqual([again.allowed(), JSON.stringify(again.menu())], expected);
  assert.deepEqual([[...session.allowed()], JSON.stringify(session.menu())], [[...expected[0]], expected[1]]);
  assert.deepEqual(session.holds("modify-email-accounts"), { granted: true, effective: true });
});
