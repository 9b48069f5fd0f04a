import { build } from "esbuild";
import { join } from "node:path";
import { counted, scratch, sh } from "../lib.mjs";

export async function nodeImport() {
  const folder = scratch("node", {
    "main.mjs": 'import { run } from "../suite.mjs";\nconsole.log("cases:", await run());\n',
  });
  return counted(await sh(process.execPath, ["main.mjs"], { cwd: folder }));
}

/** CommonJS, where Node.js supports require(esm). */
export async function nodeRequire() {
  if (!process.features.require_module) return { skipped: `Node.js ${process.version} has no require(esm)` };
  const folder = scratch("require", {
    "main.cjs": `const { open } = require("privet");
const { pack } = require("privet/policies/vicidial");
const subject = { grants: { "modify-email-accounts": true }, facts: { "email-allowed": true } };
if (!open(pack).session(subject).can("email-accounts.open")) throw new Error("denied");
require("../suite.mjs").run().then((count) => console.log("cases:", count));
`,
  });
  return counted(await sh(process.execPath, ["main.cjs"], { cwd: folder }));
}

/** CommonJS where Node.js has no require(esm): the package's own. */
export async function nodeCommonJs() {
  const folder = scratch("commonjs", {
    "main.cjs": `const { UnknownIdError, open } = require("privet");
const { studio } = require("privet/studio");
const { why } = require("privet/why");
const { pack } = require("privet/policies/vicidial");
const session = open(pack).session({ grants: { "modify-email-accounts": true }, facts: { "email-allowed": false } });
studio().then(async (tools) => {
  if (tools.explain(session, "email-accounts.open").decision !== why(session, "email-accounts.open").decision) throw new Error("differs");
  const { UnknownIdError: other } = await import("privet");
  console.log(require.resolve("privet").endsWith(".cjs"), other === UnknownIdError, why(session, "email-accounts.open").decision);
});
`,
  });
  const printed = async (...flags) => (await sh(process.execPath, [...flags, "main.cjs"], { cwd: folder })).trim();
  const own = await printed("--no-experimental-require-module");
  if (own !== "true false denied") throw new Error(`without require(esm) it prints ${own}`);
  if (!process.features.require_module) return "its own files";
  const shared = await printed();
  if (shared !== "false true denied") throw new Error(`with require(esm) it prints ${shared}`);
  return "its own files; with require(esm) one copy for `require` and `import`";
}

/** A server bundled by esbuild to one file: core and studio are inlined. */
export async function nodeBundle() {
  const source = 'import { run } from "../suite.mjs";\nconsole.log("cases:", await run());\n';
  const folder = scratch("node-bundle", { "main.mjs": source });
  const outfile = join(folder, "out.mjs");
  await build({
    entryPoints: [join(folder, "main.mjs")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
  return counted(await sh(process.execPath, ["out.mjs"], { cwd: folder }));
}

/** Another version of Node.js: `import` and `require`. */
async function version(major) {
  const node = process.env[`PRIVET_NODE_${major}`];
  if (!node) return { skipped: `no Node.js ${major}: see scripts/nodes.sh` };
  const found = await sh(node, ["--version"]);
  if (!found.startsWith(`v${major}.`)) throw new Error(`${node} is ${found}`);
  const folder = scratch(`node-${major}`, {
    "main.cjs": `const { open } = require("privet");
const { pack } = require("privet/policies/vicidial");
if (open(pack).session({}).can("email-accounts.open")) throw new Error("allowed");
import("privet").then((imported) => {
  if (imported.open !== open) throw new Error("two copies");
});
import("../suite.mjs").then(({ run }) => run()).then((count) => console.log("cases:", count));
`,
  });
  return `${found.trim()}, ${counted(await sh(node, ["main.cjs"], { cwd: folder }))}`;
}

export const node22 = () => version(22);
export const node24 = () => version(24);
