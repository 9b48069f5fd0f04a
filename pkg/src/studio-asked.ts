// Questions to an engine about packs that it may have open.
import * as errors from "./errors.js";
import type { ErrorCode, PrivetError } from "./errors.js";
import type { Pair } from "./program.js";
import type { Session } from "./session.js";

const classes: { readonly [code in ErrorCode]?: new (code: ErrorCode, message: string, id: string) => PrivetError } = {
  "unknown-id": errors.UnknownIdError,
  "invalid-grant": errors.InvalidGrantError,
  "invalid-fact": errors.InvalidFactError,
  "invalid-subject": errors.InvalidSubjectError,
  "invalid-options": errors.InvalidOptionsError,
  "conflicting-choice": errors.ConflictingChoiceError,
  "held-by-role": errors.HeldByRoleError,
  "held-by-fact": errors.HeldByFactError,
  "invalid-token": errors.InvalidTokenError,
  "stale-token": errors.StaleTokenError,
  "invalid-pack": errors.InvalidPackError,
};

/** @internal What an engine threw, as an error: it throws JSON text, or what is an error already. */
export function errorOf(thrown: unknown): unknown {
  if (typeof thrown !== "string") return thrown;
  const { code, message, id } = JSON.parse(thrown) as { code: ErrorCode; message: string; id: string };
  return new (classes[code] ?? errors.PrivetError)(code, message, id);
}

/** @internal An engine's questions about one pack. Engines keep few packs open; one that was pushed out is opened again. */
export class Asked<E extends { open(pack: Uint8Array): number }> {
  #handle: number | undefined;

  constructor(
    readonly engine: E,
    readonly pack: Uint8Array,
  ) {}

  ask<T>(question: (engine: E, handle: number) => T): T {
    try {
      this.#handle ??= this.engine.open(this.pack);
      try {
        return question(this.engine, this.#handle);
      } catch (thrown) {
        if (thrown !== null) throw thrown; // `null` says that the pack was pushed out
        this.#handle = this.engine.open(this.pack);
        return question(this.engine, this.#handle);
      }
    } catch (thrown) {
      throw errorOf(thrown);
    }
  }
}

/** @internal The subject of a session as engines read it: each list behind its length, places and values. */
export function wordsOf({ state: { given, inline } }: Pick<Session, "state">): Uint32Array {
  const words: number[] = [];
  const pairs = (list: readonly Pair[]) => {
    words.push(list.length);
    for (const [{ index }, value] of list) words.push(index, value);
  };
  pairs(given);
  words.push(inline.length);
  inline.forEach(pairs);
  return Uint32Array.from(words);
}
