// Runs a file of policy tests: cases, properties, coverage.
import { existsSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { openSource } from "../documents/policy.js";
import { inside, isBeside, readSource, type Named, type Source } from "../documents/source.js";
import { Fault } from "../faults.js";
import { nameOf } from "../files.js";
import type { TestFileResult, Uncovered } from "../outputs.js";
import { runCase, statedBy, subjectOf } from "./cases.js";
import { keyOf, Observer, type Item } from "./coverage.js";
import { ENDING, readTests, type PolicyCase, type PolicyTests } from "./file.js";
import { prove } from "./properties.js";
import { outOfReach } from "./reach.js";
import { suggest } from "./suggest.js";
import { Variants } from "./variant.js";

/** A result, with the cases that would complete the coverage. */
export interface Run {
  readonly result: TestFileResult;
  readonly suggested: readonly PolicyCase[];
}

/** How a file is run. */
export interface RunOptions {
  /** For how many missing tests of requirements to look for subjects that cover them; by default all. */
  readonly suggestions?: number;
}

const DOCUMENT: Named = { what: "policy", of: "the tests" };

/**
 * The document that a file of tests is about: in its folder, or in a folder below it.
 *
 * @throws Fault if there is none beside it, or it is elsewhere.
 */
export function documentOf(file: string, tests: Pick<PolicyTests, "policy">): string {
  const path = pathOf(file, tests);
  isBeside(dirname(file), relative(dirname(file), path), DOCUMENT);
  return path;
}

function pathOf(file: string, tests: Pick<PolicyTests, "policy">): string {
  if (tests.policy !== undefined) {
    inside(tests.policy, DOCUMENT);
    return join(dirname(file), tests.policy);
  }
  const stem = basename(file).endsWith(ENDING)
    ? basename(file).slice(0, -ENDING.length)
    : basename(file).replace(/\.jsonc?$/, "");
  const found = [".privet.jsonc", ".privet.json", ".jsonc", ".json"].map((ending) =>
    join(dirname(file), stem + ending),
  );
  const path = found.find((path) => path !== file && existsSync(path));
  if (path !== undefined) return path;
  throw new Fault(
    `${nameOf(file)} has no document \`${stem}.privet.jsonc\` beside it; name it in the key \`policy\``,
    "no-policy",
  );
}

/**
 * Runs a file of policy tests.
 *
 * @throws Fault for a file that cannot be read; Uncompiled for a document that does not compile.
 */
export async function runTests(file: string, options: RunOptions = {}): Promise<Run> {
  const tests = readTests(file);
  const path = documentOf(file, tests);
  const source = readSource(path);
  if (source.kind === "pack") throw new Fault(`${nameOf(path)} is a pack; policy tests need the document`, "no-policy");
  return runOn(file, tests, source, options);
}

/** Runs policy tests on a document that was read. */
async function runOn(
  file: string,
  tests: PolicyTests,
  source: Source,
  { suggestions = Number.POSITIVE_INFINITY }: RunOptions = {},
): Promise<Run> {
  const { tools, policy } = await openSource(source);
  const description = tools.describe(policy);
  const variants = new Variants(tools, source);
  const observer = new Observer(description, variants);
  const cases = (tests.cases ?? []).map((test) => runCase(tools, policy, test, tests));
  const properties = (tests.properties ?? []).map((property) =>
    prove({ tools, policy, description, variants }, property),
  );
  const missing = missingOf(observer, tests);
  const found = suggest({ tools, description, observer, tests }, missing.slice(0, suggestions));
  const unseen = missing.filter((item) => !found.subjects.has(keyOf(item)));
  const unreachable = outOfReach(tools, variants, unseen);
  const left = missing.filter((item) => !unreachable.has(keyOf(item)));
  const uncovered = left.map((item): Uncovered => {
    const subject = found.subjects.get(keyOf(item));
    return { of: item.of, test: item.atom.text, missing: item.truth, ...(subject && { subject }) };
  });
  const total = observer.items.length - unreachable.size;
  const coverage = { total, covered: total - left.length, missing: uncovered };
  return { result: { file, policy: source.path, cases, properties, coverage }, suggested: found.cases };
}

/** The items that no case sees. */
function missingOf(observer: Observer, tests: PolicyTests): Item[] {
  const seen = new Set<string>();
  for (const test of tests.cases ?? []) {
    try {
      const session = observer.policy.session(subjectOf(test, tests), { now: test.now });
      for (const key of observer.seen(session, statedBy(test, observer.policy))) seen.add(key);
    } catch {
      // A subject that the policy refuses sees nothing; the case itself fails
    }
  }
  return observer.items.filter((item) => !seen.has(keyOf(item)));
}

/** Whether a file passed: every case as expected, every property proved. */
export function isPassed({ cases, properties }: TestFileResult): boolean {
  return cases.every(({ passed }) => passed) && properties.every(({ verdict }) => verdict === "proved");
}
