// sizes.mjs FOLDER [--update]: the download size of every entry of the package that is installed in FOLDER, minified, beside the sizes
// of the last commit (pkg/sizes.json). Fails if an entry exceeds its budget, or if pkg/sizes.json is out of date by more than the few
// bytes in which compiler versions differ. `--update` writes pkg/sizes.json.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";

const file = fileURLToPath(new URL("../sizes.json", import.meta.url));

/**
 * The most gzipped bytes that an entry may have. The core is its JavaScript and its module; so is the studio. Both exceed their
 * design budgets (`make bench` shows these). The core: 7,900 and 8,400 bytes, exceeded by validating packs, reading tokens, ends of
 * grants, names of roles and the fallback for places without WebAssembly. The studio: 350,000 bytes, exceeded by residuals, conditions,
 * inheritance, documents in several files, the givers of populations, the catalogue of messages, and the index of documents that
 * editors use. The bounds here only prevent that they grow further. The aim of `privet/why` is 2,500 bytes.
 */
export const BUDGETS = {
  "privet (core, separate module)": 13_250,
  "privet (core, module inlined)": 13_680,
  "privet/js": 14_880,
  "privet/why (core excluded)": 2_650,
  "privet/read": 1_500,
  "privet/studio": 448_500,
};

/** The adapters of frameworks, and what of each is counted; the framework itself is not. */
const ADAPTERS = {
  react: "PrivetProvider, Can, Menu, useCan, useMenu, useSession, useWhy",
  vue: "privet, Can, Menu, useCan, useMenu, useSession, useWhy",
  svelte: "setPrivet, usePrivet",
  solid: "PrivetProvider, Can, useCan, useMenu, useSession, useWhy",
  angular: "PrivetCan, PrivetDisabled, guardRoute, injectCan, injectMenu, injectSession, injectWhy, providePrivet",
  elements: "connect",
  live: "liveStore",
  routes: "guardRoute, guardVueRouter",
  next: "currentSession, guardAction, guardHandler, guardMiddleware",
  sveltekit: "guardHandle",
  astro: "guardMiddleware",
};
/**
 * The aim of an adapter is 2,000 bytes; what all share has 1,400: the scope, the focus, announcements, disabled elements. Angular's has
 * the declarations for its linker, which applications do not keep.
 */
const ADAPTER_BUDGETS = {
  react: 2_530,
  vue: 3_450,
  svelte: 1_930,
  solid: 2_470,
  elements: 3_090,
  live: 2_850,
  routes: 500,
  angular: 3_950,
  next: 1_800,
  sveltekit: 1_550,
  astro: 1_550,
};
for (const [name, most] of Object.entries(ADAPTER_BUDGETS)) BUDGETS[`privet/${name}`] = most;

/** The packages that the adapters import. */
const FRAMEWORKS = ["react", "vue", "svelte", "svelte/*", "solid-js", "solid-js/*", "@angular/*", "next/*"];

/** The largest share by which pkg/sizes.json may differ from the measured sizes. */
const TOLERANCE = 0.02;

/** Bundles and minifies a module whose imports are resolved in `folder`, as a page or (condition `workerd`) a worker does. */
export async function bundled(contents, folder, condition = "browser") {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: folder },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    logLevel: "error",
    conditions: [condition],
    define: { ngDevMode: "false" }, // as builds of Angular for production have it
    external: [...FRAMEWORKS, "*.wasm", "*.wasm?module", "node:*", "fs", "path", "crypto", "events", "util", "assert"],
    absWorkingDir: folder,
  });
  return Buffer.from(outputFiles[0].contents);
}

/** The bytes of some files together, each compressed by itself. */
export function sizeOf(...parts) {
  const total = (size) => parts.reduce((sum, part) => sum + size(part), 0);
  return {
    raw: total((part) => part.length),
    gzip: total((part) => gzipSync(part, { level: 9 }).length),
    brotli: total((part) => brotliCompressSync(part).length),
  };
}

/** The sizes of the package in `folder`/node_modules: `{ raw, gzip, brotli }` by entry. */
export async function measure(folder) {
  const wasm = (name) => readFileSync(join(folder, `node_modules/privet/wasm/${name}_bg.wasm`));
  const core = 'export { open } from "privet"';
  const sizes = {
    "privet (core, separate module)": sizeOf(await bundled(core, folder, "workerd"), wasm("core")),
    "privet (core, module inlined)": sizeOf(await bundled(core, folder)),
    "privet/js": sizeOf(await bundled('export { open } from "privet/js"', folder)),
    "privet/read": sizeOf(await bundled('export { read } from "privet/read"', folder)),
    "privet/studio": sizeOf(await bundled('export { studio } from "privet/studio"', folder), wasm("studio")),
  };
  const both = sizeOf(await bundled(`${core}; export { why } from "privet/why"`, folder, "workerd"), wasm("core"));
  sizes["privet/why (core excluded)"] = Object.fromEntries(
    Object.entries(both).map(([key, size]) => [key, size - sizes["privet (core, separate module)"][key]]),
  );
  for (const [name, used] of Object.entries(ADAPTERS))
    sizes[`privet/${name}`] = sizeOf(await bundled(`export { ${used} } from "privet/${name}"`, folder));
  for (const id of ["contact", "dotdigital", "vicidial"]) {
    sizes[`privet/policies/${id}`] = sizeOf(await bundled(`export { pack } from "privet/policies/${id}"`, folder));
  }
  return sizes;
}

/** The gzipped sizes of the last commit, or of the working tree where there is no Git. */
function recorded() {
  try {
    return JSON.parse(execFileSync("git", ["show", "HEAD:./sizes.json"], { cwd: join(file, ".."), stdio: "pipe" }));
  } catch {
    return JSON.parse(readFileSync(file, "utf8"));
  }
}

/** The table of sizes, with the difference from `before` and the budgets. */
function table(sizes, before) {
  const row = (name, ...cells) => name.padEnd(32) + cells.map((cell) => String(cell).padStart(11)).join("");
  const rows = Object.entries(sizes).map(([name, { raw, gzip, brotli }]) => {
    const difference = gzip - (before[name] ?? 0);
    return row(name, raw, gzip, difference > 0 ? `+${difference}` : difference, brotli, BUDGETS[name] ?? "");
  });
  return [row("bytes", "raw", "gzip -9", "change", "brotli", "budget"), ...rows].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [path, option] = process.argv.slice(2);
  const folder = resolve(path);
  const sizes = await measure(folder);
  const before = recorded();
  console.log(table(sizes, before));
  const gzip = Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, size.gzip]));
  if (option === "--update") writeFileSync(file, `${JSON.stringify(gzip, null, 2)}\n`);
  const current = JSON.parse(readFileSync(file, "utf8"));
  const over = Object.keys(BUDGETS).filter((name) => gzip[name] > BUDGETS[name]);
  const stale = Object.keys(gzip).filter((name) => !(Math.abs(gzip[name] / current[name] - 1) <= TOLERANCE));
  if (over.length) console.error(`over budget: ${over.join(", ")}`);
  if (stale.length)
    console.error(
      `pkg/sizes.json is out of date for ${stale.join(", ")}; run \`npm run sizes --prefix pkg\` and review it`,
    );
  process.exitCode = over.length || stale.length ? 1 : 0;
}
