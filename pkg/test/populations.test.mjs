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

test("packed rows of any number of people are decided as their sessions are", () => {
  const policy = builtIn.dotdigital;
  const { below } = random(3);
  const some = Array.from({ length: 997 }, (_, row) =>
    row % 100 === 50
      ? { grants: { nothing: true } }
      : {
          grants: Object.fromEntries(
            policy.privileges.flatMap((id) => (id !== "accounts" && below(2) ? [[id, true]] : [])),
          ),
          facts: below(2) ? { owner: below(2) === 1 } : {},
        },
  );
  const packed = tools.population(policy, some).pack();
  const sessions = some.map((subject) => (subject.grants.nothing ? undefined : policy.session(subject)));
  // 512 people are evaluated at a time, and 65,536 handed over
  for (const size of [0, 1, 63, 64, 65, 127, 511, 512, 513, 4095, 65_535, 65_536, 65_537, 131_073]) {
    const rows = new Uint8Array(size * packed.width);
    for (let at = 0; at < rows.length; at += packed.rows.length)
      rows.set(packed.rows.subarray(0, rows.length - at), at);
    const population = tools.population(policy, { ...packed, rows });
    const counts = population.counts();
    policy.operations.forEach((operation, column) => {
      const allowed = sessions.map((session) => session?.can(operation) === true);
      const expected = Array.from({ length: size }, (_, row) => row).filter((row) => allowed[row % 997]);
      assert.deepEqual(population.whoCan(operation), expected, `${size} people, ${operation}`);
      assert.equal(counts[column], expected.length);
      assert.equal(population.count(operation), expected.length);
    });
    const refused = population.errors.map(({ row }) => row);
    assert.deepEqual(
      refused,
      Array.from({ length: size }, (_, row) => row).filter((row) => !sessions[row % 997]),
    );
  }
});
