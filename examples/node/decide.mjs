// Opens a pack, resolves a person's session, checks operations and prints the menu: `npm i privet`, then `node decide.mjs`.
import assert from "node:assert/strict";
import { open } from "privet";
import { pack } from "privet/policies/vicidial";

const policy = open(pack);
const maria = policy.session({ grants: { "modify-email-accounts": true }, facts: { "email-allowed": true } });
assert.equal(maria.can("email-accounts.open"), true);
assert.equal(maria.can("users.edit"), false);

const print = (items, indent = "") => {
  for (const { label, state, verbs, children } of items.filter(({ state }) => state !== "hidden")) {
    console.log(`${indent}${label}${state === "undecided" ? " (undecided)" : ""} ${verbs.join(", ")}`.trimEnd());
    print(children, `${indent}  `);
  }
};
print(maria.menu());
