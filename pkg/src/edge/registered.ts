// The header and the claims of a JWT whose signature is valid. All guards of Privet check them by this rule (docs/host.md): what RFC 7515
// and RFC 7519 leave to libraries is refused, so that a token means the same everywhere.
import { base64url } from "jose";
import type { JWTPayload } from "jose";
import type { EpochSeconds } from "../core/types.js";
import type { ProblemCode, ProblemDetails, ProblemError } from "./problem.js";

/** The claims of a verified JWT. */
export type Claims = JWTPayload;

/** What the registered claims must be. */
interface ClaimOptions {
  readonly audience: string | readonly string[];
  readonly audienceClaim?: string;
  readonly maxAge?: number;
  readonly leeway?: number;
}

/** The most arrays and objects within each other. */
const MOST_DEPTH = 127;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** A string, with the colon after the name of a member, or a bracket. */
const tokens = /"(?:[^"\\]|\\.)*"(?=\s*(:)?)|[{}[\]]/g;

/**
 * Reads the claims of a JWT, and its header, which must not have `crit`: no extension is understood.
 *
 * @throws Error for what is no strict JSON object.
 */
export function claimsOf(jwt: string, payload: Uint8Array): Claims {
  if (Object.hasOwn(parse(base64url.decode(jwt.split(".", 1)[0]!)), "crit")) throw new Error("`crit`");
  return parse(payload);
}

/** Parses a JSON object in UTF-8 without names that come twice, numbers that are not finite, or too many levels. */
function parse(bytes: Uint8Array): Claims {
  const text = utf8.decode(bytes);
  const value: unknown = JSON.parse(text, (_, part: unknown) => {
    if (typeof part === "number" && !Number.isFinite(part)) throw new Error("a number is too large");
    return part;
  });
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("not an object");
  const open: Set<string>[] = [];
  for (const [token, colon] of text.matchAll(tokens)) {
    if (token === "{" || token === "[") {
      if (open.push(new Set()) > MOST_DEPTH) throw new Error("too many levels");
    } else if (token === "}" || token === "]") open.pop();
    else if (colon) {
      const names = open.at(-1)!;
      if (names.size === names.add(JSON.parse(token) as string).size) throw new Error("a name comes twice");
    }
  }
  return value as Claims;
}

const isText = (value: unknown) => typeof value === "string";
const isTexts = (value: unknown) => isText(value) || (Array.isArray(value) && value.every(isText));
const isTime = (value: unknown) => typeof value === "number" && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
const kinds: readonly (readonly [(value: unknown) => boolean, readonly string[]])[] = [
  [isText, ["iss", "sub", "jti"]],
  [isTexts, ["aud"]],
  [isTime, ["exp", "nbf", "iat"]],
];

/** Creates a function that checks the registered claims at a time. It throws the problem of the first that is not accepted. */
export function createClaimCheck(
  { audience, audienceClaim = "aud", maxAge, leeway = 0 }: ClaimOptions,
  issuers: readonly unknown[],
  problem: (code: ProblemCode, details: ProblemDetails) => ProblemError,
): (claims: Claims, now: EpochSeconds) => void {
  const audiences: readonly unknown[] = [audience].flat();
  const required = ["iss", audienceClaim, maxAge === undefined ? "exp" : "iat"];
  const invalid = (claim: string, is: string) => problem("invalid-token", { message: `claim \`${claim}\` is ${is}` });
  return (claims, now) => {
    for (const [isKind, names] of kinds)
      for (const name of names)
        if (Object.hasOwn(claims, name) && !isKind(claims[name])) throw invalid(name, "not accepted");
    const missing = required.find((name) => !Object.hasOwn(claims, name));
    if (missing !== undefined) throw invalid(missing, "missing");
    if (!isTexts(claims[audienceClaim])) throw invalid(audienceClaim, "not accepted");
    if (!issuers.includes(claims.iss)) throw problem("wrong-issuer", {});
    if (![claims[audienceClaim]].flat().some((one) => audiences.includes(one))) throw problem("wrong-audience", {});
    const { exp = Number.POSITIVE_INFINITY, nbf = Number.NEGATIVE_INFINITY, iat } = claims;
    if (!(now - leeway < exp)) throw problem("expired-token", {});
    if (!(nbf <= now + leeway)) throw invalid("nbf", "not accepted");
    if (maxAge !== undefined) {
      if (!(now - iat! - leeway <= maxAge)) throw problem("expired-token", {});
      if (!(iat! <= now + leeway)) throw invalid("iat", "not accepted");
    }
  };
}
