// Tests the packed package in every runtime and bundler in sequence. Prints a line for each and a summary.
//   run.mjs [RUNNER..]   (by default all)
// PRIVET_TGZ is the packed package, PRIVET_APP a project that has it installed, PRIVET_CHROMIUM a Chromium, PRIVET_FIREFOX a Firefox,
// PRIVET_WEBKIT a MiniBrowser, PRIVET_NODE_22 and PRIVET_NODE_24 other versions of Node.js.
import { copyFileSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatSuite } from "../support/formats.mjs";
import { app, closeBrowser, here } from "./lib.mjs";
import { astro } from "./runners/astro.mjs";
import { authzenNginx, authzenNode, authzenWorkerd } from "./runners/authzen.mjs";
import {
  exampleFirefox,
  exampleWebkit,
  firefox,
  firefoxCsp,
  webkit,
  webkitCsp,
  webkitLockdown,
} from "./runners/browsers.mjs";
import { bun, bunBuild } from "./runners/bun.mjs";
import { attw, exports, guardTypes, publint, reach } from "./runners/checks.mjs";
import { chromium, csp, cspRefused, esbuildBrowser, vite, webpack5 } from "./runners/chromium.mjs";
import { deno } from "./runners/deno.mjs";
import { edgeRuntime, workerd, workerdRefused } from "./runners/edge.mjs";
import { edgeAnswers, edgeElsewhere, edgeLoad, edgeMutations } from "./runners/guard.mjs";
import { devtools, exampleAngular, exampleHtml, exampleReact, exampleSvelte, exampleVue } from "./runners/examples.mjs";
import { everywhere } from "./runners/everywhere.mjs";
import { cspJs, hermes, js, jsJitless, quickjs } from "./runners/js.mjs";
import { next } from "./runners/next.mjs";
import { node22, node24, nodeBundle, nodeCommonJs, nodeImport, nodeRequire } from "./runners/node.mjs";
import { pageFirefox, pageWebkit } from "./runners/page.mjs";
import { pluginHot } from "./runners/plugin-hot.mjs";
import { pluginDocs, pluginTypes, plugins, pluginVite } from "./runners/plugins.mjs";
import { readme } from "./runners/readme.mjs";
import { serve } from "./runners/serve.mjs";
import { ssr } from "./runners/ssr.mjs";
import { ssrVue } from "./runners/ssr-vue.mjs";
import { sveltekit } from "./runners/sveltekit.mjs";
import { jest, jestCommonJs, jestDefault, jestPolicies, vitest, vitestPolicies } from "./runners/testers.mjs";

const runners = {
  exports,
  publint,
  attw,
  reach,
  "guard-types": guardTypes,
  readme: () => readme(Object.keys(runners)),
  node: nodeImport,
  "node-require": nodeRequire,
  "node-commonjs": nodeCommonJs,
  "node-bundle": nodeBundle,
  "node-22": node22,
  "node-24": node24,
  deno,
  bun,
  "bun-build": bunBuild,
  workerd,
  "workerd-refused": workerdRefused,
  "edge-runtime": edgeRuntime,
  "edge-answers": edgeAnswers,
  "edge-elsewhere": edgeElsewhere,
  "edge-mutations": edgeMutations,
  "edge-load": edgeLoad,
  "authzen-node": authzenNode,
  "authzen-workerd": authzenWorkerd,
  "authzen-nginx": authzenNginx,
  everywhere,
  chromium,
  csp,
  "csp-refused": cspRefused,
  js,
  "js-jitless": jsJitless,
  "csp-js": cspJs,
  hermes,
  quickjs,
  firefox,
  "firefox-csp": firefoxCsp,
  "example-firefox": exampleFirefox,
  webkit,
  "webkit-csp": webkitCsp,
  "webkit-lockdown": webkitLockdown,
  "example-webkit": exampleWebkit,
  "page-firefox": pageFirefox,
  "page-webkit": pageWebkit,
  vite,
  webpack: webpack5,
  esbuild: esbuildBrowser,
  plugins,
  "plugin-types": pluginTypes,
  "plugin-vite": pluginVite,
  "plugin-hot": pluginHot,
  "plugin-docs": pluginDocs,
  serve,
  ssr,
  "ssr-vue": ssrVue,
  next,
  "example-react": exampleReact,
  "example-vue": exampleVue,
  "example-svelte": exampleSvelte,
  "example-angular": exampleAngular,
  "example-html": exampleHtml,
  sveltekit,
  astro,
  devtools,
  vitest,
  "vitest-policies": vitestPolicies,
  "jest-policies": jestPolicies,
  jest,
  "jest-default": jestDefault,
  "jest-commonjs": jestCommonJs,
};

const cases = new URL("../../../tests/cases/", import.meta.url);
const groups = readdirSync(cases)
  .filter((name) => name.endsWith(".json"))
  .flatMap((name) => JSON.parse(readFileSync(new URL(name, cases), "utf8")));
// The files as modules, because not every runtime has a file system.
const module = (file, data) =>
  writeFileSync(join(app, file), `export default JSON.parse(${JSON.stringify(JSON.stringify(data))});\n`);
module("cases.mjs", groups);
module("formats.mjs", formatSuite());
for (const file of ["conformance.mjs", "core-suite.mjs", "decisions.mjs", "format.mjs", "guarded.mjs", "suite.mjs"])
  copyFileSync(join(here, file), join(app, file));

const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(runners);
const unknown = chosen.filter((name) => !(name in runners));
if (unknown.length) throw new Error(`no runner ${unknown}; there are ${Object.keys(runners).join(", ")}`);
let passed = 0;
let failed = 0;
let skipped = 0;
for (const name of chosen) {
  const start = performance.now();
  delete process.env.NODE_ENV; // bundlers that build in this process leave it set
  const took = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  try {
    const result = await runners[name]();
    if (result.skipped) skipped++;
    else passed++;
    console.log(result.skipped ? `skipped ${name}: ${result.skipped}` : `ok ${name}: ${result} (${took()})`);
  } catch (error) {
    failed++;
    console.log(`not ok ${name} (${took()})\n${error?.stack ?? error}`);
  }
}
await closeBrowser();
console.log(`runtimes: ${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`);
process.exitCode = failed ? 1 : 0;
