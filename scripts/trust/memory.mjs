// Memory that does not grow over many calls of the core and of the studio, and sessions in several isolates at once.
// MEMORY_CALLS: how many calls of the core; a twentieth of them are of the studio. Prints one line of JSON. It needs PRIVET_INSTALLED.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import { load } from "../../pkg/test/support/package.mjs";

const { open } = await load("privet");
const { pack } = await load("privet/policies/contact");
/** A call of the studio takes so many times as long, and more. */
const STUDIO = 20;

/** A digest of the decisions of random subjects of the policy, which is the same wherever it is computed. */
function decided(policy, rounds) {
  let seed = 1;
  const below = (bound) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % bound;
  };
  let digest = 0;
  for (let round = 0; round < rounds; round++) {
    const roles = policy.roles.filter(() => below(4) === 0);
    const session = policy.session({ roles });
    for (const id of policy.operations)
      digest = (Math.imul(digest, 31) + session.decide(id).decision.length + (session.can(id) ? 1 : 0)) >>> 0;
  }
  return digest;
}

if (!isMainThread) {
  parentPort.postMessage(decided(open(pack), workerData.rounds));
} else {
  const memories = [];
  const { Instance } = WebAssembly;
  WebAssembly.Instance = class extends Instance {
    constructor(module, imports) {
      super(module, imports);
      if (this.exports.memory) memories.push(new WeakRef(this.exports.memory));
    }
  };
  const { studio } = await load("privet/studio");
  const tools = await studio();
  const policy = open(pack);
  const wasm = () => memories.reduce((bytes, memory) => bytes + (memory.deref()?.buffer.byteLength ?? 0), 0);
  const heap = async () => {
    for (let round = 0; round < 3; round++) {
      globalThis.gc();
      await new Promise(setImmediate);
    }
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  let grown = 0;
  /** Work in two halves: the second must leave the memory as large as the first. */
  async function flat(name, count, work) {
    const start = Date.now();
    for (let round = 0; round < count / 2; round++) work(round);
    const before = [await heap(), wasm()];
    for (let round = count / 2; round < count; round++) work(round);
    const after = [await heap(), wasm()];
    const more = after[0] - before[0];
    console.error(
      `privet: ${count} calls of ${name}: ${more} bytes more on the heap, ${after[1]} of WebAssembly, ${Date.now() - start} ms`,
    );
    if (more > 1 << 20 || after[1] !== before[1]) grown++;
  }
  const calls = Number(process.env.MEMORY_CALLS ?? 10_000_000);
  const roles = policy.roles;
  const [first] = policy.operations;
  let allowed = 0;
  await flat("the core", calls, (round) => {
    allowed += policy.session({ roles: [roles[round % roles.length]] }).can(first) ? 1 : 0;
  });
  const sessions = roles.map((role) => policy.session({ roles: [role] }));
  await flat("the studio", calls / STUDIO, (round) => {
    const session = sessions[round % sessions.length];
    const id = policy.operations[round % policy.operations.length];
    allowed += tools.explain(session, id).decision === "allowed" ? 1 : 0;
  });
  assert.ok(allowed > 0, "nobody may do anything");

  // Workers at once: each is an isolate with its own instances
  const rounds = 300;
  const expected = decided(policy, rounds);
  const workers = await Promise.all(
    Array.from(
      { length: 4 },
      () =>
        new Promise((resolve, reject) => {
          const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { rounds } });
          worker.once("message", resolve).once("error", reject);
        }),
    ),
  );
  const differences = workers.filter((digest) => digest !== expected).length;
  console.log(
    JSON.stringify({
      part: "memory over time",
      "calls of the core": calls,
      "calls of the studio": calls / STUDIO,
      workers: workers.length,
      grown,
      differences,
    }),
  );
  process.exitCode = grown + differences === 0 ? 0 : 1;
}
