// The pace of the machine: how much slower it is than the idle machine that the absolute budgets were set for. Measurements
// with an absolute budget are interleaved with a fixed reference workload that does not use Privet, and their budget is
// scaled by the time of that workload. Both are the fastest of equally many rounds, so that they see the same conditions.
// No benchmark library offers this.
import { now, rounds, summary } from "./rounds.mjs";

/** Nanoseconds that {@link work} takes on the idle reference machine. */
const REFERENCE = 350_000;

const ENTRIES = 400;
const TEXT = JSON.stringify(
  Array.from({ length: ENTRIES }, (_, index) => ({
    id: `entry-${(index * 7919) % ENTRIES}.${index % 7}`,
    parts: [index, `${index}`],
  })),
);
let sum = 0;

/** The reference workload, similar to compiling and evaluating: parsing, lookups, sorting, 32-bit arithmetic. */
function work() {
  const entries = new Map(JSON.parse(TEXT).map((entry) => [entry.id, entry]));
  const ids = [...entries.keys()].sort();
  let hash = 0;
  for (const id of ids) {
    const { parts } = entries.get(id);
    for (let index = 0; index < id.length; index++) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
    hash = (hash + parts[0]) | 0;
  }
  const words = new Uint32Array(1024);
  for (let turn = 0; turn < 48; turn++) {
    for (let index = 0; index < words.length; index++) {
      hash = Math.imul(hash ^ words[(hash >>> 7) & 1023], 0x85ebca6b) ^ (hash >>> 13);
      words[index] = hash;
    }
  }
  sum ^= hash; // keeps the JIT from eliminating the work
}

const turns = (count) => {
  for (let turn = 0; turn < count; turn++) work();
  return sum;
};

/** {@link rounds} of loops with an absolute budget; each figure carries the pace at which it was measured. */
export function paced(loops, options) {
  const { "": reference, ...taken } = rounds({ ...loops, "": turns }, options);
  return Object.fromEntries(
    Object.entries(taken).map(([name, figure]) => [name, { ...figure, pace: reference.least / REFERENCE }]),
  );
}

/** The pace while `each` is called `count` times. */
export function pace(count, each) {
  turns(300); // warm up the JIT
  const taken = Array.from({ length: count }, () => {
    each();
    turns(3); // warm up the caches again
    const start = now();
    turns(1);
    return (now() - start) * 1e6;
  });
  return summary(taken).least / REFERENCE;
}
