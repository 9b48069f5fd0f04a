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
