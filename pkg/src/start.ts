import { start } from "./engine.js";
import { Policy } from "./policy.js";
import type { AnySchema, Pack, Schema } from "./types.js";

/**
 * Opens a pack. Synchronous, O(bytes). A pack from a generated module gives a policy whose ids are typed; bytes from
 * elsewhere give one whose ids are strings, or name the schema: `open<Schema>(bytes)`.
 *
 * @throws InvalidPackError for bytes that are no pack of this release.
 */
export type Open = <S extends Schema = AnySchema>(pack: Pack<S> | Uint8Array) => Policy<S>;

/** `open` over an engine that starts when the first pack is opened: importing an entry does nothing yet. */
export function opener(module: () => BufferSource | WebAssembly.Module): Open {
  return <S extends Schema>(pack: Pack<S> | Uint8Array) => {
    start(module);
    return new Policy<S>(pack);
  };
}
