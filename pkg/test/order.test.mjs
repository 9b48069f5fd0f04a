// `can` compares an id with the operation behind the last one that was asked, before it searches: the order of questions never changes an answer.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./support/package.mjs";

const { open } = await load("privet");
const { open: openJs } = await load("privet/js");
const tools = await (await load("privet/studio")).studio();
const small = (operations) => ({
  format: 1,
  id: "small",
  title: "Small",
  version: "1",
  privileges: [{ id: "a", kind: "flag", label: "A" }],
  operations: operations.map((id, at) => ({ id, label: id, requires: at % 2 ? "a" : "true" })),
});
const policies = await Promise.all(
  ["contact", "vicidial", "dotdigital"].map(async (id) => (await load(`privet/policies/${id}`)).pack),
);
const packs = [...policies, ...[["x"], ["x", "y"], ["x1", "x2", "x3"]].map((ids) => tools.compile(small(ids)))];

for (const [at, pack] of packs.entries())
  for (const [how, opener] of [
    ["WebAssembly", open],
    ["JavaScript", openJs],
  ])
    test(`any order of questions, policy ${at}, ${how}`, () => {
      const policy = opener(pack);
      const flags = tools.describe(open(pack)).privileges.filter(({ kind }) => kind === "flag");
      const grants = Object.fromEntries(flags.map(({ id }) => [id, true]));
      for (const session of [policy.session(), policy.session({ grants })]) {
        const ids = policy.operations;
        const expected = new Map(ids.map((id) => [id, session.canHandle(policy.handle(id))]));
        const ask = (id) => assert.equal(session.can(id), expected.get(id), id);
        const refused = (id) => assert.throws(() => session.can(id), { code: "unknown-id" }, String(id));
        const orders = [
          ids,
          ids, // from the last to the first
          [...ids].reverse(),
          ids.flatMap((id) => [id, id]),
          ids.map((_, at) => ids[(at * 7) % ids.length]),
          ids.map((id) => [...id].join("")), // the same letters in another text
        ];
        for (const order of orders) {
          for (const id of order) ask(id);
          for (const id of ["", " ", "unknown", undefined, null, 0, ids.length]) refused(id);
        }
        // What is refused changes nothing of what is asked next
        for (const id of ids) {
          ask(id);
          refused(`${id}x`);
        }
      }
    });
