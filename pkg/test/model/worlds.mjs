// The worlds that are explored: small ones, each with all orders of its events. `depth` is for `make test`, `deeper` for `make trust`.
import { rotation } from "./keys.mjs";
import { rollOver } from "./policies.mjs";

const late = ["a minute passes", "request with the old token", "five seconds pass"];
export const worlds = [
  { name: "policies, from the first read", make: rollOver({ loaded: false, most: 3, last: 2 }), depth: 4, deeper: 6 },
  {
    name: "policies that a store should not have",
    make: rollOver({
      tokens: ["old"],
      attacks: ["forged", "outdated", "of another policy", "mixed", "unsigned", "cut"],
      breaks: 1,
      last: 1,
    }),
    depth: 3,
    deeper: 5,
  },
  { name: "policies, with facts that are waited for", make: rollOver({ facts: true, most: 2 }), depth: 4, deeper: 6 },
  {
    name: "policies, with a read that comes late",
    make: rollOver({ slow: true, tokens: ["old"] }),
    depth: 5,
    deeper: 6,
    start: late,
  },
  { name: "keys that change", make: rotation({}), depth: 3, deeper: 5 },
  {
    name: "keys, with a fetch that comes late",
    make: rotation({ slow: true, old: false, tokens: ["a", "b"], breaks: 0 }),
    depth: 4,
    deeper: 6,
    start: ["request: a", "five seconds pass", "rotate", "rotate"],
  },
];
