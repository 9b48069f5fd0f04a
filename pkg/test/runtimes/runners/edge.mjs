// Runtimes that do not compile bytes: a worker is bundled with the conditions of its platform, and imports its modules.
import { EdgeVM } from "@edge-runtime/vm";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { app, installed, ran, scratch } from "../lib.mjs";

const wasm = (file) => readFileSync(join(installed, "wasm", file));
const modules = ["core_bg.wasm", "studio_bg.wasm"];

/** Bundles a worker to one file, with the conditions of its platform. */
export async function bundle(name, source, conditions, format, onModule) {
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
  return outputFiles[0].text;
}

const inlined = (text) => text.includes("AGFzbQ"); // the magic number of WebAssembly, in base64

/** Keeps imports of modules external. */
export const external = ({ onResolve }) =>
  onResolve({ filter: /\.wasm$/ }, ({ path }) => ({ path: `./${basename(path)}`, external: true }));

/** Runs a worker in workerd. */
export const worker = (contents) =>
  new Miniflare({
    compatibilityDate: "2026-04-01",
    host: "127.0.0.1",
    cf: false,
    modules: [
      { type: "ESModule", path: "worker.js", contents },
      ...modules.map((path) => ({ type: "CompiledWasm", path, contents: wasm(path) })),
    ],
  });

/** The response of a worker. */
async function answer(contents) {
  const running = worker(contents);
  try {
    return await (await running.dispatchFetch("http://localhost/")).json();
  } finally {
    await running.dispose();
  }
}

export async function workerd() {
  const source = `import { run } from "../suite.mjs";
export default {
  fetch: () => run().then((count) => Response.json({ count }), (error) => Response.json({ error: String(error.stack) })),
};`;
  const contents = await bundle("workerd", source, ["workerd", "worker", "browser"], "esm", external);
  if (inlined(contents)) throw new Error("the bundle has the module inlined as well");
  return ran(await answer(contents));
}

/** Without the condition `workerd`, the inlined module is bundled, which workerd refuses: the error names the condition. */
export async function workerdRefused() {
  const source = `import { open } from "privet";
import { pack } from "privet/policies/contact";
const attempt = () => {
  try {
    return open(pack).id;
  } catch ({ code, message }) {
    return { code, message };
  }
};
export default { fetch: () => Response.json(attempt()) };`;
  const { code, message } = await answer(
    await bundle("workerd-refused", source, ["worker", "browser"], "esm", external),
  );
  if (code !== "load-failed" || !/export condition `workerd`/.test(message)) throw new Error(`${code}: ${message}`);
  return "load-failed, with the condition to use";
}

/** The `globalThis.answer` of a program in the edge runtime, with modules of its own realm and of the outer realm. */
export async function inEdgeRuntime(name, source) {
  const code = await bundle(name, source, ["edge-light", "worker", "browser"], "iife", ({ onResolve, onLoad }) => {
    onResolve({ filter: /\.wasm\?module$/ }, ({ path }) => ({ path: basename(path, "?module"), namespace: "module" }));
    onLoad({ filter: /./, namespace: "module" }, ({ path }) => ({ contents: `export default globalThis["${path}"];` }));
  });
  if (inlined(code)) throw new Error("the bundle has the module inlined as well");
  let answer;
  for (const realm of ["inner", "outer"]) {
    const vm = new EdgeVM();
    const Module = realm === "inner" ? vm.evaluate("WebAssembly").Module : WebAssembly.Module;
    for (const file of modules) vm.context[file] = new Module(wasm(file));
    vm.evaluate(code);
    answer = await vm.context.answer;
  }
  return answer;
}

export async function edgeRuntime() {
  const count = await inEdgeRuntime("edge", 'import { run } from "../suite.mjs";\nglobalThis.answer = run();\n');
  return `${count} cases, with modules of its own realm and of the outer realm`;
}
