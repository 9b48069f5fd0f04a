// The keys of issuers: what may be given as keys, and a JWKS that is fetched and kept.
import { createLocalJWKSet } from "jose";
import type { CryptoKey, JSONWebKeySet, JWK, JWTVerifyGetKey, KeyObject } from "jose";
import { InvalidOptionsError } from "../core/errors.js";
import { aborting, readBytes, singleFlight, tell, TIMEOUT } from "./hooks.js";
import type { Clock, Milliseconds, OnProblem } from "./hooks.js";

/**
 * The source of an issuer's keys: the URL of its JWKS, a function as in `jose` (`createLocalJWKSet`, or your own), the result of
 * {@link remoteKeys}, a JWKS, a public key as JWK, `CryptoKey` or `KeyObject`, or, only for the `HS` algorithms, a secret of at
 * least 32 bytes.
 */
export type JWKSource = URL | JWTVerifyGetKey | JSONWebKeySet | JWK | CryptoKey | KeyObject | Uint8Array;

/** Options of {@link remoteKeys}. */
export interface RemoteKeysOptions {
  /** After how many seconds keys are fetched again, in the background; by default 600. */
  readonly refresh?: number;
  /**
   * For how many seconds keys are used while they cannot be fetched; by default 86,400, a day. A key that the issuer takes back
   * stays in use for so long, if someone keeps the guard from reading the JWKS.
   */
  readonly maxAge?: number;
  /** The time for a fetch, with its body, in milliseconds; by default 5,000. */
  readonly timeout?: Milliseconds;
  /** The current time in milliseconds; by default `Date.now`. */
  readonly clock?: Clock;
  /** Fetches the JWKS; by default the global `fetch`. Redirects are not followed. */
  readonly fetch?: typeof fetch;
  /** Is told when keys could not be refreshed; without it, the console is. */
  readonly onProblem?: OnProblem;
}

/** The most bytes of a JWKS. A key has 0.1 to 1 kB, with certificates some more. */
const MOST_BYTES = 512 * 1024;
/** The least milliseconds between two fetches for keys that are unknown: a younger set is the answer. */
const UNKNOWN_KEY = 5_000;
/** The least milliseconds between two fetches after one failed: with usable keys, and without. */
const RETRY = 30_000;
const RETRY_EMPTY = 1_000;

const NO_MATCHING_KEY = "ERR_JWKS_NO_MATCHING_KEY";

/** The `code` of an error. */
export const codeOf = (thrown: unknown): unknown => (thrown as { code?: unknown } | null | undefined)?.code;

/**
 * The keys of an issuer's JWKS, fetched when they are needed and kept. `jose` selects the key; unlike its `createRemoteJWKSet`, this
 * keeps keys while the JWKS cannot be fetched, refreshes them in the background, has a clock and a bound of bytes, and fetches once for
 * many requests in workers too. A guard with a URL as `keys` uses it with its own clock and `onProblem`.
 *
 * A key that is not in the set makes it fetch the set again, once for all requests that wait, and not again within five seconds,
 * whatever keys tokens name. After a failure it waits a second, or thirty while it has keys.
 */
export function remoteKeys(url: URL, options: RemoteKeysOptions = {}): JWTVerifyGetKey {
  const { refresh = 600, maxAge = 86_400, timeout = TIMEOUT, clock = Date.now, onProblem } = options;
  refuseHttp(url);
  for (const [name, value] of Object.entries({ refresh, maxAge }))
    if (!isSeconds(value)) throw invalid(name, "must be a non-negative number of seconds");
  const address = url.href;
  let keys: JWTVerifyGetKey | undefined;
  let readAt = 0;
  let triedAt = Number.NEGATIVE_INFINITY;
  let askedAt = Number.NEGATIVE_INFINITY;
  let tries = 0;
  let newest = 0;
  let failure: unknown;

  const load = singleFlight(async () => {
    const attempt = ++tries;
    const began = clock();
    triedAt = began;
    try {
      const request = options.fetch ?? globalThis.fetch;
      const headers = { accept: "application/jwk-set+json, application/json" };
      const bytes = await aborting(timeout, async (signal) => {
        const response = await request(address, { headers, redirect: "manual", signal });
        if (response.status !== 200) throw new Error(`the JWKS was answered with status ${response.status}`);
        return readBytes(response, MOST_BYTES);
      });
      const answered = createLocalJWKSet(JSON.parse(new TextDecoder().decode(bytes)) as JSONWebKeySet);
      if (attempt < newest) return; // answered after an attempt that began later: it may have keys that were taken back
      newest = attempt;
      keys = answered;
      readAt = began;
      failure = undefined;
    } catch (cause) {
      const error = new Error("the issuer's JWKS could not be fetched", { cause });
      if (attempt > newest) failure = error;
      throw error;
    }
  }, timeout);

  /** Fetches again because of an unknown key. Returns whether that was done. */
  const reload = async () => {
    const now = clock();
    if (!load.isRunning()) {
      if (now - askedAt < UNKNOWN_KEY) {
        if (failure) throw failure;
        return false;
      }
      askedAt = now;
    }
    await load.run();
    return true;
  };

  return async (header, token) => {
    const now = clock();
    if (!keys || now - readAt >= 1000 * maxAge) {
      if (failure && now - triedAt < RETRY_EMPTY) throw failure;
      await load.run();
    } else if (now - readAt >= 1000 * refresh && !load.isRunning() && (!failure || now - triedAt >= RETRY)) {
      void load.run().catch((error) => tell(onProblem, error, { during: "keys" }));
    }
    const known = keys!;
    try {
      return await known(header, token);
    } catch (thrown) {
      // Another request may have replaced the set meanwhile
      if (codeOf(thrown) !== NO_MATCHING_KEY || (known === keys && !(await reload()))) throw thrown;
      return keys!(header, token);
    }
  };
}

