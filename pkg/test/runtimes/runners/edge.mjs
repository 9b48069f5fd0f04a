// Runtimes that compile no bytes: a worker is bundled with the conditions of its platform, its modules stay imports.
import { EdgeVM } from "@edge-runtime/vm";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { app, installed, ran, scratch } from "../lib.mjs";

const wasm = (file) => readFileSync(join(installed, "wasm", file));
const modules = ["core_bg.wasm", "studio_bg.wasm"];

async function bundle(name, source, conditions, format, onModule) {
  const folder = scratch(name, { "main.mjs": source });
  const { outputFiles } = await build({
    entryPoints: [join(folder, "main.mjs")],
    bundle: true,
    write: false,
    format,
    target: "es2022",
    conditions,
    absWorkingDir: app,
    plugins: [{ name: "wasm", setup: onModule }],
  });
  const text = outputFiles[0].text;
  if (text.includes("AGFzbQ")) throw new Error("the bundle has the module inlined as well");
  return text;
}

export async function workerd() {
  const source = `import { run } from "../suite.mjs";
export default {
  fetch: () => run().then((count) => Response.json({ count }), (error) => Response.json({ error: String(error.stack) })),
};`;
  const contents = await bundle("workerd", source, ["workerd", "worker", "browser"], "esm", ({ onResolve }) => {
    onResolve({ filter: /\.wasm$/ }, ({ path }) => ({ path: `./${basename(path)}`, external: true }));
  });
  const worker = new Miniflare({
    compatibilityDate: "2026-04-01",
    host: "127.0.0.1",
    cf: false,
    modules: [
      { type: "ESModule", path: "worker.js", contents },
      ...modules.map((path) => ({ type: "CompiledWasm", path, contents: wasm(path) })),
    ],
  });
  try {
    return ran(await (await worker.dispatchFetch("http://localhost/")).json());
  } finally {
    await worker.dispose();
  }
}

export async function edgeRuntime() {
  const source = 'import { run } from "../suite.mjs";\nglobalThis.answer = run();\n';
  const code = await bundle("edge", source, ["edge-light", "worker", "browser"], "iife", ({ onResolve, onLoad }) => {
    onResolve({ filter: /\.wasm\?module$/ }, ({ path }) => ({ path: basename(path, "?module"), namespace: "module" }));
    onLoad({ filter: /./, namespace: "module" }, ({ path }) => ({ contents: `export default globalThis["${path}"];` }));
  });
  const vm = new EdgeVM();
  const compile = vm.evaluate("(bytes) => new WebAssembly.Module(bytes)"); // a module of the runtime's own realm
  for (const file of modules) vm.context[file] = compile(wasm(file));
  vm.evaluate(code);
  return `${await vm.context.answer} cases`;
}
