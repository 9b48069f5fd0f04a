// What is too large never reaches WebAssembly, and a studio that trapped is replaced by the next one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./support/package.mjs";

/** A module whose function `trap` traps. */
const trap = new WebAssembly.Instance(
  new WebAssembly.Module(
    Uint8Array.of(
      0,
      97,
      115,
      109,
      1,
      0,
      0,
      0,
      1,
      4,
      1,
      96,
      0,
      0,
      3,
      2,
      1,
      0,
      7,
      8,
      1,
      4,
      116,
      114,
      97,
      112,
      0,
      0,
      10,
      5,
      1,
      3,
      0,
      0,
      11,
    ),
  ),
).exports.trap;

/** The exports that trap, in every instance that is made from here on. */
const trapping = new Set();
const { Instance } = WebAssembly;
let instances = 0;
WebAssembly.Instance = new Proxy(Instance, {
  construct(_, args) {
    const { exports } = new Instance(...args);
    instances++;
    return { exports: new Proxy({}, { get: (_, name) => (trapping.has(name) ? trap : exports[name]) }) };
  },
});

const { open } = await load("privet");
const { InvalidOptionsError, StudioStoppedError, studio } = await load("privet/studio");
const { pack } = await load("privet/policies/contact");
const policy = open(pack);
const operation = policy.operations[0];
const session = policy.session();

test("after a trap every call fails with its code, and `studio()` makes another instance", async () => {
  const before = await studio();
  const german = await studio({ labels: {} });
  const population = before.population(policy, [{}]);
  const explained = before.explain(session, operation);
  assert.equal(await studio(), before);

  trapping.add("studioengine_explain");
  const stopped = {
    name: "StudioStoppedError",
    code: "studio-stopped",
    message: "the studio stopped: unreachable; call `studio()` for a new one",
  };
  assert.throws(() => before.explain(session, operation), stopped);
  trapping.clear();
  // The instance is not asked again, not even by other studios and populations that share its memory
  for (const call of [
    () => before.explain(session, operation),
    () => before.check("{}"),
    () => before.compile("{}"),
    () => before.describe(policy),
    () => before.render([], ""),
    () => before.population(policy, []),
    () => population.dormant(),
    () => german.impact(policy, { operation }),
  ])
    assert.throws(
      call,
      (error) => error instanceof StudioStoppedError && error.cause instanceof WebAssembly.RuntimeError,
    );
  assert.equal(population.count(operation), 0); // needs no WebAssembly

  const made = instances;
  const [after, same] = await Promise.all([studio(), studio()]);
  assert.notEqual(after, before);
  assert.deepEqual([same, instances], [after, made + 1]);
  assert.deepEqual(after.explain(session, operation), explained);
  assert.deepEqual((await studio({ labels: {} })).explain(session, operation), explained);
  assert.throws(() => before.explain(session, operation), stopped);
});

test("a trap while the studio starts is a LoadError, and the next call tries again", async () => {
  const running = await studio();
  trapping.add("studioengine_explain");
  assert.throws(() => running.explain(session, operation), StudioStoppedError);
  trapping.add("studioengine_new");
  await assert.rejects(studio(), { code: "load-failed" });
  trapping.clear();
  assert.ok((await studio()).explain(session, operation));
});

test("a call at the end of the stack stops the studio or is answered, and never breaks the next one", async () => {
  const running = await studio();
  const expected = running.explain(session, operation);
  let deepest = 0;
  const descend = (depth) => {
    deepest = depth;
    try {
      descend(depth + 1);
    } catch {
      // On the way back, the stack has some more room at each level
      if (deepest - depth > 200) return;
      try {
        assert.deepEqual(running.explain(session, operation), expected);
      } catch (error) {
        if (!(error instanceof RangeError) && error.code !== "studio-stopped") throw error;
      }
    }
  };
  descend(0);
  assert.deepEqual((await studio()).explain(session, operation), expected);
});

test("engines that are collected after a trap do not touch the memory of the new instance", async () => {
  for (let round = 0; round < 20; round++) {
    const tools = await studio({ labels: {} });
    trapping.add("studioengine_describe");
    assert.throws(() => tools.describe(policy), StudioStoppedError);
    trapping.clear();
  }
  const tools = await studio();
  const { setFlagsFromString } = await import("node:v8");
  setFlagsFromString("--expose-gc");
  const collect = (await import("node:vm")).runInNewContext("gc");
  for (let round = 0; round < 5; round++) {
    collect();
    await new Promise(setImmediate);
  }
  assert.equal(tools.describe(policy).id, policy.id);
});

test("arguments beyond the bounds are refused at once, and the studio goes on", async () => {
  const tools = await studio();
  const long = "x".repeat(2 ** 29 - 30);
  const cases = [
    [() => tools.leastPrivilege(policy, Array(10 ** 7).fill(operation)), "invalid-options"],
    [() => tools.leastPrivilege(policy, Array(60_000).fill("y".repeat(2000))), "invalid-options"],
    [
      () => tools.review(policy, { actor: session, before: {}, after: {}, others: Array(10 ** 7).fill(session) }),
      "invalid-options",
    ],
    [() => tools.preview(session, { set: { [long]: true } }), "invalid-options"],
    [() => tools.impact(policy, { operation: long }), "invalid-options"],
    [() => tools.guide(session, long), "unknown-id"],
    [() => tools.explain(session, long), "unknown-id"],
    [() => tools.fixes(session, long), "unknown-id"],
    [() => tools.render([], long), "invalid-options"],
    [() => tools.compile(long), "invalid-policy"],
    [() => session.can(long), "unknown-id"],
    [() => policy.session({ roles: [long] }), "unknown-id"],
    [() => policy.session({ grants: { [long]: true } }), "unknown-id"],
  ];
  for (const [call, code] of cases) {
    const start = performance.now();
    assert.throws(call, { code }, String(call));
    assert.ok(performance.now() - start < 5000, `${call} took ${performance.now() - start} ms`);
  }
  assert.deepEqual(tools.check(long), [
    {
      code: "limit-exceeded",
      severity: "error",
      message: `document has ${long.length} letters`,
      help: "the studio reads at most 67108864",
      pointer: "",
      place: "",
    },
  ]);
  await assert.rejects(studio({ messages: { x: long } }), InvalidOptionsError);
  assert.equal(await studio(), tools);
  assert.equal(tools.describe(policy).id, policy.id);
});

test("documents that cannot be written as JSON have a diagnostic", async () => {
  const tools = await studio();
  const deep = {};
  for (let inner = deep, depth = 0; depth < 100_000; depth++) inner = inner.a = {};
  const cyclic = {};
  cyclic.a = cyclic;
  const getter = {
    get a() {
      throw new Error("x");
    },
  };
  for (const document of [deep, cyclic, getter, { a: 1n }])
    assert.deepEqual(
      tools.check(document).map(({ code, message }) => [code, message]),
      [["syntax", "document cannot be written as JSON"]],
    );
});
