// The build writes studio-module.js (build/inline.mjs): TypeScript does not support `import source` yet.
declare const module: WebAssembly.Module;
export default module;
