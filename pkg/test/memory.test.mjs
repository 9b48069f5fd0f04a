// Memory: unreachable sessions and policies are collected, and sessions do not refer to WebAssembly's memory, whose buffer is
// detached when it grows. Growth is measured between the two halves of the work, since engines grow once to the size that they
// need. The work is 1,000,000 sessions and 10,000 policies, about half a minute; PRIVET_MEMORY=quick runs a fifth of the sessions.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { load } from "./support/package.mjs";

/** The memories of all instances that are still reachable, recorded when they are created: the package does not expose them. */
const memories = [];
const { Instance, instantiate } = WebAssembly;
WebAssembly.Instance = class extends Instance {
  constructor(module, imports) {
    super(module, imports);
    memories.push(new WeakRef(this.exports.memory));
  }
};
WebAssembly.instantiate = async (source, imports) => {
  const made = await instantiate(source, imports);
  memories.push(new WeakRef((made.instance ?? made).exports.memory));
  return made;
};
const wasmBytes = () => memories.reduce((bytes, memory) => bytes + (memory.deref()?.buffer.byteLength ?? 0), 0);

const { open } = await load("privet");
const tools = await (await load("privet/studio")).studio();
const { pack } = await load("privet/policies/vicidial");
const contact = (await load("privet/policies/contact")).pack;
const share = process.env.PRIVET_MEMORY === "quick" ? 0.2 : 1;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

/** Bytes in use by JavaScript objects and buffers, and by WebAssembly memory, which never shrinks. */
async function memory() {
  for (let round = 0; round < 3; round++) {
    collect();
    await new Promise(setImmediate); // finalizers run between turns of the event loop
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heap: heapUsed + arrayBuffers, wasm: wasmBytes() };
}

/** Runs work in two halves, and asserts that memory does not grow in the second one, beyond the noise of the heap. */
async function assertNoGrowth(name, count, work) {
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

test("unreachable sessions are collected", async () => {
  const policy = open(pack);
  let allowed = 0;
  await assertNoGrowth("sessions", 1_000_000 * share, (round) => {
    const session = policy.session({
      grants: { "modify-email-accounts": round % 2 === 0 },
      facts: { "email-allowed": true },
    });
    allowed += session.can("email-accounts.open");
  });
  assert.equal(allowed, 500_000 * share);
});

test("unreachable changed sessions are collected", async () => {
  let session = open(pack).session({ facts: { "email-allowed": true } });
  await assertNoGrowth("changes", 200_000 * share, (round) => {
    session = session.with({ set: { "modify-email-accounts": round % 2 === 0 || null } });
  });
  assert.equal(session.can("email-accounts.open"), false);
});

/** A different policy for each number. */
const tiny = (number) => ({
  format: 1,
  id: `tiny-${number}`,
  title: "Tiny",
  version: "1",
  privileges: [{ id: "edit", kind: "flag", label: "Edit" }],
  operations: [{ id: "page.edit", label: "Edit a page", requires: "edit" }],
});

test("unreachable policies are collected after compiling, opening and explaining", async () => {
  await assertNoGrowth("policies", 10_000, (round) => {
    const policy = open(tools.compile(tiny(round)));
    const session = policy.session({ grants: { edit: true } });
    assert.ok(tools.explain(session, "page.edit").decision === "allowed" && session.can("page.edit"));
  });
});

test("opening the same pack repeatedly does not use more memory", async () => {
  await assertNoGrowth("opened policies", 10_000 * share, () => open(contact));
});

test("refused documents are collected", async () => {
  await assertNoGrowth("refused documents", 10_000, (round) => {
    assert.throws(() => tools.compile({ ...tiny(round), operations: [{ id: "x", label: "X", requires: "edti" }] }));
  });
});

test("long invalid tokens and packs do not grow the memory", () => {
  const policy = open(contact);
  policy.session(); // grows the memory to the size that evaluation needs
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

test("a session stays correct after WebAssembly's memory grows", async () => {
  const early = open(pack);
  const session = early.session({ grants: { "modify-email-accounts": true }, facts: { "email-allowed": true } });
  const expected = [session.allowed(), JSON.stringify(session.menu())];
  const handle = early.handle("email-accounts.open");

  const operations = Array.from({ length: 40_000 }, (_, index) => ({
    id: `page.${index}`,
    label: `Page ${index}`,
    requires: "edit",
  }));
  const large = open(tools.compile({ ...tiny("large"), operations, allow: [] }));
  assert.equal(large.session({ grants: { edit: true } }).allowed().length, 40_000);
  const largest = Math.max(...memories.map((memory) => memory.deref()?.buffer.byteLength ?? 0));
  assert.ok(largest > 1 << 20, "the memory did not grow: use a larger policy");

  assert.equal(session.can("email-accounts.open"), true);
  assert.equal(session.canHandle(handle), true);
  const again = session.with({}); // evaluated again from the session's state
  assert.deepEqual([again.allowed(), JSON.stringify(again.menu())], expected);
  assert.deepEqual([[...session.allowed()], JSON.stringify(session.menu())], [[...expected[0]], expected[1]]);
  assert.deepEqual(session.holds("modify-email-accounts"), { granted: true, effective: true, from: [{ by: "own" }] });
});

test("the engine's memory suffices for policies of every size", () => {
  // Memory grows by pages of 64 KiB. The arguments of the first call are the outputs of a session, 504 bytes here, so the sizes of
  // the policies differ by less, over more than a page.
  const operations = Array.from({ length: 1000 }, (_, at) => ({
    id: `o${at}`,
    label: "",
    menu: ["m"],
    requires: "p0",
  }));
  const menu = [{ id: "m", label: "" }];
  const pages = new Set();
  for (let count = 400; count < 1400; count += 5) {
    const privileges = Array.from({ length: count }, (_, at) => ({ id: `p${at}`, kind: "flag", label: "" }));
    const document = { format: 1, id: "p", title: "", version: "", privileges, operations, menu };
    const session = open(tools.compile(JSON.stringify(document))).session();
    assert.equal(session.menu()[0].state, "hidden", `${count} privileges`);
    assert.deepEqual(session.inputs("o0").grants, {});
    assert.equal(session.policy.restore(session.token()).can("o0"), false);
    pages.add(memories.at(-1).deref().buffer.byteLength);
  }
  assert.ok(pages.size > 1, "all policies fit into the same pages");
});
