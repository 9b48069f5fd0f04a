// The pace of a machine. A budget in milliseconds was set for one machine, in its quiet hours: elsewhere, and while others
// use it, everything takes longer, and a verdict would say more about the machine than about Privet. So what is bound by the
// clock is timed in turns with fixed work that has nothing of Privet, and its bound is stretched by as much as that took longer,
// or made narrower on a machine that is faster. Both are the fastest of as many rounds, so that a quiet moment finds both or none.
import { now, rounds, told } from "./rounds.mjs";

/** Nanoseconds that {@link work} takes on the machine that the budgets were set for, in its quiet hours. */
const HERE = 350_000;

const ENTRIES = 400;
const TEXT = JSON.stringify(
  Array.from({ length: ENTRIES }, (_, index) => ({
    id: `entry-${(index * 7919) % ENTRIES}.${index % 7}`,
    parts: [index, `${index}`],
  })),
);
let sum = 0;

/** What compiling and asking are made of: reading a text, looking words up, ordering them, counting in words of 32 bits. */
function work() {
  const found = new Map(JSON.parse(TEXT).map((entry) => [entry.id, entry]));
  const ids = [...found.keys()].sort();
  let hash = 0;
  for (const id of ids) {
    const { parts } = found.get(id);
    for (let index = 0; index < id.length; index++) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
    hash = (hash + parts[0]) | 0;
  }
  const words = new Uint32Array(1024);
  for (let turn = 0; turn < 48; turn++) {
    for (let index = 0; index < words.length; index++)
      words[index] = hash = Math.imul(hash ^ words[(hash >>> 7) & 1023], 0x85ebca6b) ^ (hash >>> 13);
  }
  sum ^= hash; // so that none of it can be left out
}

const turns = (count) => {
  for (let turn = 0; turn < count; turn++) work();
  return sum;
};

/** {@link rounds} of loops that a bound of the clock is for: each figure says at what pace it was taken. */
export function paced(loops, options) {
  const { "": beside, ...taken } = rounds({ ...loops, "": turns }, options);
  return Object.fromEntries(
    Object.entries(taken).map(([name, figure]) => [name, { ...figure, pace: beside.least / HERE }]),
  );
}

/** The pace while `each` is called so many times: each of its questions is timed as often as the work is. */
export function pace(count, each) {
  turns(300); // so that it is compiled
  const taken = Array.from({ length: count }, () => {
    each();
    turns(3); // so that caches hold it again
    const start = now();
    turns(1);
    return (now() - start) * 1e6;
  });
  return told(taken).least / HERE;
}
