// Seeded random numbers. Another algorithm would draw other people and other actions, and so make the figures incomparable
// with the recorded ones.

/** A generator (LCG, Numerical Recipes) of integers from 0 up to, but not including, `below`. */
export function generator(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** A shuffled copy of a list. */
export function shuffled(list, next) {
  return list
    .map((item) => [next(2 ** 30), item])
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
}
