// The build writes studio-source.js (build/inline.mjs): TypeScript does not know `import source` yet.
declare const module: WebAssembly.Module;
export default module;
