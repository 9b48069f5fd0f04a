// The listing of the public TypeScript surface in api.txt is that of the packed package.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { apiOf } from "../build/api.mjs";

test("api.txt is current", () => {
  const listing = readFileSync(new URL("../api.txt", import.meta.url), "utf8");
  const api = apiOf(join(process.env.PRIVET_INSTALLED, "node_modules/privet"));
  assert.ok(api === listing, "run `npm run api --prefix pkg`, and review the difference of pkg/api.txt");
});
