// How a page asks the server for the present grants.
import { dehydrate, hydrate } from "../adapters/ssr.js";
import type { Dehydrated } from "../adapters/ssr.js";
import { PrivetError } from "../core/errors.js";
import type { Policy, Session } from "../core/interfaces.js";
import type { EpochSeconds, Schema } from "../core/types.js";

/** The token endpoint did not answer, or not with a session. `cause` is what the request threw, if it did. */
export class RefreshError extends PrivetError<"refresh-failed"> {
  constructor(message: string, cause?: unknown) {
    super("refresh-failed", message);
    if (cause !== undefined) this.cause = cause;
  }
}

/** What an endpoint answers: a session or its plain value; `null` if nobody is signed in. */
export type Received<S extends Schema> = Session<S> | Dehydrated | null;

/**
 * Where the present grants come from: the address of an endpoint that answers with the JSON of `dehydrate(session)`, and with 401 or
 * 403 if nobody is signed in; or a function that does the same.
 */
export type Endpoint<S extends Schema> = string | URL | ((signal: AbortSignal) => Promise<Received<S>> | Received<S>);

/** A session, and until when it holds. */
export interface Held<S extends Schema> {
  readonly session: Session<S>;
  readonly until: EpochSeconds | undefined;
}

/** Whether a value is a session: it has methods, which plain values have not. */
const isSession = <S extends Schema>(value: Session<S> | Dehydrated): value is Session<S> => "can" in value;

/**
 * The session of an answer.
 *
 * @throws what `hydrate` throws.
 */
export function restored<S extends Schema>(policy: Policy<S>, received: Session<S> | Dehydrated): Held<S> {
  if (isSession(received)) return { session: received, until: received.validUntil };
  const session = hydrate(policy, received);
  return { session, until: received.validUntil };
}

/** The plain value of what is held, for other tabs. */
export function carried<S extends Schema>({ session, until }: Held<S>): Dehydrated {
  const value = dehydrate(session);
  return until === undefined ? value : { ...value, validUntil: until };
}

/**
 * Asks once, for at most `timeout` milliseconds.
 *
 * @throws RefreshError
 */
export async function ask<S extends Schema>(
  endpoint: Endpoint<S>,
  timeout: number,
  aborted: AbortSignal,
): Promise<Received<S>> {
  const signal = AbortSignal.any([aborted, AbortSignal.timeout(timeout)]);
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  try {
    return await Promise.race([stopped, typeof endpoint === "function" ? endpoint(signal) : get<S>(endpoint, signal)]);
  } catch (error) {
    throw error instanceof RefreshError ? error : new RefreshError("the token endpoint did not answer", error);
  }
}

async function get<S extends Schema>(address: string | URL, signal: AbortSignal): Promise<Received<S>> {
  const response = await fetch(address, { signal, cache: "no-store", headers: { accept: "application/json" } });
  if (response.status === 401 || response.status === 403) return null;
  if (!response.ok) throw new RefreshError(`the token endpoint answered ${response.status}`);
  return (await response.json()) as Dehydrated;
}
