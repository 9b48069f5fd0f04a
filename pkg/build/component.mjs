// Makes a component of the module that has the exports of wit/privet.wit:
//   node component.mjs exports MODULE   prints the exports that the component needs, one a line
//   node component.mjs new MODULE OUT   writes the component
import { readFileSync, writeFileSync } from "node:fs";
import { componentNew } from "@bytecodealliance/jco-transpile/wasm-tools";

const [step, path, out] = process.argv.slice(2);
const module = readFileSync(path);

if (step === "exports") {
  // The canonical ABI's, and what `privet embed` puts a policy in by
  const isKept = /^(cabi_realloc$|cabi_post_|privet:|memory$|embedded$|open$|answer$)/;
  const names = WebAssembly.Module.exports(new WebAssembly.Module(module)).map(({ name }) => name);
  console.log(names.filter((name) => isKept.test(name)).join("\n"));
} else {
  writeFileSync(out, await componentNew(module));
}
