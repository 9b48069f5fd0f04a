// `privet/edge`: guards for requests, claims of other issuers, keys, and signed packs.
export { InvalidOptionsError } from "../core/errors.js";
export type { DecisionRecord, IgnoredClaim } from "../core/decision-record.js";
export type { DecisionContext, OnDecision } from "../edge/audit.js";
export type { AuthenticatorOptions, Policies } from "../edge/authenticate.js";
export { auth0, clerk, cloudflareAccess, cognito, entra, fromClaims, keycloak } from "../edge/claims.js";
export type { AccessIdentity, ClaimOptions, ClaimPath, SubjectMapper } from "../edge/claims.js";
export { guard, issue } from "../edge/guard.js";
export type { Guard, GuardOptions, RequestOptions, RequireOptions } from "../edge/guard.js";
export type { Awaitable, Clock, Milliseconds, OnProblem, ProblemContext, WaitUntil } from "../edge/hooks.js";
export type { TokenOptions } from "../edge/jwt.js";
export type { Claims } from "../edge/registered.js";
export { remoteKeys } from "../edge/keys.js";
export type { JWKSource, RemoteKeysOptions } from "../edge/keys.js";
export { bundlePacks, fromFetch, fromKV, fromR2, policies } from "../edge/policies.js";
export type {
  FetchOptions,
  KeyValueStore,
  ObjectStore,
  PackAnswer,
  PackQuestion,
  PackSource,
  PoliciesOptions,
  SignedPack,
  StoredPacks,
} from "../edge/policies.js";
export { InvalidRequestError, ProblemError } from "../edge/problem.js";
export type { ProblemCode, ProblemDetails, ProblemParts } from "../edge/problem.js";
export { InvalidSignatureError, openSigned, RefusedPackError, signPack } from "../edge/signed.js";
export type { SignedOptions } from "../edge/signed.js";
export type { MappedSubject, SubjectOf } from "../edge/subject.js";
export { firstToken, tokenFromAuthorization, tokenFromCookie, tokenFromHeader } from "../edge/token.js";
export type { TokenReader } from "../edge/token.js";
