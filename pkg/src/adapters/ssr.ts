import { InvalidOptionsError, InvalidTokenError, StaleTokenError } from "../core/errors.js";
import type { CarriedReasons, Policy, Session } from "../core/interfaces.js";
import type { AnySchema, EpochSeconds, Facts, OperationId, Schema, Why } from "../core/types.js";

/** A session as a plain value: for props, pages, responses and messages. */
export interface Dehydrated {
  /** The version and the fingerprint of the policy that decided, for people who compare. */
  readonly version: string;
  readonly fingerprint: string;
  readonly token: string;
  readonly facts: Facts;
  /** When the first of its grants and roles ends: a token does not say this. */
  readonly validUntil?: EpochSeconds;
  /** Why operations are allowed or not: those that were chosen. {@link reasonsOf} reads them. */
  readonly reasons?: { readonly [operation: string]: Why<AnySchema> };
}

/**
 * Serialises a value as JSON that is safe in a `<script type="application/json">` element and as an expression in a script: it
 * cannot end the element, begin a comment or break a line. `JSON.parse` reads it.
 *
 * @throws TypeError for a value that has no JSON form.
 */
export function json(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new TypeError("the value cannot be written as JSON");
  return text.replace(/[<>&\u2028\u2029]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/**
 * A session as a plain value, which {@link hydrate} restores: for the props of a client component, a response or a message. With `why`
 * it carries reasons, for pages whose pack has none. The person can read and change it, so it proves nothing.
 *
 * @throws UnknownIdError; what `why` throws.
 */
export function dehydrate<S extends Schema = AnySchema>(
  session: Session<S>,
  { why, operations }: CarriedReasons<S> = {},
): Dehydrated {
  const { version, fingerprint } = session.policy;
  const { validUntil } = session;
  const value = { version, fingerprint, token: session.token(), facts: session.subject().facts ?? {} };
  const asked = why && (operations ?? session.policy.operations.filter((id) => !session.can(id)));
  return {
    ...value,
    ...(validUntil !== undefined && { validUntil }),
    ...(asked && { reasons: Object.fromEntries(asked.map((id) => [id, why(session, id)])) }),
  } as Dehydrated;
}

/** Options of {@link embed}. */
export interface EmbedOptions<S extends Schema = AnySchema> extends CarriedReasons<S> {
  /** The id of the element; by default `privet`. */
  readonly id?: string | undefined;
}

/**
 * The HTML element that carries a session in a page: its grants, its known facts, and the version and fingerprint of the policy; with
 * `why` also reasons, as {@link dehydrate} does. The second argument may be the element's id alone. The person can read and change it,
 * so it proves nothing: requests are guarded by the JWT.
 *
 * @throws InvalidOptionsError for an `id` with characters other than letters, digits, `_` and `-`; what {@link dehydrate} throws.
 */
export function embed<S extends Schema = AnySchema>(
  session: Session<S>,
  options: string | EmbedOptions<S> = {},
): string {
  const { id = "privet", ...carried } = typeof options === "string" ? { id: options } : options;
  if (!/^[\w-]+$/.test(id))
    throw new InvalidOptionsError("invalid-options", "option `id` must consist of letters, digits, `_` and `-`", "id");
  return `<script type="application/json" id="${id}">${json(dehydrate(session, carried))}</script>`;
}

/**
 * Restores a session from the element that {@link embed} wrote, from its text, or from a value of {@link dehydrate}. Its decisions
 * are those of the server, unless the server has another version of the policy: of the same layout, so that only roles' grants,
 * requirements or labels may differ.
 *
 * @throws StaleTokenError if a policy of another layout decided; InvalidTokenError if the text is not a session; what
 * {@link Policy.restore} throws for the facts.
 */
export function hydrate<S extends Schema = AnySchema>(
  policy: Policy<S>,
  source: string | Dehydrated | { readonly textContent: string | null } | null,
): Session<S> {
  const { version, token, facts } = parse(source);
  try {
    return policy.restore(token, facts as Facts<S>);
  } catch (error) {
    if (!(error instanceof StaleTokenError)) throw error;
    const message = `the page was rendered with version ${version} of the policy, here is version ${policy.version}; reload it`;
    throw new StaleTokenError("stale-token", message);
  }
}

function parse(source: Parameters<typeof hydrate>[1]): Dehydrated {
  try {
    const isText =
      typeof source === "string" || (source !== null && typeof source === "object" && "textContent" in source);
    const text = isText && typeof source === "object" ? source.textContent : source;
    const carried = (isText ? JSON.parse((text as string | null) ?? "") : source) as Partial<Dehydrated> | null;
    if (typeof carried?.version === "string" && typeof carried.token === "string") return carried as Dehydrated;
  } catch {
    // Text that is not JSON is reported below
  }
  throw new InvalidTokenError("invalid-token", "the page has no session; write one with `embed`");
}

/**
 * The reasons that a page or a value carries, by operation: `(session, operation) => reasons[operation] ?? ""` is a `why` for the
 * adapters of frameworks.
 *
 * @throws InvalidTokenError if it is not a session.
 */
export const reasonsOf = <S extends Schema = AnySchema>(
  source: Parameters<typeof hydrate>[1],
): { readonly [operation in OperationId<S>]?: Why<S> } =>
  (parse(source).reasons ?? {}) as { [operation in OperationId<S>]?: Why<S> };
