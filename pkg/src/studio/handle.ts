// Handles of policies that the engine has opened, the encoding of session state, and errors that the engine throws.
import * as errors from "../core/errors.js";
import type { ErrorCode, PrivetError } from "../core/errors.js";
import type { Pairs, State } from "../core/model.js";

const classes: { readonly [code in ErrorCode]?: new (code: never, message: string, id: string) => PrivetError } = {
  "unknown-id": errors.UnknownIdError,
  "invalid-grant": errors.InvalidGrantError,
  "invalid-fact": errors.InvalidFactError,
  "invalid-subject": errors.InvalidSubjectError,
  "invalid-options": errors.InvalidOptionsError,
  "time-missing": errors.TimeMissingError,
  "conflicting-choice": errors.ConflictingChoiceError,
  "held-by-role": errors.HeldByRoleError,
  "held-by-fact": errors.HeldByFactError,
  "invalid-token": errors.InvalidTokenError,
  "stale-token": errors.StaleTokenError,
  "invalid-pack": errors.InvalidPackError,
};

/** The error for a value that the engine threw: it throws plain objects; anything else is returned unchanged. */
export function errorOf(thrown: unknown): unknown {
  if (typeof thrown !== "object" || thrown === null || thrown instanceof Error) return thrown;
  const { code, message, id } = thrown as { code: ErrorCode; message: string; id: string };
  return new (classes[code] ?? errors.PrivetError)(code as never, message, id);
}

/** A policy in an engine. The engine caches a few opened packs; after an eviction the pack is opened again. */
export class PolicyHandle<E extends { open(pack: Uint8Array): number }> {
  #handle: number | undefined;

  constructor(
    readonly engine: E,
    readonly pack: Uint8Array,
  ) {}

  /** Calls `query` with the engine and its current handle of the policy. Throws what {@link errorOf} makes of its errors. */
  call<T>(query: (engine: E, handle: number) => T): T {
    try {
      this.#handle ??= this.engine.open(this.pack);
      try {
        return query(this.engine, this.#handle);
      } catch (thrown) {
        if (thrown !== null) throw thrown; // the engine throws `null` for an evicted handle
        this.#handle = this.engine.open(this.pack);
        return query(this.engine, this.#handle);
      }
    } catch (thrown) {
      throw errorOf(thrown);
    }
  }
}

/**
 * Encodes a session's state as the engine reads it: each list as its length, followed by pairs of index and value; then the names
 * of inline roles, each as the role's place and its characters. O(state).
 */
export function encodeState({ own, inline, names = [] }: State): Uint32Array {
  const list = (pairs: Pairs) => [pairs.length >> 1, ...pairs];
  const named = inline.flatMap((_, place) => {
    const characters = names[place] === undefined ? undefined : [...names[place]].map((it) => it.codePointAt(0)!);
    return characters ? [[place, characters.length, ...characters]] : [];
  });
  return Uint32Array.from([...list(own), inline.length, ...inline.flatMap(list), named.length, ...named.flat()]);
}
