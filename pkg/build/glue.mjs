// glue.mjs FILE NAME..: reduces wasm-bindgen's JavaScript to the given exports and what they use. Its asynchronous loader refers
// to the .wasm file by URL, so that bundlers would include the file even where the module is inlined.
import { basename, dirname } from "node:path";
import { build } from "esbuild";

const [file, ...names] = process.argv.slice(2);
await build({
  stdin: { contents: `export { ${names} } from "./${basename(file)}";`, resolveDir: dirname(file) },
  outfile: file,
  allowOverwrite: true,
  bundle: true,
  format: "esm",
  target: "es2022",
  logLevel: "warning",
});
