// Where requests carry a token.
import { ProblemError } from "./problem.js";

/** Reads a token from a request; `undefined` or `null` if it has none. */
export type TokenReader = (request: Request) => string | null | undefined;

/** Maximum length of an Authorization header and of a token, in characters. */
export const MAX_LENGTH = 8192;

/** A text that is not too long to be a token. */
export function bounded(text: string): string {
  if (text.length > MAX_LENGTH) throw new ProblemError("oversized-token");
  return text;
}

/**
 * Reads the token of a scheme in the Authorization header, such as `Bearer` (the default) or `DPoP`. Schemes have no case. A guard
 * does not verify the proof of a DPoP request: that is for what stands before it.
 */
export function tokenFromAuthorization(scheme = "Bearer"): TokenReader {
  return (request) => {
    const header = bounded(request.headers.get("authorization") ?? "");
    const [found = ""] = header.split(" ", 1);
    if (found.toLowerCase() !== scheme.toLowerCase()) return undefined;
    return header.slice(found.length).replace(/^ +/, "");
  };
}

/** Reads the token that is a whole header, such as `Cf-Access-Jwt-Assertion`. */
export function tokenFromHeader(name: string): TokenReader {
  return (request) => request.headers.get(name);
}

/**
 * Reads the token in a cookie, such as `CF_Authorization`; of several with this name the first. Browsers send cookies with requests
 * that other sites make: routes that change something need protection against these, such as `SameSite`.
 */
export function tokenFromCookie(name: string): TokenReader {
  return (request) => {
    for (const pair of (request.headers.get("cookie") ?? "").split(";")) {
      const equals = pair.indexOf("=");
      if (equals >= 0 && pair.slice(0, equals).trim() === name)
        return pair
          .slice(equals + 1)
          .trim()
          .replace(/^"(.*)"$/, "$1");
    }
    return undefined;
  };
}

/** Reads the first token that one of the readers finds, in their order. A token that is found and invalid is not passed over. */
export function firstToken(...readers: readonly TokenReader[]): TokenReader {
  return (request) => {
    for (const read of readers) {
      const token = read(request);
      if (token !== undefined && token !== null) return token;
    }
    return undefined;
  };
}
