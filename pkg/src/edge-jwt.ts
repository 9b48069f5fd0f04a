// The JWT of a request: found, bounded, and verified by `jose` before anything in it is believed.
import { createLocalJWKSet, createRemoteJWKSet, jwtVerify } from "jose";
import type { CryptoKey, JSONWebKeySet, JWK, JWTPayload, JWTVerifyGetKey, JWTVerifyOptions, KeyObject } from "jose";
import { ProblemError } from "./edge-problem.js";
import { InvalidOptionsError } from "./errors.js";

/**
 * Where the issuer's keys come from: the address of its JWKS, a function of `jose` (`createRemoteJWKSet`, `createLocalJWKSet`,
 * or one of your own), a JWKS, a public key as JWK, `CryptoKey` or `KeyObject`, or, for the `HS` algorithms alone, a secret
 * of 32 bytes or more.
 */
export type JWKSource = URL | JWTVerifyGetKey | JSONWebKeySet | JWK | CryptoKey | KeyObject | Uint8Array;

/** The claims of a token that was verified. */
export type Claims = JWTPayload;

/** What a token is verified by. */
export interface TokenOptions {
  /** The issuer's keys. */
  readonly keys: JWKSource;
  /** What the claim `iss` must be. */
  readonly issuer: string;
  /** What the claim `aud` must be, or have among others. */
  readonly audience: string;
  /** The signature algorithms that are taken, such as `["EdDSA", "ES256"]`. */
  readonly algorithms: readonly string[];
  /** Seconds since `iat` after which a token is refused. Without it, a token must have `exp`. */
  readonly maxAge?: number;
  /** Seconds by which clocks may differ; 0 when not given. */
  readonly leeway?: number;
}

/** Characters of an Authorization header that are read. */
const LONGEST = 8192;

/** Compact JWS, each part base64url in its one canonical spelling, so that no changed character is overlooked. */
const part = "(?:[\\w-]{4})*(?:[\\w-]{4}|[\\w-][AQgw]|[\\w-]{2}[AEIMQUYcgkosw048])";
const compact = new RegExp(`^${part}\\.${part}\\.${part}$`);

/**
 * What verifies the token of a request and returns its claims.
 *
 * @throws InvalidOptionsError for options that would let through what they should not.
 */
export function verifier(options: TokenOptions, verbose: boolean): (request: Request) => Promise<Claims> {
  const { issuer, audience, maxAge, leeway = 0 } = checked(options);
  const settings: JWTVerifyOptions = {
    issuer,
    audience,
    algorithms: [...options.algorithms],
    clockTolerance: leeway,
    ...(maxAge === undefined ? { requiredClaims: ["exp"] } : { maxTokenAge: maxAge }),
  };
  const key = available(source(options.keys), verbose);
  return async (request) => {
    const jwt = bearer(request, verbose);
    try {
      return await verified(jwt, key, settings);
    } catch (thrown) {
      throw problemOf(thrown, verbose);
    }
  };
}

function bearer(request: Request, verbose: boolean): string {
  const header = request.headers.get("authorization");
  if (header !== null && header.length > LONGEST) throw new ProblemError("oversized-token", { verbose });
  const found = /^bearer(?: +(.*))?$/i.exec(header ?? "");
  if (!found) throw new ProblemError("missing-token", { verbose });
  const jwt = found[1] ?? "";
  if (!compact.test(jwt)) throw new ProblemError("invalid-token", { message: "not a compact JWS", verbose });
  return jwt;
}

