// The timing method, in Node.js and in browsers. All loops are interleaved: each runs once in every round, so that a
// disturbance of the machine affects all of them, and the ratio of two medians of one run holds on a busy machine too.
// Benchmark libraries such as tinybench measure one task after another, which does not give such ratios. Budgets in
// milliseconds are compared with the fastest round, since a disturbance only adds time. Node.js measures CPU time, which
// excludes other processes; a page has only the wall clock.

/** The current time in milliseconds. */
export const now = globalThis.process?.cpuUsage
  ? () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    }
  : () => performance.now();

/** Compiles a separate copy of a function. Engines that share code share its type feedback, which slows both. */
export const fresh = (make, name) => new Function(`return /* ${name} */ ${make}`)();

/**
 * Nanoseconds per iteration of each loop: the median and the minimum over all rounds. A loop takes the number of its
 * iterations. Rounds are short, so that most complete without a context switch. A loop that exceeds `total` milliseconds
 * takes part in the first rounds only. `by` is the clock.
 */
export function rounds(loops, { count = 40, ms = 4, total = 500, by = now } = {}) {
  const all = Object.entries(loops).map(([name, loop]) => ({
    name,
    loop,
    turns: calibrate(loop, ms, by),
    taken: [],
    left: total,
  }));
  for (let round = 0; round < count; round++) {
    for (const it of all) {
      if (it.left < 0 && it.taken.length >= LEAST) continue;
      const start = by();
      it.loop(it.turns);
      const took = by() - start;
      it.taken.push((took * 1e6) / it.turns);
      it.left -= took;
    }
  }
  return Object.fromEntries(all.map(({ name, taken }) => [name, summary(taken)]));
}

/** Rounds that every loop takes part in. */
const LEAST = 5;
/** Milliseconds of warm-up: the JIT compiles in the background, and slowly on a busy machine. */
const WARM = 500;

/** The number of iterations that take `ms`, determined during warm-up. */
function calibrate(loop, ms, by) {
  const begun = by();
  for (let turns = 1; ; ) {
    const start = by();
    loop(turns);
    const end = by();
    if (end - start >= ms && end - begun >= WARM) return Math.max(1, Math.round((turns * ms) / (end - start)));
    turns = Math.ceil(turns * Math.max(0.5, Math.min(4, ms / Math.max(end - start, 0.01))));
  }
}

/** The median and the minimum of a list. */
export function summary(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1], least: sorted[0] };
}
