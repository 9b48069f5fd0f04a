// Reads and verifies the JWT of a request with `jose`. No claim is used before the signature is verified.
import { createLocalJWKSet, createRemoteJWKSet, jwtVerify } from "jose";
import type { CryptoKey, JSONWebKeySet, JWK, JWTPayload, JWTVerifyGetKey, JWTVerifyOptions, KeyObject } from "jose";
import { ProblemError } from "./problem.js";
import { InvalidOptionsError } from "../core/errors.js";

/**
 * The source of the issuer's keys: the URL of its JWKS, a function as in `jose` (`createRemoteJWKSet`, `createLocalJWKSet` or your
 * own), a JWKS, a public key as JWK, `CryptoKey` or `KeyObject`, or, only for the `HS` algorithms, a secret of at least 32 bytes.
 */
export type JWKSource = URL | JWTVerifyGetKey | JSONWebKeySet | JWK | CryptoKey | KeyObject | Uint8Array;

/** The claims of a verified JWT. */
export type Claims = JWTPayload;

/** Options of the verification of JWTs. */
export interface TokenOptions {
  /** The issuer's keys. */
  readonly keys: JWKSource;
  /** The required claim `iss`. */
  readonly issuer: string;
  /** The required claim `aud`, or a member of it. */
  readonly audience: string;
  /** The accepted signature algorithms, such as `["EdDSA", "ES256"]`. */
  readonly algorithms: readonly string[];
  /** The maximum age of a token in seconds since `iat`. Without it, a token must have `exp`. */
  readonly maxAge?: number;
  /** The accepted difference between clocks, in seconds; by default 0. */
  readonly leeway?: number;
}

/** Maximum length of an Authorization header, in characters. */
const MAX_LENGTH = 8192;

/** A compact JWS whose parts are canonical base64url: other spellings of the same bytes are rejected. */
const part = "(?:[\\w-]{4})*(?:[\\w-]{4}|[\\w-][AQgw]|[\\w-]{2}[AEIMQUYcgkosw048])";
const compact = new RegExp(`^${part}\\.${part}\\.${part}$`);

/**
 * Creates a function that verifies the JWT of a request and returns its claims.
 *
 * @throws InvalidOptionsError for unsafe or invalid options.
 */
export function createVerifier(options: TokenOptions, verbose: boolean): (request: Request) => Promise<Claims> {
  const { issuer, audience, maxAge, leeway = 0 } = validate(options);
  const settings: JWTVerifyOptions = {
    issuer,
    audience,
    algorithms: [...options.algorithms],
    clockTolerance: leeway,
    ...(maxAge === undefined ? { requiredClaims: ["exp"] } : { maxTokenAge: maxAge }),
  };
  const key = withAvailability(keySource(options.keys), verbose);
  return async (request) => {
    const jwt = bearer(request, verbose);
    try {
      return await verify(jwt, key, settings);
    } catch (thrown) {
      throw problemOf(thrown, verbose);
    }
  };
}

function bearer(request: Request, verbose: boolean): string {
  const header = request.headers.get("authorization");
  if (header !== null && header.length > MAX_LENGTH) throw new ProblemError("oversized-token", { verbose });
  const found = /^bearer(?: +(.*))?$/i.exec(header ?? "");
  if (!found) throw new ProblemError("missing-token", { verbose });
  const jwt = found[1] ?? "";
  if (!compact.test(jwt)) throw new ProblemError("invalid-token", { message: "not a compact JWS", verbose });
  return jwt;
}

async function verify(jwt: string, key: JWTVerifyGetKey, settings: JWTVerifyOptions): Promise<Claims> {
  try {
    return (await jwtVerify(jwt, key, settings)).payload;
  } catch (thrown) {
    if (codeOf(thrown) !== "ERR_JWKS_MULTIPLE_MATCHING_KEYS") throw thrown;
    let refusal: unknown;
    // Several keys without ids match: try each
    for await (const one of thrown as AsyncIterable<CryptoKey>) {
      try {
        return (await jwtVerify(jwt, one, settings)).payload;
      } catch (again) {
        refusal = again;
        if (codeOf(again) !== "ERR_JWS_SIGNATURE_VERIFICATION_FAILED") break;
      }
    }
    throw refusal;
  }
}

const codeOf = (thrown: unknown): unknown => (thrown as { code?: unknown } | null | undefined)?.code;

/** Errors of a key source that are caused by the token and not by the source. */
const TOKEN_ERRORS = ["ERR_JWKS_NO_MATCHING_KEY", "ERR_JWKS_MULTIPLE_MATCHING_KEYS", "ERR_JOSE_NOT_SUPPORTED"];

/** Reports failures of a key source as `keys-unavailable`. */
function withAvailability(source: JWTVerifyGetKey, verbose: boolean): JWTVerifyGetKey {
  return async (header, token) => {
    try {
      return await source(header, token);
    } catch (cause) {
      if (TOKEN_ERRORS.includes(String(codeOf(cause)))) throw cause;
      throw new ProblemError("keys-unavailable", { cause, verbose });
    }
  };
}

