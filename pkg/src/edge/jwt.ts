// Reads and verifies the JWT of a request with `jose`. No claim is used before the signature is verified: the unverified issuer only
// selects whose keys verify it.
import { compactVerify, decodeJwt } from "jose";
import type { CompactVerifyResult, CryptoKey, JWTVerifyGetKey } from "jose";
import { codeOf, invalid, isSeconds, keySource, validateKeys } from "./keys.js";
import type { JWKSource } from "./keys.js";
import { TIMEOUT, within } from "./hooks.js";
import type { Awaitable, Clock, Milliseconds, OnProblem } from "./hooks.js";
import { ProblemError } from "./problem.js";
import type { ProblemCode, ProblemDetails } from "./problem.js";
import { claimsOf, createClaimCheck } from "./registered.js";
import type { Claims } from "./registered.js";
import { bounded, tokenFromAuthorization } from "./token.js";

/** Options of the verification of JWTs. */
export interface TokenOptions {
  /**
   * The issuer's keys, or an object from each issuer to its keys. A token is verified with the keys of the issuer that it names, and
   * with no others. A single source for several issuers is for names of one issuer that share their keys.
   */
  readonly keys: JWKSource | { readonly [issuer: string]: JWKSource };
  /** The required claim `iss`, or the accepted ones. */
  readonly issuer: string | readonly string[];
  /** The required claim `aud`, or a member of it; of a list, one is enough. */
  readonly audience: string | readonly string[];
  /**
   * The claim that names the audience, where it is not `aud`: `client_id` in access tokens of Amazon Cognito, `azp` in session
   * tokens of Clerk. By default `aud`.
   */
  readonly audienceClaim?: string;
  /** The accepted signature algorithms, such as `["EdDSA", "ES256"]`. */
  readonly algorithms: readonly string[];
  /** The maximum age of a token in seconds since `iat`. Without it, a token must have `exp`. */
  readonly maxAge?: number;
  /** The accepted difference between clocks, in seconds; by default 0. */
  readonly leeway?: number;
  /** Reads the token from the request; by default the bearer token of the Authorization header, `tokenFromAuthorization()`. */
  readonly token?: (request: Request) => Awaitable<string | null | undefined>;
  /** The current time in milliseconds since 1970, for tests; by default `Date.now`. It is used for everything but timeouts. */
  readonly clock?: Clock;
  /** The time in milliseconds that each hook has, and each fetch of keys; by default 5,000. */
  readonly timeout?: Milliseconds;
}

/** A compact JWS whose parts are canonical base64url: other spellings of the same bytes are rejected. */
const part = "(?:[\\w-]{4})*(?:[\\w-]{4}|[\\w-][AQgw]|[\\w-]{2}[AEIMQUYcgkosw048])";
const compact = new RegExp(`^${part}\\.${part}\\.${part}$`);

/**
 * Creates a function that verifies the JWT of a request and returns its claims.
 *
 * @throws InvalidOptionsError for unsafe or invalid options.
 */
export function createVerifier(
  options: TokenOptions,
  problem: (code: ProblemCode, details: ProblemDetails) => ProblemError,
  onProblem: OnProblem | undefined,
): (request: Request) => Promise<Claims> {
  const { clock = Date.now, timeout = TIMEOUT } = options;
  const keysOf = validate(options);
  const readToken = options.token ?? tokenFromAuthorization();
  const sources = new Map<string, JWTVerifyGetKey>();
  for (const [source, issuers] of keysOf) {
    const key = withAvailability(
      keySource(source, { timeout, clock, ...(onProblem && { onProblem }) }),
      timeout,
      problem,
    );
    for (const issuer of issuers) sources.set(issuer, key);
  }
  const check = createClaimCheck(options, [...sources.keys()], problem);
  const algorithms = [...options.algorithms];
  return async (request) => {
    const jwt = await read(request, readToken, timeout, problem);
    try {
      const key = keysOf.size > 1 ? sources.get(issuerOf(jwt)) : [...sources.values()][0];
      if (!key) throw problem("wrong-issuer", {});
      const { payload } = await verify(jwt, key, algorithms);
      const claims = claimsOf(jwt, payload);
      check(claims, Math.floor(clock() / 1000));
      if (sources.get(claims.iss!) !== key) throw problem("wrong-issuer", {}); // it was not verified above
      return claims;
    } catch (thrown) {
      if (thrown instanceof ProblemError) throw thrown;
      // The error is dropped, since it may hold the claims
      throw problem("invalid-token", { message: "the signature, key, algorithm, header or JSON is not accepted" });
    }
  };
}

/** The issuer that a JWT names, not verified. */
function issuerOf(jwt: string): string {
  return String(decodeJwt(jwt).iss);
}

async function read(
  request: Request,
  readToken: (request: Request) => Awaitable<string | null | undefined>,
  timeout: Milliseconds,
  problem: (code: ProblemCode, details: ProblemDetails) => ProblemError,
): Promise<string> {
  let jwt: unknown;
  try {
    jwt = await within(timeout, () => readToken(request));
    if (typeof jwt === "string") bounded(jwt);
  } catch (cause) {
    throw cause instanceof ProblemError ? problem(cause.code, {}) : problem("token-unavailable", { cause });
  }
  if (jwt === undefined || jwt === null) throw problem("missing-token", {});
  if (typeof jwt !== "string" || !compact.test(jwt)) throw problem("invalid-token", { message: "not a compact JWS" });
  return jwt;
}

