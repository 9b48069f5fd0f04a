/**
 * A module of another realm as one of this: an edge sandbox may compile what is imported outside of itself, and then
 * `instanceof` fails although the module is good. Anything else is returned as it is.
 */
export function ours<T>(source: T): T {
  const isModule = Object.prototype.toString.call(source) === "[object WebAssembly.Module]";
  return isModule && !(source instanceof WebAssembly.Module)
    ? Object.setPrototypeOf(source, WebAssembly.Module.prototype)
    : source;
}
