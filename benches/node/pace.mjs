// The pace of a machine. A budget in milliseconds was set for one machine, in its quiet hours: elsewhere, and while others
// use it, everything takes longer, and a verdict would say more about the machine than about Privet. So what is bound by the
// clock is timed in turns with fixed work that has nothing of Privet, and its bound is stretched by as much as that took longer.
import { now, rounds, told } from "./rounds.mjs";

/** Nanoseconds that {@link work} takes on the machine that the budgets were set for, at its fastest. */
const HERE = 360_000;

const ENTRIES = 400;
const LETTERS = JSON.stringify(Array.from({ length: ENTRIES }, (_, index) => ({ id: `entry-${(index * 7919) % ENTRIES}.${index % 7}`, parts: [index, `${index}`] })));
let sum = 0;

/** What compiling and asking are made of: reading a text, looking words up, ordering them, counting in words of 32 bits. */
function work() {
  const found = new Map(JSON.parse(LETTERS).map((entry) => [entry.id, entry]));
  const ids = [...found.keys()].sort();
  let hash = 0;
  for (const id of ids) {
    const { parts } = found.get(id);
    for (let index = 0; index < id.length; index++) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
    hash = (hash + parts[0]) | 0;
  }
  const words = new Uint32Array(1024);
  for (let turn = 0; turn < 48; turn++) {
    for (let index = 0; index < words.length; index++) words[index] = hash = Math.imul(hash ^ words[(hash >>> 7) & 1023], 0x85ebca6b) ^ (hash >>> 13);
  }
  sum ^= hash; // so that none of it can be left out
}

const turns = (count) => {
  for (let turn = 0; turn < count; turn++) work();
  return sum;
};

const paceOf = (taken) => taken.least / HERE;

/** {@link rounds} of loops that a bound of the clock is for: each figure says at what pace it was taken. */
export function paced(loops, options) {
  const { "": yardstick, ...taken } = rounds({ ...loops, "": turns }, options);
  return Object.fromEntries(Object.entries(taken).map(([name, figure]) => [name, { ...figure, pace: paceOf(yardstick) }]));
}

/** The pace while `each` is called so many times, between the calls. */
export function pace(count, each) {
  const taken = [];
  for (let turn = 0; turn < count; turn++) {
    each();
    const start = now();
    for (let again = 0; again < 4; again++) work();
    taken.push(((now() - start) * 1e6) / 4);
  }
  return paceOf(told(taken));
}