async function verify(jwt: string, key: JWTVerifyGetKey, algorithms: string[]): Promise<CompactVerifyResult> {
  try {
    return await compactVerify(jwt, key, { algorithms });
  } catch (thrown) {
    if (codeOf(thrown) !== "ERR_JWKS_MULTIPLE_MATCHING_KEYS") throw thrown;
    let refusal: unknown;
    // Several keys without ids match: try each
    for await (const one of thrown as AsyncIterable<CryptoKey>) {
      try {
        return await compactVerify(jwt, one, { algorithms });
      } catch (again) {
        refusal = again;
        if (codeOf(again) !== "ERR_JWS_SIGNATURE_VERIFICATION_FAILED") break;
      }
    }
    throw refusal;
  }
}

/** Errors of a key source that are caused by the token and not by the source. */
const TOKEN_ERRORS = ["ERR_JWKS_NO_MATCHING_KEY", "ERR_JWKS_MULTIPLE_MATCHING_KEYS", "ERR_JOSE_NOT_SUPPORTED"];

/** Reports failures of a key source, and answers that do not come, as `keys-unavailable`. */
function withAvailability(
  source: JWTVerifyGetKey,
  timeout: Milliseconds,
  problem: (code: ProblemCode, details: ProblemDetails) => ProblemError,
): JWTVerifyGetKey {
  return async (header, token) => {
    try {
      return await within(timeout, () => source(header, token));
    } catch (cause) {
      if (TOKEN_ERRORS.includes(String(codeOf(cause)))) throw cause;
      throw problem("keys-unavailable", { cause });
    }
  };
}

const isText = (value: unknown) => typeof value === "string" && value !== "";
/** Whether it is a text, or a list of texts that is not empty. */
const isTexts = (value: unknown) => isText(value) || (Array.isArray(value) && value.length > 0 && value.every(isText));

/** Checks the options. Returns the sources of keys, each with the issuers that it verifies. */
function validate(options: TokenOptions): ReadonlyMap<JWKSource, readonly string[]> {
  const { keys, issuer, audience, audienceClaim = "aud", algorithms, maxAge, leeway = 0, timeout = TIMEOUT } = options;
  if (!isTexts(issuer))
    throw invalid(
      "issuer",
      "must be a non-empty string: without it, tokens of any issuer with a matching key would pass",
    );
  if (!isTexts(audience))
    throw invalid("audience", "must be a non-empty string: without it, tokens for other services would pass");
  if (!isText(audienceClaim)) throw invalid("audienceClaim", "must be the name of a claim");
  if (!Array.isArray(algorithms) || algorithms.length === 0 || !algorithms.every(isText)) {
    throw invalid("algorithms", 'must list the accepted algorithms, such as `["EdDSA"]`');
  }
  if (algorithms.some((name: string) => name.toLowerCase() === "none"))
    throw invalid("algorithms", "must not contain `none`, which proves nothing");
  if (!isSeconds(leeway)) throw invalid("leeway", "must be a non-negative number of seconds");
  if (maxAge !== undefined && !isSeconds(maxAge)) throw invalid("maxAge", "must be a non-negative number of seconds");
  if (!(typeof timeout === "number" && timeout > 0 && timeout < 2 ** 31))
    throw invalid("timeout", "must be a positive number of milliseconds");
  for (const name of ["token", "clock"] as const)
    if (options[name] !== undefined && typeof options[name] !== "function") throw invalid(name, "must be a function");
  const issuers = [...new Set([issuer].flat() as string[])];
  const byIssuer = new Map<JWKSource, readonly string[]>();
  if (isByIssuer(keys)) {
    for (const name of issuers) {
      if (!Object.hasOwn(keys, name)) throw invalid("keys", `has no keys of the issuer \`${name}\``);
      const source = keys[name]!;
      byIssuer.set(source, [...(byIssuer.get(source) ?? []), name]);
    }
    const other = Object.keys(keys).find((name) => !issuers.includes(name));
    if (other !== undefined) throw invalid("keys", `has keys of \`${other}\`, which is not in \`issuer\``);
  } else byIssuer.set(keys as JWKSource, issuers);
  for (const source of byIssuer.keys()) validateKeys(source, algorithms);
  return byIssuer;
}

/** Whether it is an object from issuers to keys, and not itself a key or a JWKS. */
function isByIssuer(keys: unknown): keys is { readonly [issuer: string]: JWKSource } {
  if (typeof keys !== "object" || keys === null) return false;
  const prototype: unknown = Object.getPrototypeOf(keys);
  const names = Object.keys(keys);
  const isLiteral = prototype === null || prototype === Object.prototype;
  return isLiteral && names.length > 0 && !["keys", "kty", "type"].some((name) => Object.hasOwn(keys, name));
}
