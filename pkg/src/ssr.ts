import { InvalidOptionsError, InvalidTokenError, StaleTokenError } from "./errors.js";
import type { Policy } from "./policy.js";
import type { Session } from "./session.js";
import type { AnySchema, Facts, Schema } from "./types.js";

/** What a page carries of a session. */
interface Embedded {
  readonly fingerprint: string;
  readonly token: string;
  readonly facts: Facts;
}

/**
 * A value as JSON that may stand in a `<script type="application/json">` of a page, and in a script as an expression: nothing
 * in it can end the element, begin a comment or break a line. `JSON.parse` reads it.
 *
 * @throws TypeError for a value that JSON cannot say.
 */
export function json(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new TypeError("the value cannot be written as JSON");
  return text.replace(/[<>&\u2028\u2029]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/**
 * The element that carries a session in a page: its grants, its known facts, and which policy decided. It holds no secret that
 * the person may not read, and proves nothing: the request is guarded by the JWT.
 *
 * @throws InvalidOptionsError for an `id` that is more than letters, digits, `_` and `-`.
 */
export function embed<S extends Schema = AnySchema>(session: Session<S>, id = "privet"): string {
  if (!/^[\w-]+$/.test(id))
    throw new InvalidOptionsError("invalid-options", "option `id` must be letters, digits, `_` and `-`", "id");
  const carried: Embedded = {
    fingerprint: session.policy.fingerprint,
    token: session.token(),
    facts: session.subject().facts ?? {},
  };
  return `<script type="application/json" id="${id}">${json(carried)}</script>`;
}

/**
 * The session that {@link embed} wrote: from the element, or its text. It decides as the server's did.
 *
 * @throws StaleTokenError where another version of the policy decided, InvalidTokenError where it is no session.
 */
export function hydrate<S extends Schema = AnySchema>(
  policy: Policy<S>,
  source: string | { readonly textContent: string | null } | null,
): Session<S> {
  const { fingerprint, token, facts } = parse(typeof source === "string" ? source : source?.textContent);
  if (fingerprint !== policy.fingerprint) {
    throw new StaleTokenError("stale-token", "the page was made by another version of the policy; load it again");
  }
  return policy.restore(token, facts as Facts<S>);
}

function parse(text: string | null | undefined): Embedded {
  try {
    const carried = JSON.parse(text ?? "") as Partial<Embedded> | null;
    if (typeof carried?.fingerprint === "string" && typeof carried.token === "string") return carried as Embedded;
  } catch {
    // said below
  }
  throw new InvalidTokenError("invalid-token", "the page carries no session; write it with `embed`");
}
