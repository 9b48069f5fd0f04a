// glue.mjs FILE NAME..: leaves of wasm-bindgen's JavaScript only those names and what they use. Its asynchronous start
// names the .wasm file by address, which bundlers would bring along even where the module is inlined.
import { build } from "esbuild";
import { basename, dirname } from "node:path";

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
