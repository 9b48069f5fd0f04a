// `privet/why`: why an operation is allowed, denied or undecided, beside the core.
export { ReasonsError } from "../why/types.js";
export type { GivingRole, Reason, Why } from "../why/types.js";
export { why } from "../why/why.js";
