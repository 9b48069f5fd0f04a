import type { Exports } from "./engine.js";
import { LoadError } from "./errors.js";

/**
 * Changes a `WebAssembly.Module` of another realm into one of this realm; anything else is returned unchanged. An edge sandbox
 * may compile imported modules outside of itself, and `instanceof` fails for those although they work.
 */
export function toLocalModule<T>(source: T): T {
  const isModule = Object.prototype.toString.call(source) === "[object WebAssembly.Module]";
  return isModule && !(source instanceof WebAssembly.Module)
    ? Object.setPrototypeOf(source, WebAssembly.Module.prototype)
    : source;
}

/** Makes instances of the engine's module, which is compiled for the first one. They throw LoadError where it does not start. */
export function instances(source: () => BufferSource | WebAssembly.Module): () => Exports {
  let module: WebAssembly.Module | undefined;
  return () => {
    try {
      if (!module) {
        const code = source();
        module = code instanceof WebAssembly.Module ? code : new WebAssembly.Module(code);
      }
      return new WebAssembly.Instance(module).exports as unknown as Exports;
    } catch (thrown) {
      throw new LoadError(thrown, "; `privet/js` needs no WebAssembly");
    }
  };
}
