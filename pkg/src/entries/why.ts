// `privet/why`: why an operation is allowed, denied or undecided, beside the core.
export type { GivingRole, Reason, Why } from "../core/types.js";
export { ReasonsError } from "../why/errors.js";
export { why } from "../why/why.js";
