// The requests that the guards of all languages are tested with: privet/edge gives the recorded answers.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { answersOf } from "../../hosts/test/answers.mjs";
import { load } from "./support/package.mjs";
import { tools } from "./support/policies.mjs";

const folder = new URL("../../hosts/test/", import.meta.url);
const file = JSON.parse(readFileSync(new URL("guard.json", folder), "utf8"));

test("privet/edge gives the answers of hosts/test/guard.json", async () => {
  const { guard, ProblemError } = await load("privet/edge");
  const { importSPKI } = await load("jose");
  const key = await importSPKI(file.pem, file.algorithm);
  const answers = await answersOf({ guard, ProblemError }, key, file);
  for (const [index, { why, is }] of file.cases.entries()) assert.deepEqual(answers[index], is, why);
});

test("the policy of these requests is what its document compiles to", () => {
  const compiled = tools.compile(readFileSync(new URL("orders.privet.jsonc", folder), "utf8"), { reasons: false });
  assert.equal(Buffer.from(compiled).toString("base64"), file.pack);
});
