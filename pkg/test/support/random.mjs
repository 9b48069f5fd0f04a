// Seeded random numbers. xorshift32, as in tests/populations.rs: the same seed draws the same numbers there.

/**
 * A generator of random numbers. The same seed, an integer other than 0, gives the same sequence in every run.
 *
 * - `next()`: a 32-bit unsigned integer
 * - `below(n)`: an integer from 0 to n - 1
 * - `pick(list)`: a member of a list
 * - `chance(p)`: true with the probability p, from 0 to 1
 */
export function random(seed) {
  let state = seed;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  const below = (n) => next() % n;
  return { next, below, pick: (list) => list[below(list.length)], chance: (p) => next() < p * 2 ** 32 };
}
