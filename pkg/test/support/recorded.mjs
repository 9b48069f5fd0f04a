// The random policies that `cargo test --test it core_cases_are_recorded` writes, opened: with all features, and none built in.
import { readFileSync } from "node:fs";
import { privet } from "./policies.mjs";

const file = new URL("../../../target/tmp/core-cases.jsonl", import.meta.url);

/** The random policies, without the built-in ones, which are the first lines. */
export function* randomPolicies() {
  for (const line of readFileSync(file, "utf8").trim().split("\n").slice(3))
    yield privet.open(Buffer.from(JSON.parse(line).pack, "hex"));
}