/** A source of keys as a function of `jose`. */
export function keySource(keys: JWKSource, remote: RemoteKeysOptions): JWTVerifyGetKey {
  if (typeof keys === "function") return keys;
  if (keys instanceof URL) return remoteKeys(keys, remote);
  const jwks = Object.hasOwn(keys, "keys") ? keys : Object.hasOwn(keys, "kty") ? { keys: [keys] } : undefined;
  if (!jwks) return () => keys as CryptoKey;
  try {
    return createLocalJWKSet(jwks as JSONWebKeySet);
  } catch (cause) {
    throw invalid("keys", "is not a JSON Web Key Set", { cause });
  }
}

/** The algorithms that `jose` verifies. */
const known = /^(?:(?:HS|RS|PS|ES)(?:256|384|512)|EdDSA|Ed25519|ML-DSA-(?:44|65|87))$/;
/** By the kind of a public key, with its curve or hash: the algorithms that it verifies. Other kinds are left to `jose`. */
const kinds: readonly (readonly [key: RegExp, algorithms: RegExp])[] = [
  [/^(?:ec|ecdsa) (?:p-256|prime256v1)$/i, /^ES256$/],
  [/^(?:ec|ecdsa) (?:p-384|secp384r1)$/i, /^ES384$/],
  [/^(?:ec|ecdsa) (?:p-521|secp521r1)$/i, /^ES512$/],
  [/^rsassa-pkcs1-v1_5/i, /^RS/],
  [/^rsa-pss /i, /^PS/],
  [/^rsa /i, /^[RP]S/],
  [/^(?:okp )?ed25519/i, /^Ed/],
];

/** Whether a key of one kind verifies none of the algorithms. A set of keys, a function or a URL is known only with a token. */
function fitsNone(keys: JWKSource, algorithms: readonly string[]): boolean {
  const key = keys as {
    kty?: string;
    crv?: string;
    asymmetricKeyType?: string;
    asymmetricKeyDetails?: { namedCurve?: string };
  };
  const { name, namedCurve } = ((keys as CryptoKey).algorithm ?? {}) as { name?: string; namedCurve?: string };
  const curve = key.crv ?? namedCurve ?? key.asymmetricKeyDetails?.namedCurve ?? "";
  const kind = `${key.kty ?? name ?? key.asymmetricKeyType ?? ""} ${curve}`;
  const fitting = kinds.find(([pattern]) => pattern.test(kind))?.[1];
  return fitting !== undefined && !algorithms.some((algorithm) => fitting.test(algorithm));
}

/**
 * Refuses keys that are private, too short or do not fit the algorithms, and algorithms that are unknown.
 *
 * @throws InvalidOptionsError
 */
export function validateKeys(keys: JWKSource, algorithms: readonly string[]): void {
  if (keys === null || (typeof keys !== "object" && typeof keys !== "function"))
    throw invalid("keys", "must be the issuer's keys");
  const unknown = algorithms.find((name) => !known.test(name));
  if (unknown !== undefined) throw invalid("algorithms", `has \`${unknown}\`, which is unknown`);
  if (keys instanceof URL) refuseHttp(keys);
  const type = typeOf(keys);
  const symmetric = algorithms.filter((name: string) => name.startsWith("HS"));
  if (type === "private") throw invalid("keys", "is a private key; pass the public key");
  if (type === "secret" ? symmetric.length < algorithms.length : symmetric.length > 0) {
    throw invalid("algorithms", "must match `keys`: a secret requires the `HS` algorithms, public keys exclude them");
  }
  if (type === "public" && fitsNone(keys, algorithms))
    throw invalid("algorithms", "must match `keys`: none of them is verified by such a key");
  if (type === "secret" && !(lengthOf(keys) >= 32))
    throw invalid("keys", "must have at least 32 bytes if it is a secret");
}

function refuseHttp(url: URL): void {
  if (!(url instanceof URL)) throw invalid("keys", "must be the issuer's keys");
  if (url.protocol !== "https:" && !/^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname))
    throw invalid("keys", "must be an https URL: over http, an attacker could replace the keys");
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

/** Whether it is a number of seconds. */
export const isSeconds = (value: unknown) => typeof value === "number" && Number.isFinite(value) && value >= 0;

/** The error for an option. */
export function invalid(option: string, fault: string, { cause }: { cause?: unknown } = {}): InvalidOptionsError {
  const error = new InvalidOptionsError("invalid-options", `option \`${option}\` ${fault}`, option);
  if (cause !== undefined) error.cause = cause;
  return error;
}