/** The problem for an error of `jose`. The error itself is dropped, since it holds the claims. */
function problemOf(thrown: unknown, verbose: boolean): ProblemError {
  if (thrown instanceof ProblemError) return thrown;
  if (codeOf(thrown) === "ERR_JWT_EXPIRED") return new ProblemError("expired-token", { verbose });
  if (codeOf(thrown) !== "ERR_JWT_CLAIM_VALIDATION_FAILED") {
    return new ProblemError("invalid-token", {
      message: "the signature, key or algorithm is not accepted",
      verbose,
    });
  }
  const { claim, reason } = thrown as { claim: string; reason: string };
  const message = `claim \`${claim}\` is ${reason === "missing" ? "missing" : "not accepted"}`;
  if (reason === "missing" || (claim !== "aud" && claim !== "iss"))
    return new ProblemError("invalid-token", { message, verbose });
  return new ProblemError(claim === "aud" ? "wrong-audience" : "wrong-issuer", { verbose });
}

function keySource(keys: JWKSource): JWTVerifyGetKey {
  if (typeof keys === "function") return keys;
  if (keys instanceof URL) return createRemoteJWKSet(keys);
  const jwks = Object.hasOwn(keys, "keys") ? keys : Object.hasOwn(keys, "kty") ? { keys: [keys] } : undefined;
  if (!jwks) return () => keys as CryptoKey;
  try {
    return createLocalJWKSet(jwks as JSONWebKeySet);
  } catch (cause) {
    throw invalid("keys", "is not a JSON Web Key Set", { cause });
  }
}

const isText = (value: unknown) => typeof value === "string" && value !== "";
const isSeconds = (value: unknown) => typeof value === "number" && Number.isFinite(value) && value >= 0;

function validate(options: TokenOptions): TokenOptions {
  const { keys, issuer, audience, algorithms, maxAge, leeway = 0 } = options;
  if (!isText(issuer))
    throw invalid(
      "issuer",
      "must be a non-empty string: without it, tokens of any issuer with a matching key would pass",
    );
  if (!isText(audience))
    throw invalid("audience", "must be a non-empty string: without it, tokens for other services would pass");
  if (!Array.isArray(algorithms) || algorithms.length === 0 || !algorithms.every(isText)) {
    throw invalid("algorithms", 'must list the accepted algorithms, such as `["EdDSA"]`');
  }
  if (algorithms.some((name: string) => name.toLowerCase() === "none"))
    throw invalid("algorithms", "must not contain `none`, which proves nothing");
  if (!isSeconds(leeway)) throw invalid("leeway", "must be a non-negative number of seconds");
  if (maxAge !== undefined && !isSeconds(maxAge)) throw invalid("maxAge", "must be a non-negative number of seconds");
  if (keys === null || (typeof keys !== "object" && typeof keys !== "function"))
    throw invalid("keys", "must be the issuer's keys");
  if (keys instanceof URL && keys.protocol !== "https:" && !/^(localhost|127\.0\.0\.1|\[::1\])$/.test(keys.hostname)) {
    throw invalid("keys", "must be an https URL: over http, an attacker could replace the keys");
  }
  const type = typeOf(keys);
  const symmetric = algorithms.filter((name: string) => name.startsWith("HS"));
  if (type === "private") throw invalid("keys", "is a private key; pass the public key");
  if (type === "secret" ? symmetric.length < algorithms.length : symmetric.length > 0) {
    throw invalid("algorithms", "must match `keys`: a secret requires the `HS` algorithms, public keys exclude them");
  }
  if (type === "secret" && !(lengthOf(keys) >= 32))
    throw invalid("keys", "must have at least 32 bytes if it is a secret");
  return options;
}

/** `public`, `private` or `secret`. A set of keys is private if any of them is. */
function typeOf(keys: JWKSource): string {
  if (typeof keys === "function" || keys instanceof URL) return "public";
  if (keys instanceof Uint8Array) return "secret";
  if ("type" in keys) return String(keys.type);
  if (!Object.hasOwn(keys, "keys") && !Object.hasOwn(keys, "kty")) throw invalid("keys", "must be the issuer's keys");
  const jwks: unknown = Object.hasOwn(keys, "keys") ? (keys as JSONWebKeySet).keys : [keys];
  if (!Array.isArray(jwks)) throw invalid("keys", "is not a JSON Web Key Set");
  return jwks.some((jwk: JWK | null) => jwk?.d !== undefined) ? "private" : "public";
}

/** The number of bytes of a secret in any of its forms; `NaN` if it is unknown. */
function lengthOf(keys: JWKSource): number {
  if (keys instanceof Uint8Array) return keys.length;
  const { symmetricKeySize, algorithm } = keys as { symmetricKeySize?: number; algorithm?: { length?: number } };
  return symmetricKeySize ?? (algorithm?.length ?? Number.NaN) / 8;
}

function invalid(option: string, fault: string, { cause }: { cause?: unknown } = {}): InvalidOptionsError {
  const error = new InvalidOptionsError("invalid-options", `option \`${option}\` ${fault}`, option);
  if (cause !== undefined) error.cause = cause;
  return error;
}
