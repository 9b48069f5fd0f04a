// Model checking: every order of a few events at the edge, against the real modules. The tests of the package explore shorter orders.
// MODEL_DEPTH adds so many events to each order. Prints one line of JSON. It needs PRIVET_INSTALLED, as the tests of the package do.
import { explore, rememberCrypto } from "../../pkg/test/model/explore.mjs";

rememberCrypto();
const { worlds } = await import("../../pkg/test/model/worlds.mjs");

const more = Number(process.env.MODEL_DEPTH ?? 0);
const figures = { part: "model checking", worlds: worlds.length, orders: 0, events: 0, states: 0, violations: 0 };
for (const { name, make, deeper, start } of worlds) {
  const depth = deeper + more;
  console.error(`privet: ${name}: every order of ${depth} events`);
  try {
    const { orders, steps, states } = await explore(make, depth, start);
    figures.orders += orders;
    figures.events += steps;
    figures.states += states;
    console.error(`  ${orders} orders, ${states} states`);
  } catch (error) {
    figures.violations++;
    console.error(`  ${error.message}`);
  }
}
console.log(JSON.stringify(figures));
process.exitCode = figures.violations === 0 ? 0 : 1;
