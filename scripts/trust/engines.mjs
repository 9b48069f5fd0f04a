// What cedar.mjs and others.mjs share: the policies that are compared, and the counts of their decisions.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);
process.env.PRIVET_INSTALLED ??= fileURLToPath(new URL("target/npm/installed", root));
for (const [path, command] of [
  ["target/npm/installed/node_modules/privet", "bash scripts/test.sh npm"],
  ["target/tmp/core-cases.jsonl", "cargo test --features parallel --test it core_cases_are_recorded"],
])
  if (!existsSync(new URL(path, root))) {
    console.error(`privet: error: ${path} is missing\nprivet: what to do: run \`${command}\``);
    process.exit(1);
  }
const { compare, translate } = await import("../../pkg/test/support/cedar.mjs");
const { builtIn, tools } = await import("../../pkg/test/support/policies.mjs");
const { random } = await import("../../pkg/test/support/random.mjs");
const { randomPolicies } = await import("../../pkg/test/support/recorded.mjs");

/** The decisions that are compared at least, half of them of the three built-in policies: `TRUST_DECISIONS`. */
const LEAST = Number(process.env.TRUST_DECISIONS ?? 100_000);

/**
 * Compares the decisions of an engine with those of the package, prints differences, and as the last line the counts.
 *
 * @param engine makes a function of a person and actions, which returns the allowed ones, from a translation; Cedar without
 */
export function run(part, engine) {
  const counts = { policies: 0, subjects: 0, decisions: 0, allowed: 0, clashes: 0, omitted: 0, differences: 0 };
  const add = (policy, least, seed) => {
    const translated = translate(policy, tools.describe(policy));
    const found = compare(translated, random(seed), least, engine?.(translated));
    for (const key of ["subjects", "decisions", "allowed", "clashes"]) counts[key] += found[key];
    counts.policies += 1;
    counts.omitted += translated.omitted.filter(({ id }) => id !== undefined).length;
    counts.differences += found.differ.length;
    for (const differ of found.differ.slice(0, 3)) console.error(policy.id, JSON.stringify(differ));
  };
  const seed = Number(process.env.TRUST_SEED ?? 1);
  for (const policy of Object.values(builtIn)) add(policy, LEAST / 6, seed);
  // 250 of the 400 random policies are legal at least; the last ones make up for those that have few operations
  let left = 250;
  for (const policy of randomPolicies()) {
    add(policy, Math.max(8, (LEAST - counts.decisions) / Math.max(1, left)), seed + left + 1_000);
    left -= 1;
  }
  if (counts.decisions < LEAST) console.error(`${counts.decisions} decisions, fewer than ${LEAST}`);
  console.log(JSON.stringify({ part, ...counts }));
  process.exitCode = counts.differences > 0 || counts.decisions < LEAST ? 1 : 0;
}