async function verified(jwt: string, key: JWTVerifyGetKey, settings: JWTVerifyOptions): Promise<Claims> {
  try {
    return (await jwtVerify(jwt, key, settings)).payload;
  } catch (thrown) {
    if (codeOf(thrown) !== "ERR_JWKS_MULTIPLE_MATCHING_KEYS") throw thrown;
    let refusal: unknown;
    for await (const one of thrown as AsyncIterable<CryptoKey>) {
      // keys without ids: each is tried
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

/** Refusals of a source of keys that are the token's fault, not the source's. */
const noKey = ["ERR_JWKS_NO_MATCHING_KEY", "ERR_JWKS_MULTIPLE_MATCHING_KEYS", "ERR_JOSE_NOT_SUPPORTED"];

/** A source whose own failure is told apart from a token without a key. */
function available(source: JWTVerifyGetKey, verbose: boolean): JWTVerifyGetKey {
  return async (header, token) => {
    try {
      return await source(header, token);
    } catch (cause) {
      if (noKey.includes(String(codeOf(cause)))) throw cause;
      throw new ProblemError("keys-unavailable", { cause, verbose });
    }
  };
}

/** What `jose` threw holds the claims, so nothing of it is kept but what it says. */
function problemOf(thrown: unknown, verbose: boolean): ProblemError {
  if (thrown instanceof ProblemError) return thrown;
  if (codeOf(thrown) === "ERR_JWT_EXPIRED") return new ProblemError("expired-token", { verbose });
  if (codeOf(thrown) !== "ERR_JWT_CLAIM_VALIDATION_FAILED") {
    return new ProblemError("invalid-token", {
      message: "the signature, key or algorithm is not one that is taken",
      verbose,
    });
  }
  const { claim, reason } = thrown as { claim: string; reason: string };
  const message = `claim \`${claim}\` is ${reason === "missing" ? "missing" : "not one that is taken"}`;
  if (reason === "missing" || (claim !== "aud" && claim !== "iss"))
    return new ProblemError("invalid-token", { message, verbose });
  return new ProblemError(claim === "aud" ? "wrong-audience" : "wrong-issuer", { verbose });
}

function source(keys: JWKSource): JWTVerifyGetKey {
  if (typeof keys === "function") return keys;
  if (keys instanceof URL) return createRemoteJWKSet(keys);
  const jwks = Object.hasOwn(keys, "keys") ? keys : Object.hasOwn(keys, "kty") ? { keys: [keys] } : undefined;
  if (!jwks) return () => keys as CryptoKey;
  try {
    return createLocalJWKSet(jwks as JSONWebKeySet);
  } catch (cause) {
    throw invalid("keys", "is no JSON Web Key Set", { cause });
  }
}

const isText = (value: unknown) => typeof value === "string" && value !== "";
const isSeconds = (value: unknown) => typeof value === "number" && Number.isFinite(value) && value >= 0;

function checked(options: TokenOptions): TokenOptions {
  const { keys, issuer, audience, algorithms, maxAge, leeway = 0 } = options;
  if (!isText(issuer))
    throw invalid("issuer", "must be a text: without it, tokens of anybody whose keys fit would pass");
  if (!isText(audience)) throw invalid("audience", "must be a text: without it, tokens for another service would pass");
  if (!Array.isArray(algorithms) || algorithms.length === 0 || !algorithms.every(isText)) {
    throw invalid("algorithms", 'must name those that are taken, such as `["EdDSA"]`');
  }
  if (algorithms.some((name: string) => name.toLowerCase() === "none"))
    throw invalid("algorithms", "may not have `none`: it proves nothing");
  if (!isSeconds(leeway)) throw invalid("leeway", "must be seconds");
  if (maxAge !== undefined && !isSeconds(maxAge)) throw invalid("maxAge", "must be seconds");
  if (keys === null || (typeof keys !== "object" && typeof keys !== "function"))
    throw invalid("keys", "must be the issuer's keys");
  if (keys instanceof URL && keys.protocol !== "https:" && !/^(localhost|127\.0\.0\.1|\[::1\])$/.test(keys.hostname)) {
    throw invalid("keys", "must be an https address: who answers in its place could sign anything");
  }
  const type = typeOf(keys);
  const symmetric = algorithms.filter((name: string) => name.startsWith("HS"));
  if (type === "private") throw invalid("keys", "is a private key; give the public one");
  if (type === "secret" ? symmetric.length < algorithms.length : symmetric.length > 0) {
    throw invalid(
      "algorithms",
      "must be of one kind with `keys`: a secret takes the `HS` algorithms and no others, public keys never do",
    );
  }
  if (type === "secret" && !(lengthOf(keys) >= 32)) throw invalid("keys", "must be 32 bytes or more as a secret");
  return options;
}

/** Whether keys are public, private or a secret; a set of keys is private when any of them is. */
function typeOf(keys: JWKSource): string {
  if (typeof keys === "function" || keys instanceof URL) return "public";
  if (keys instanceof Uint8Array) return "secret";
  if ("type" in keys) return String(keys.type);
  if (!Object.hasOwn(keys, "keys") && !Object.hasOwn(keys, "kty")) throw invalid("keys", "must be the issuer's keys");
  const jwks: unknown = Object.hasOwn(keys, "keys") ? (keys as JSONWebKeySet).keys : [keys];
  if (!Array.isArray(jwks)) throw invalid("keys", "is no JSON Web Key Set");
  return jwks.some((jwk: JWK | null) => jwk?.d !== undefined) ? "private" : "public";
}

/** The bytes of a secret, in whatever it is wrapped; `NaN` where it does not say. */
function lengthOf(keys: JWKSource): number {
  if (keys instanceof Uint8Array) return keys.length;
  const { symmetricKeySize, algorithm } = keys as { symmetricKeySize?: number; algorithm?: { length?: number } };
  return symmetricKeySize ?? (algorithm?.length ?? NaN) / 8;
}

function invalid(option: string, fault: string, { cause }: { cause?: unknown } = {}): InvalidOptionsError {
  const error = new InvalidOptionsError("invalid-options", `option \`${option}\` ${fault}`, option);
  if (cause !== undefined) error.cause = cause;
  return error;
}
