// The packed rows of tests/populations.rs: WebAssembly and native code give the same results.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { builtIn, tools } from "./support/policies.mjs";
import { random } from "./support/random.mjs";

const recorded = JSON.parse(await readFile(new URL("../../tests/populations.json", import.meta.url), "utf8"));

/** The FNV-1a hash of words. */
const hash = (words) => {
  let hash = 2166136261;
  for (const word of words) hash = Math.imul(hash ^ word, 16777619);
  return hash >>> 0;
};

/** Combines a few rows to many, as the native test does. */
function people(some, count) {
  const { below } = random(1);
  const width = some[0].length;
  const rows = new Uint8Array(count * width);
  for (let start = 0; start < rows.length; start += width) {
    const [one, other, cut] = [below(some.length), below(some.length), below(width + 1)];
    rows.set(some[one].subarray(0, cut), start);
    rows.set(some[other].subarray(cut), start + cut);
    if (below(16) === 0) {
      const bit = below(8 * width);
      rows[start + (bit >> 3)] ^= 1 << (bit & 7);
    }
  }
  return rows;
}

for (const [id, { people: count, layout, rows, ...expected }] of Object.entries(recorded)) {
  test(`native code and WebAssembly agree: ${count} people of ${id}`, async () => {
    const policy = builtIn[id];
    const some = rows.map((row) => Uint8Array.from(row.match(/../g), (byte) => parseInt(byte, 16)));
    const population = tools.population(policy, { layout, width: some[0].length, rows: people(some, count) });
    const found = {
      refused: population.errors.length,
      allowed: hash(population.matrix().words),
      undecided: hash(policy.operations.flatMap((operation) => population.undecided(operation))),
      dormant: hash(population.dormant().flatMap(({ people }) => people)),
    };
    assert.deepEqual(found, expected);
  });
}
