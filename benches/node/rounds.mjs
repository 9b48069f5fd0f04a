// How time is taken, in Node.js and in a browser. Every loop gets its turn in every round, so that whatever disturbs the
// machine disturbs them all: the ratio of two medians of one run says the same on a busy machine. A bound in
// milliseconds is held against the fastest round instead, since a disturbance only ever adds. Node.js gives the time of
// the processor, which does not run while another process does; a page has only the clock.

/** Milliseconds. */
export const now = globalThis.process?.cpuUsage
  ? () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    }
  : () => performance.now();

/** A function compiled anew: loops that share code share what the engine learned of their calls, and slow one another. */
export const fresh = (make, name) => new Function(`return /* ${name} */ ${make}`)();

/**
 * Nanoseconds of one turn of each loop, by its name: the median and the least of all rounds. A loop takes how many turns
 * to make. Rounds are short, so that most of them are over before another process gets the processor; a loop that is
 * slow all the same takes part in the first ones only. `by` is another clock.
 */
export function rounds(loops, { count = 40, ms = 4, total = 500, by = now } = {}) {
  const all = Object.entries(loops).map(([name, loop]) => ({
    name,
    loop,
    turns: turns(loop, ms, by),
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
  return Object.fromEntries(all.map(({ name, taken }) => [name, told(taken)]));
}

/** Rounds that every loop takes part in. */
const LEAST = 5;
/** Milliseconds that a loop warms up for: compiling goes on in the background, and is slow on a busy machine. */
const WARM = 500;

/** How many turns last long enough, found while the loop warms up. */
function turns(loop, ms, by) {
  const begun = by();
  for (let turns = 1; ; ) {
    const start = by();
    loop(turns);
    const end = by();
    if (end - start >= ms && end - begun >= WARM) return Math.max(1, Math.round((turns * ms) / (end - start)));
    turns = Math.ceil(turns * Math.max(0.5, Math.min(4, ms / Math.max(end - start, 0.01))));
  }
}

/** The median and the least. */
export function told(taken) {
  const sorted = [...taken].sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1], least: sorted[0] };
}
