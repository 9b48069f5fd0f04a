// `privet/test`: policy tests in Vitest, Jest and `node:test`.
export { policyTest, PolicyTestError } from "../cli/policy-tests/runner.js";
export type { Declare, PolicyTestOptions } from "../cli/policy-tests/runner.js";
