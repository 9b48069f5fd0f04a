// The same packed rows as in tests/populations.rs, through the installed package: WebAssembly decides what native code does.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { load } from "./package.mjs";

const { open } = await load("privet");
const tools = await (await load("privet/studio")).studio();
const recorded = JSON.parse(await readFile(new URL("../../tests/populations.json", import.meta.url), "utf8"));

/** FNV-1a of words. */
const hash = (words) => {
  let hash = 2166136261;
  for (const word of words) hash = Math.imul(hash ^ word, 16777619);
  return hash >>> 0;
};

/** Many people of a few, as the native test makes them. */
function people(some, count) {
  let state = 1;
  const draw = (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
  const width = some[0].length;
  const rows = new Uint8Array(count * width);
  for (let start = 0; start < rows.length; start += width) {
    const [one, other, cut] = [draw(some.length), draw(some.length), draw(width + 1)];
    rows.set(some[one].subarray(0, cut), start);
    rows.set(some[other].subarray(cut), start + cut);
    if (draw(16) === 0) {
      const bit = draw(8 * width);
      rows[start + (bit >> 3)] ^= 1 << (bit & 7);
    }
  }
  return rows;
}

for (const [id, { people: count, layout, rows, ...expected }] of Object.entries(recorded)) {
  test(`the same is decided natively and in WebAssembly: ${count} people of ${id}`, async () => {
    const policy = open((await load(`privet/policies/${id}`)).pack);
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
