// The type of imported WebAssembly modules, in the two forms that runtimes and bundlers support.
declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
declare module "*.wasm?module" {
  const module: WebAssembly.Module;
  export default module;
}
