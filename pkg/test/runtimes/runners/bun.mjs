import { join } from "node:path";
import { counted, native, scratch, sh } from "../lib.mjs";

const main = { "main.mjs": 'import { run } from "../suite.mjs";\nconsole.log("cases:", await run());\n' };

export async function bun() {
  const folder = scratch("bun", main);
  return counted(await sh(native("@oven", "bin/bun"), ["main.mjs"], { cwd: folder }));
}

/** Bundled, and run in a folder without node_modules. */
export async function bunBuild() {
  const folder = scratch("bun-build", main);
  const run = native("@oven", "bin/bun");
  await sh(run, ["build", "main.mjs", "--target=bun", "--outdir=dist"], { cwd: folder });
  return counted(await sh(run, ["main.js"], { cwd: join(folder, "dist") }));
}
