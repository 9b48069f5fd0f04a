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
