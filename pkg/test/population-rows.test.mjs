// Rows of populations that are no subjects, cannot be read, or belong to somebody else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { builtIn, tools } from "./support/policies.mjs";

test("a row that is no subject, or cannot be read, is an error of this row, and the others are evaluated", () => {
  const fails = {
    get grants() {
      throw new Error("the directory is down");
    },
  };
  const failsWithNothing = new Proxy(
    {},
    {
      ownKeys() {
        throw null;
      },
    },
  );
  const people = [{}, null, 7, "x", [], Symbol("x"), 1n, fails, failsWithNothing, () => {}, {}];
  Object.defineProperty(people, 10, {
    get() {
      throw new Error("the row is gone");
    },
  });
  const { errors, size } = tools.population(builtIn.contact, people);
  const object = "is not an object; a subject can have `roles`, `grants` or `facts`";
  assert.deepEqual(
    errors.map(({ row, error }) => [row, error.name, error.code, error.message]),
    [
      [1, `\`null\` ${object}`],
      [2, `\`7\` ${object}`],
      [3, `\`x\` ${object}`],
      [4, `\`[…]\` ${object}`],
      [5, `\`symbol\` ${object}`],
      [6, `\`1\` ${object}`],
      [7, "subject cannot be read: the directory is down"],
      [8, "subject cannot be read: null"],
      [9, `\`function\` ${object}`],
      [10, "subject cannot be read: the row is gone"],
    ].map(([row, message]) => [row, "InvalidSubjectError", "invalid-subject", message]),
  );
  assert.equal(errors[6].error.cause.message, "the directory is down");
  assert.equal(size, people.length);
});

test("a row without a value is somebody without grants, as for `session`", () => {
  const policy = builtIn.contact;
  const counts = (people) => [...tools.population(policy, people).counts()];
  assert.deepEqual(counts([undefined]), counts([{}]));
  assert.deepEqual(counts(Array(3)), counts([{}, {}, {}]));
  assert.deepEqual(policy.session(undefined).allowed(), policy.session({}).allowed());
});

test("packed rows whose buffer was transferred are refused", () => {
  const policy = builtIn.contact;
  const packed = tools.population(policy, [{}, {}]).pack();
  const population = tools.population(policy, packed);
  structuredClone(packed.rows.buffer, { transfer: [packed.rows.buffer] });
  const transferred = {
    name: "InvalidSubjectError",
    code: "invalid-subject",
    message: "the row buffer was transferred; pass a copy of the packed rows",
  };
  assert.throws(() => tools.population(policy, packed), transferred);
  assert.throws(() => population.dormant(), transferred);
  assert.equal(tools.population(policy, { ...packed, rows: new Uint8Array() }).size, 0);
});
