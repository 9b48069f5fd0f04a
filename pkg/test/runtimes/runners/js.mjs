// `privet/js`: everything that runs `privet`, and places without WebAssembly.
import { build } from "esbuild";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { app, counted, here, page, scratch, serving, sh } from "../lib.mjs";
import { plain, policy } from "./chromium.mjs";

const engines = join(here, "engines/node_modules");
const engine = createRequire(join(engines, "any.js"));

/** The suite of all runtimes, with `privet/js` in place of `privet`. */
export async function js() {
  const suite = readFileSync(join(app, "suite.mjs"), "utf8").replace('from "privet";', 'from "privet/js";');
  const folder = scratch("js", {
    "suite.mjs": suite.replaceAll('from "./', 'from "../'),
    "main.mjs": 'import { run } from "./suite.mjs";\nconsole.log("cases:", await run());\n',
  });
  return counted(await sh(process.execPath, ["main.mjs"], { cwd: folder }));
}

/** Node.js without a compiler has no WebAssembly. */
export async function jsJitless() {
  const folder = scratch("js-jitless", {
    "main.mjs": `import { LoadError, open } from "privet";
import { privet, run } from "../core-suite.mjs";
import { pack } from "privet/policies/contact";
if (typeof WebAssembly !== "undefined") throw new Error("there is WebAssembly");
try {
  open(pack);
} catch (error) {
  if (!(error instanceof LoadError) || !error.message.endsWith("; \`privet/js\` needs no WebAssembly")) throw error;
}
const policy = await open(pack, { fallback: () => import("privet/js") });
if (!policy.session({ grants: { reports: "view-only" } }).can("item.reports.view")) throw new Error("denied");
if (privet.open !== (await import("privet/js")).open) throw new Error("another module");
console.log("cases:", run());
`,
  });
  return counted(await sh(process.execPath, ["--jitless", "main.mjs"], { cwd: folder }));
}

/**
 * A page that tries `privet`, opens by the fallback, shows an element and runs the suite with `privet/js`. Returns the name of its
 * folder.
 */
export function withoutWasm(name) {
  scratch(name, {
    "index.html": plain,
    "main.mjs": `import { LoadError, open } from "privet";
import { connect } from "privet/elements";
import { pack } from "privet/policies/contact";
import { run } from "../core-suite.mjs";
const result = async () => {
  let refused;
  try {
    open(pack);
  } catch (error) {
    refused = [error instanceof LoadError, error.code, error.message];
  }
  const invalid = await open(new Uint8Array(), { fallback: () => import("privet/js") }).catch(({ code }) => code);
  const policy = await open(pack, { fallback: () => import("privet/js") });
  document.body.innerHTML = '<p data-can="item.reports.view">Reports</p><p data-can="data.reports.manage">New</p>';
  const page = connect(policy.session({ grants: { reports: "view-only" } }));
  const shown = [...document.querySelectorAll("p")].map((element) => element.checkVisibility());
  return { refused, invalid, shown, count: run() };
};
result().then((is) => (globalThis.result = is), (error) => (globalThis.result = { error: String(error.stack) }));
`,
  });
  return name;
}

/** Checks what such a page found. `help` is in the error of \`privet\`. */
export function checkRefused({ error, refused, invalid, shown, count }, help) {
  if (error) throw new Error(error);
  const [isLoadError, code, message] = refused ?? [];
  if (
    !isLoadError ||
    code !== "load-failed" ||
    !help.test(message) ||
    !message.endsWith("; `privet/js` needs no WebAssembly")
  )
    throw new Error(`privet: ${JSON.stringify(refused)}`);
  if (invalid !== "invalid-pack") throw new Error(`a fallback opened what is no pack: ${invalid}`);
  if (String(shown) !== "true,false") throw new Error(`the elements are shown: ${shown}`);
  return `privet: load-failed, and what to do; privet/js: ${count} cases`;
}

/** A strict Content-Security-Policy, which permits neither WebAssembly nor `eval`. */
export async function cspJs() {
  const folder = withoutWasm("csp-js");
  const run = (url) => page(`${url}${folder}/`, { quiet: false });
  return checkRefused(await serving(app, run, policy("")), /add 'wasm-unsafe-eval' to script-src/);
}

/** Hermes, the engine of React Native: bundled by Metro with React Native's own transformation. `privet` is `privet/js` there. */
export async function hermes() {
  const files = { linux: "linux64-bin/hermes", darwin: "osx-bin/hermes", win32: "win64-bin/hermes.exe" };
  const file = files[process.platform];
  if (!file || (process.platform === "linux" && process.arch !== "x64"))
    return { skipped: `hermes-engine-cli has no engine for ${process.platform} ${process.arch}` };
  const folder = scratch("hermes", {
    "index.js": `import { open } from "privet";
import { privet, run } from "../core-suite.mjs";
if (typeof WebAssembly !== "undefined" || typeof HermesInternal === "undefined") throw new Error("this is not Hermes");
if (open !== privet.open) throw new Error("privet is not privet/js");
print("cases:", run());
`,
  });
  const transformer = engine.resolve("@react-native/metro-babel-transformer");
  const settings = {
    projectRoot: folder,
    watchFolders: [app, engines],
    cacheStores: [],
    resetCache: true,
    maxWorkers: 1,
    resolver: {
      sourceExts: ["js", "mjs", "json"],
      nodeModulesPaths: [engines],
      unstable_conditionNames: ["react-native", "require"],
      unstable_enablePackageExports: true,
      useWatchman: false,
    },
    transformer: { babelTransformerPath: transformer },
  };
  const script = `const metro = require(${JSON.stringify(engine.resolve("metro"))});
const settings = ${JSON.stringify(settings)};
metro.loadConfig({ cwd: settings.projectRoot }, { ...settings, reporter: { update() {} } })
  .then((config) => metro.runBuild(config, { entry: "index.js", out: ${JSON.stringify(join(folder, "out.js"))}, platform: "android", dev: false, minify: true }))
  .then(() => process.exit(), (error) => { console.error(error); process.exit(1); });
`;
  writeFileSync(join(folder, "bundle.cjs"), script);
  await sh(process.execPath, ["bundle.cjs"], { cwd: folder, seconds: 300 });
  return counted(await sh(join(engines, "hermes-engine-cli", file), ["out.js"], { cwd: folder, seconds: 300 }));
}

/** QuickJS, an interpreter with ECMAScript alone. It runs as WebAssembly itself, and has none. */
export async function quickjs() {
  const folder = scratch("quickjs", {
    "main.mjs": `import { run } from "../core-suite.mjs";
if (typeof WebAssembly !== "undefined" || typeof TextDecoder !== "undefined") throw new Error("this is not QuickJS");
globalThis.count = run();
`,
  });
  const { outputFiles } = await build({
    entryPoints: [join(folder, "main.mjs")],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    logLevel: "error",
  });
  const { getQuickJS } = await import(engine.resolve("quickjs-emscripten"));
  const context = (await getQuickJS()).newContext();
  try {
    context.unwrapResult(context.evalCode(outputFiles[0].text, "main.js")).dispose();
    return `${context.unwrapResult(context.evalCode("count")).consume(context.dump)} cases`;
  } finally {
    context.dispose();
  }
}
