import { start } from "./engine.js";
import type { Policy } from "./interfaces.js";
import { Policy as PolicyClass } from "./policy.js";
import type { AnySchema, Pack, Schema } from "./types.js";

/**
 * Opens a pack. Synchronous, O(bytes). A pack from a generated module gives a policy whose ids are typed. For bytes from
 * elsewhere ids are strings, unless the schema is named: `open<Schema>(bytes)`.
 *
 * @throws InvalidPackError for bytes that are not a valid pack of this release; LoadError where WebAssembly does not start.
 */
export type Open = <S extends Schema = AnySchema>(pack: Pack<S> | Uint8Array) => Policy<S>;

/** Creates `open` for a WebAssembly module. The module is compiled at the first call: importing an entry has no side effect. */
export function createOpen(module: () => BufferSource | WebAssembly.Module): Open {
  return <S extends Schema>(pack: Pack<S> | Uint8Array) => new PolicyClass<S>(pack, () => start(module));
}
