// Bundles a suite of test/frameworks with the frameworks that are installed there and the packed package, and imports it, so that the
// adapters and the suite have the same copy of a framework.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL("../frameworks/", import.meta.url));
const folder = join(here, "node_modules/.cache/privet");
const require = 'import { createRequire as create } from "node:module"; const require = create(import.meta.url);';

/**
 * Imports the suite `test/frameworks/NAME`.
 *
 * @param {string} name
 * @param {import("esbuild").BuildOptions} options
 */
export async function suite(name, options = {}, output = name.replace(/\.\w+$/, "")) {
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `${output}.mjs`);
  await build({
    entryPoints: [join(here, name)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    nodePaths: [join(here, "node_modules"), join(process.env.PRIVET_INSTALLED, "node_modules")],
    external: ["happy-dom"],
    banner: { js: require },
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"development"', ...options.define },
    logLevel: "error",
    sourcemap: process.env.NODE_V8_COVERAGE ? "inline" : false, // so that lines of pkg/src are counted (scripts/trust/coverage.sh)
    ...options,
  });
  return import(pathToFileURL(outfile).href);
}
