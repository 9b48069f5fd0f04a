// glue.mjs FILE CLASS: reduces wasm-bindgen's JavaScript to a function `instantiate(module)` that returns the class CLASS of a new
// instance of the module. wasm-bindgen keeps one instance in variables of its file; here each instance has its own, so that a new
// one can replace one that trapped, and nothing that is collected later frees memory of another instance. The asynchronous loader
// is left out: it refers to the .wasm file by URL, so that bundlers would include the file even where the module is inlined.
import { appendFileSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { build } from "esbuild";

const [file, name] = process.argv.slice(2);
const { outputFiles } = await build({
  stdin: { contents: `export { ${name}, initSync } from "./${basename(file)}";`, resolveDir: dirname(file) },
  write: false,
  bundle: true,
  format: "esm",
  target: "es2022",
  logLevel: "warning",
});
const [body, exports] = outputFiles[0].text.split(/^(?=export \{)/m);
if (!exports || /^import\b/m.test(body)) throw new Error(`${file} has another form than expected`);
writeFileSync(file, `export function instantiate(module) {\n${body}initSync({ module });\nreturn ${name};\n}\n`);
appendFileSync(
  file.replace(/\.js$/, ".d.ts"),
  `\n/** Makes an instance of the module, and returns its own class. */\nexport function instantiate(module: WebAssembly.Module): typeof ${name};\n`,
);
