// `privet/edge`: guards for requests, and signed packs.
export { InvalidOptionsError } from "../core/errors.js";
export type { DecisionRecord } from "../core/decision-record.js";
export { guard, issue } from "../edge/guard.js";
export type { Guard, GuardOptions, Policies, RequireOptions } from "../edge/guard.js";
export type { Claims, JWKSource, TokenOptions } from "../edge/jwt.js";
export { ProblemError } from "../edge/problem.js";
export type { ProblemCode, ProblemDetails } from "../edge/problem.js";
export { InvalidSignatureError, openSigned } from "../edge/signed.js";
