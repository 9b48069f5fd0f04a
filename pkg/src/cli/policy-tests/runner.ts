// Policy tests in a test runner: each case and each property is a test of it.
import { fileURLToPath } from "node:url";
import { failureLines, percent, propertyLines } from "../reports/tests.js";
import { readTests } from "./file.js";
import { nameOf } from "./properties.js";
import { runTests } from "./run.js";

/** A function of a test runner that names a test or a group of tests. */
export type Declare = (name: string, body: () => void | Promise<void>) => unknown;

/** Options of {@link policyTest}. */
export interface PolicyTestOptions {
  /** The runner's `describe`; by default the global one. */
  readonly describe?: Declare | undefined;
  /** The runner's `test`; by default the global one. */
  readonly test?: Declare | undefined;
  /** The least coverage in percent, from 0 to 100; below it a test fails. By default none is required. */
  readonly minCoverage?: number | undefined;
}

/**
 * Declares a test for each case and each property of a file of policy tests, for Vitest, Jest or `node:test`.
 *
 * @throws PolicyTestError for a file that cannot be read, and where there is no `describe` and `test`.
 */
export function policyTest(file: string | URL, options: PolicyTestOptions = {}): void {
  const path = file instanceof URL || file.startsWith("file:") ? fileURLToPath(file) : file;
  const runner = globalThis as { describe?: Declare; test?: Declare };
  const { describe = runner.describe, test = runner.test, minCoverage = 0 } = options;
  if (!describe || !test)
    throw new PolicyTestError("there is no `describe` and `test`; pass those of your test runner");
  const tests = asError(() => readTests(path));
  let running: ReturnType<typeof runTests> | undefined;
  const result = async () => {
    running ??= runTests(path, { suggestions: 0 });
    try {
      return (await running).result;
    } catch (thrown) {
      throw new PolicyTestError((thrown as Error).message);
    }
  };
  describe(path, () => {
    (tests.cases ?? []).forEach(({ name }, index) => {
      test(name, async () => {
        const { passed, failures } = (await result()).cases[index]!;
        if (!passed) throw new PolicyTestError(failures.flatMap(failureLines).join("\n"));
      });
    });
    (tests.properties ?? []).forEach((property, index) => {
      test(property.name ?? nameOf(property), async () => {
        const found = (await result()).properties[index]!;
        if (found.verdict !== "proved") throw new PolicyTestError(propertyLines(found).join("\n"));
      });
    });
    if (minCoverage > 0) {
      test(`covers ${minCoverage} % of the tests of requirements`, async () => {
        const { coverage } = await result();
        if (percent(coverage) >= minCoverage) return;
        const missing = coverage.missing.map(({ of, test, missing }) => `${of}: \`${test}\` is never seen ${missing}`);
        throw new PolicyTestError([`the coverage is ${percent(coverage)} %`, ...missing].join("\n"));
      });
    }
  });
}

/** A policy test that failed, or that cannot be run. */
export class PolicyTestError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "PolicyTestError";
  }
}

function asError<T>(read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    throw new PolicyTestError((thrown as Error).message);
  }
}
