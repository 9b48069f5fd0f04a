import { PrivetError } from "./errors.js";

/** Why a request was refused, by its stable code: the status, and what everybody may read. */
const problems = {
  "missing-token": [401, "no bearer token was sent; send one in the Authorization header"],
  "oversized-token": [401, "the Authorization header is longer than 8,192 characters; send a smaller token"],
  "invalid-token": [401, "the token is malformed or was not issued for this; sign in again"],
  "expired-token": [401, "the token is too old; get a new one"],
  "wrong-issuer": [401, "the token is of another issuer; sign in here"],
  "wrong-audience": [401, "the token is for another audience; get one for this"],
  "revoked-token": [401, "the token was revoked; sign in again"],
  "stale-token": [401, "the token belongs to a version of the policy that is gone; get a new one"],
  denied: [403, "this is not allowed"],
  undecided: [403, "whether this is allowed rests on something that is not known"],
  "obligation-owed": [403, "this owes something that was not done"],
  "invalid-facts": [500, "what is known of the subject does not fit the policy"],
  "keys-unavailable": [503, "the issuer's keys cannot be had now"],
  "policies-unavailable": [503, "the policies cannot be had now"],
  "facts-unavailable": [503, "what is known of the subject cannot be had now"],
  "revocation-unavailable": [503, "whether the token was revoked cannot be found out now"],
} as const satisfies Record<string, readonly [number, string]>;

const titles = {
  401: "Unauthorized",
  403: "Forbidden",
  500: "Internal Server Error",
  503: "Service Unavailable",
} as const;

/** The stable codes of refused requests. */
export type ProblemCode = keyof typeof problems;

/** What is said besides a code. */
export interface ProblemDetails {
  /** For whoever reads the server's logs: may name operations, obligations and facts, never the token. */
  readonly message?: string;
  /** The operation that it is about. */
  readonly operation?: string;
  /** Obligations that are owed and that the handler does not discharge. */
  readonly owed?: readonly string[];
  /** What a hook threw. */
  readonly cause?: unknown;
  /** Whether the answer says `message`, too. */
  readonly verbose?: boolean;
}

/** A request that is refused: {@link ProblemError.response} is the answer to send. */
export class ProblemError extends PrivetError {
  declare readonly code: ProblemCode;
  /** 401 for the token, 403 for the decision, 500 and 503 where it could not be decided. */
  readonly status: 401 | 403 | 500 | 503;
  /** Obligations that are owed and that the handler does not discharge. */
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
   * The answer, `application/problem+json` of RFC 9457: always `type`, `title`, `status`, `code` and `detail`. A 401 says how
   * to authenticate, as RFC 6750 has it: with no `error` where no token was sent.
   */
  response(): Response {
    const { status, code } = this;
    const body = { type: "about:blank", title: titles[status], status, code, detail: this.#detail };
    const headers = new Headers({ "content-type": "application/problem+json", "cache-control": "no-store" });
    const error = code === "missing-token" ? "" : ', error="invalid_token"';
    if (status === 401) headers.set("www-authenticate", `Bearer realm="privet"${error}`);
    return new Response(JSON.stringify(body), { status, headers });
  }
}
