// The guard at the edge while policies are rolled over, keys change and stores fail, in every order of a few events: model/*.mjs say what must hold.
// `make trust` explores longer orders (scripts/trust/model.mjs).
import assert from "node:assert/strict";
import { test } from "node:test";
import { explore, rememberCrypto } from "./model/explore.mjs";

rememberCrypto();
const { worlds } = await import("./model/worlds.mjs");

for (const { name, make, depth, start } of worlds) {
  test(`${name}: every order of ${depth} events`, async () => {
    const { orders, states } = await explore(make, depth, start);
    assert.ok(orders > 100 && states > 20, `${orders} orders, ${states} states`);
  });
}

test("an invariant that does not hold is found, with the order that breaks it", async () => {
  const make = async () => {
    let count = 0;
    return {
      events: () => [
        ["one more", () => count++],
        ["none", () => {}],
      ],
      check: () => assert.ok(count < 3, "three"),
      finish: async () => {},
      state: () => String(count),
    };
  };
  assert.deepEqual(await explore(make, 2), { orders: 4, steps: 8, states: 3 });
  await assert.rejects(explore(make, 4), { message: "in the order one more, one more, one more: three" });
});
