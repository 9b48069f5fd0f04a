// The refusal of a request as an error and as an HTTP response.
import { PrivetError } from "../core/errors.js";

/** By stable code: the status, the detail that any client may read, and for faults that are not the client's what failed. */
const problems = {
  "missing-token": [401, "no token was sent; send one where this service expects it, by default as bearer token"],
  "oversized-token": [401, "the token or its header is longer than 8,192 characters; send a smaller token"],
  "invalid-token": [401, "the token is malformed or not valid here; sign in again"],
  "expired-token": [401, "the token is expired; get a new one"],
  "wrong-issuer": [401, "the token is from another issuer; sign in here"],
  "wrong-audience": [401, "the token is for another audience; get one for this service"],
  "revoked-token": [401, "the token was revoked; sign in again"],
  "stale-token": [401, "the token belongs to a version of the policy that is no longer in force; get a new one"],
  denied: [403, "this is not allowed"],
  undecided: [403, "whether this is allowed depends on an unknown fact"],
  "obligation-owed": [403, "this has an obligation that was not fulfilled"],
  "unknown-subject": [403, "the subject of the token is not known here"],
  "unknown-claim": [403, "a claim of the token has a value that is not known here", "subject"],
  "invalid-claims": [403, "a claim of the token does not have the expected form", "subject"],
  "conflicting-choice": [403, "the roles of the subject conflict", "session"],
  "invalid-subject": [500, "the subject does not match the policy", "subject"],
  "invalid-facts": [500, "the facts of the subject do not match the policy", "facts"],
  "token-unavailable": [503, "the token could not be read from the request", "token"],
  "keys-unavailable": [503, "the issuer's keys are unavailable", "keys"],
  "policies-unavailable": [503, "the policies are unavailable", "policies"],
  "subject-unavailable": [503, "the grants of the subject are unavailable", "subject"],
  "facts-unavailable": [503, "the facts of the subject are unavailable", "facts"],
  "revocation-unavailable": [503, "the revocation status of the token is unavailable", "revoked"],
} as const satisfies Record<string, readonly [status: number, detail: string, during?: string]>;

const titles = {
  401: "Unauthorized",
  403: "Forbidden",
  500: "Internal Server Error",
  503: "Service Unavailable",
} as const;

/** The stable codes of refused requests. */
export type ProblemCode = keyof typeof problems;

/** The details of a problem. */
export interface ProblemDetails {
  /** A message for the server's logs. It may name operations, obligations and facts, but never the token. */
  readonly message?: string;
  /** The operation that was requested. */
  readonly operation?: string;
  /** Owed obligations that the handler does not discharge. */
  readonly owed?: readonly string[];
  /** The error of a hook. */
  readonly cause?: unknown;
  /** Whether the response contains `message`. */
  readonly verbose?: boolean;
}

/** What failed where a problem is not the client's; `undefined` for others. */
export const duringOf = (code: ProblemCode): string | undefined => problems[code][2];

/**
 * What was given to a guard is no Request of the fetch standard; the guard could not read it. This is an error in the code, and not a
 * refused request.
 */
export class InvalidRequestError extends PrivetError<"invalid-request"> {}

/** A refused request; {@link ProblemError.response} is the response to send. */
export class ProblemError extends PrivetError<ProblemCode> {
  /** 401 for the token, 403 for the decision, 500 and 503 if no decision was possible. */
  readonly status: 401 | 403 | 500 | 503;
  /** Owed obligations that the handler does not discharge. */
  readonly owed: readonly string[];
  readonly #detail: string;

  constructor(code: ProblemCode, { message, operation, owed = [], cause, verbose = false }: ProblemDetails = {}) {
    const [status, detail] = problems[code];
    super(code, message ?? detail, operation);
    this.status = status;
    this.owed = owed;
    this.#detail = verbose ? this.message : detail;
    if (cause !== undefined) this.cause = cause;
  }

  /**
   * The response, `application/problem+json` of RFC 9457, with the members `type`, `title`, `status`, `code` and `detail`. A 401
   * has a `WWW-Authenticate` challenge as in RFC 6750, without `error` if no token was sent.
   */
  response(): Response {
    const { status, headers, body } = this.parts();
    return new Response(body, { status, headers });
  }

  /** The same as {@link ProblemError.response}, by the name that frameworks such as Hono look for on errors. */
  getResponse(): Response {
    return this.response();
  }

  /** The parts of the response, for servers without `Response`. */
  parts(): ProblemParts {
    const { status, code } = this;
    const body = { type: "about:blank", title: titles[status], status, code, detail: this.#detail };
    const error = code === "missing-token" ? "" : ', error="invalid_token"';
    return {
      status,
      headers: {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        ...(status === 401 && { "www-authenticate": `Bearer realm="privet"${error}` }),
      },
      body: JSON.stringify(body),
    };
  }
}

/** A response as plain data. */
export interface ProblemParts {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}
