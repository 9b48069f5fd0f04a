// `privet/casl`: rules for an existing `@casl/ability`.
export { OPERATION, toCaslRules } from "../adapters/casl.js";
export type { CaslOptions, CaslTarget, RawRule } from "../adapters/casl.js";
