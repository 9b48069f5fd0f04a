import { initSync } from "../wasm/core.js";
import { LoadError } from "./errors.js";
import { open } from "./policy.js";

let started = false;

/** `open` over an engine that starts when the first pack is opened: importing an entry does nothing yet. */
export function opener(module: () => BufferSource | WebAssembly.Module): typeof open {
  return (pack) => {
    if (!started) {
      try {
        initSync({ module: module() });
      } catch (thrown) {
        throw new LoadError(thrown);
      }
      started = true;
    }
    return open(pack);
  };
}
