// Static checks of the tarball.
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { build } from "esbuild";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { publint as lint } from "publint";
import { formatMessage } from "publint/utils";
import { app, entries, here, installed, link, manifest, program, scratch, sh } from "../lib.mjs";

export async function publint() {
  const { messages, pkg } = await lint({ pkgDir: installed, strict: true });
  const faults = messages.filter(({ type }) => type !== "suggestion");
  if (faults.length) throw new Error(faults.map((message) => formatMessage(message, pkg)).join("\n"));
  return "strict, no faults";
}

/**
 * Types resolve for every entry, and are those of the module that is resolved. Resolvers without `exports` are excluded, and `require`
 * where an entry is ESM only.
 */
export async function attw() {
  const tarball = createPackageFromTarballData(new Uint8Array(readFileSync(process.env.PRIVET_TGZ)));
  const { types, problems } = await checkPackage(tarball, { entrypoints: entries });
  if (!types) throw new Error("the package has no types");
  const relevant = problems.filter(
    ({ kind, resolutionKind }) => kind !== "CJSResolvesToESM" && resolutionKind !== "node10",
  );
  if (relevant.length) throw new Error(JSON.stringify(relevant, null, 2));
  return `${entries.length} entries`;
}

/** Every path of `exports` is in the tarball, `types` come first, and README and licenses are included. */
export async function exports() {
  const all = readdirSync(installed, { recursive: true }).map((file) => `./${file}`);
  let count = 0;
  for (const [entry, conditions] of Object.entries(manifest.exports)) {
    const objects = [conditions].filter((one) => typeof one !== "string");
    const paths = typeof conditions === "string" ? [conditions] : [];
    for (const one of objects) {
      const values = Object.values(one);
      objects.push(...values.filter((value) => typeof value !== "string"));
      paths.push(...values.filter((value) => typeof value === "string"));
      if (Object.keys(one).at(-1) !== "default") throw new Error(`${entry}: default is not last`);
    }
    if (objects.length && Object.keys(conditions)[0] !== "types") throw new Error(`${entry}: types are not first`);
    for (const path of paths) {
      const [head, tail] = path.split("*");
      const there =
        tail === undefined ? all.includes(path) : all.some((file) => file.startsWith(head) && file.endsWith(tail));
      if (!there) throw new Error(`${entry} leads to ${path}, which is not in the package`);
      count++;
    }
  }
  for (const file of ["README.md", "LICENSE-MIT", "LICENSE-APACHE"]) {
    if (!existsSync(join(installed, file))) throw new Error(`the package has no ${file}`);
  }
  return `${count} paths`;
}

/** Names that must not be in a bundle of the core. */
const foreign = /serde|studio|StudioEngine|WasmSource|explain|diagnostic/i;

export async function reach() {
  const stdin = { contents: 'export { open } from "privet";', resolveDir: app };
  for (const condition of ["browser", "workerd", "node"]) {
    const conditions = [condition];
    const { outputFiles, metafile } = await build({
      stdin,
      conditions,
      bundle: true,
      minifySyntax: true,
      minifyWhitespace: true,
      write: false,
      metafile: true,
      format: "esm",
      external: ["*.wasm"],
      absWorkingDir: app,
    });
    const files = Object.keys(metafile.inputs).filter((file) => /studio|policies/.test(file));
    if (files.length) throw new Error(`under ${condition} the core reaches ${files}`);
    const found = foreign.exec(outputFiles[0].text.replace(/"AGFzbQ[^"]*"/, ""));
    if (found)
      throw new Error(
        `under ${condition} the core has “${found[0]}” at ${found.index}: …${found.input.slice(found.index - 80, found.index + 80)}…`,
      );
  }
  const core = readFileSync(join(installed, "wasm/core_bg.wasm"), "latin1");
  const found = /serde|StudioEngine|expected .{0,20} at line|diagnostic/i.exec(core);
  if (found) throw new Error(`core.wasm has “${found[0]}”`);
  const idle = await build({
    stdin: { contents: 'import { open } from "privet"; import { studio } from "privet/studio";', resolveDir: app },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    conditions: ["browser"],
  });
  if (idle.outputFiles[0].text.trim())
    throw new Error(`unused imports leave ${idle.outputFiles[0].text.slice(0, 200)}`);
  return "nothing of the studio in the core; an unused import leaves nothing";
}

/** The guards of Next, SvelteKit and Astro have the types that these expect. */
export async function guardTypes() {
  link("next", "react", "react-dom", "astro", "@sveltejs/kit", "svelte", "vite");
  const compilerOptions = {
    noEmit: true,
    strict: true,
    target: "ES2022",
    module: "ESNext",
    moduleResolution: "Bundler",
    lib: ["ES2022", "DOM", "DOM.Iterable"],
    types: [],
    skipLibCheck: true,
  };
  const folder = scratch("guard-types", {
    "app.ts": readFileSync(join(here, "types/guards.ts"), "utf8"),
    "tsconfig.json": JSON.stringify({ compilerOptions, files: ["app.ts"] }),
  });
  await sh(process.execPath, [program("typescript", "tsc"), "-p", folder]);
  return "Next, SvelteKit and Astro";
}
