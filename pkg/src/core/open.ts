import type { Exports } from "./engine.js";
import { LoadError } from "./errors.js";
import type { Policy } from "./interfaces.js";
import { Policy as PolicyClass } from "./policy.js";
import type { AnySchema, Pack, Schema } from "./types.js";

/** Options of `open`. */
export interface OpenOptions {
  /** Imports what opens packs where WebAssembly does not start: `() => import("privet/js")`. */
  readonly fallback: () => Promise<{ readonly open: Open }>;
}

/**
 * Opens a pack. Synchronous, O(bytes). A pack from a generated module gives a policy whose ids are typed. For bytes from
 * elsewhere ids are strings, unless the schema is named: `open<Schema>(bytes)`.
 *
 * With a fallback, which is imported only where WebAssembly does not start, the result is a promise:
 * `await open(pack, { fallback: () => import("privet/js") })`.
 *
 * @throws InvalidPackError for bytes that are not a valid pack of this release; LoadError where WebAssembly does not start.
 */
export interface Open {
  <S extends Schema = AnySchema>(pack: Pack<S> | Uint8Array, options: OpenOptions): Promise<Policy<S>>;
  <S extends Schema = AnySchema>(pack: Pack<S> | Uint8Array): Policy<S>;
}

/** Creates `open` for what makes instances of the engine, which is called by `open`: importing an entry has no side effect. */
export function createOpen(instance: () => Exports): Open {
  const orElse = async (pack: Uint8Array, { fallback }: OpenOptions) => {
    try {
      return new PolicyClass(pack, instance);
    } catch (error) {
      if (error instanceof LoadError) return (await fallback()).open(pack);
      throw error;
    }
  };
  return ((pack: Uint8Array, options?: OpenOptions) =>
    // Not any second argument: `packs.map(open)` passes an index
    options?.fallback ? orElse(pack, options) : new PolicyClass(pack, instance)) as Open;
}
