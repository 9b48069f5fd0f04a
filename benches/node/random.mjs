// Seeded random numbers, so that every run measures the same people in the same order.

/** A generator (mulberry32) of integers from 0 up to, but not including, `below`. */
export function generator(seed) {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** A shuffled copy of a list. */
export function shuffled(list, next) {
  const copy = [...list];
  for (let end = copy.length - 1; end > 0; end--) {
    const at = next(end + 1);
    [copy[end], copy[at]] = [copy[at], copy[end]];
  }
  return copy;
}
