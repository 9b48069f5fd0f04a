// Chromium: plain files, Content-Security-Policy, and bundles.
import { build as esbuild } from "esbuild";
import { createHash } from "node:crypto";
import { copyFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build as viteBuild } from "vite";
import webpack from "webpack";
import { app, entries, installed, page, pageScript, ran, scratch, serving, target } from "../lib.mjs";

const address = (entry) => [entry.replace(".", "privet"), `/node_modules/privet/${target(entry, "browser").slice(2)}`];
const importMap = JSON.stringify({ imports: Object.fromEntries(entries.map(address)) });
const html = (script, head = "") =>
  `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">${head}${script}`;
/** A page without a bundler: an import map and a script. */
export const plain = html(
  '<script type="module" src="main.mjs"></script>',
  `<script type="importmap">${importMap}</script>`,
);

/** Plain files and an import map. */
export async function chromium() {
  scratch("chromium", { "index.html": plain, "main.mjs": pageScript("../suite.mjs") });
  return serving(app, async (url) => ran(await page(`${url}chromium/`)));
}

const hash = createHash("sha256").update(importMap).digest("base64");
/** The header of a strict Content-Security-Policy, with more sources of scripts. */
export const policy = (more) => ({
  "content-security-policy": `default-src 'self'; img-src data:; script-src 'self' 'sha256-${hash}' ${more}`,
});

/** A strict Content-Security-Policy that permits WebAssembly. */
export async function csp() {
  scratch("csp", { "index.html": plain, "main.mjs": pageScript("../suite.mjs") });
  return serving(app, async (url) => ran(await page(`${url}csp/`)), policy("'wasm-unsafe-eval'"));
}

/** A strict Content-Security-Policy without WebAssembly: imports work, and the errors name the missing source. */
export async function cspRefused() {
  const script = `import { LoadError, open } from "privet";
import { studio } from "privet/studio";
import { pack } from "privet/policies/contact";
const attempt = async (start) => {
  try {
    await start();
  } catch (error) {
    return [error instanceof LoadError, error.code, error.message];
  }
};
globalThis.result = [await attempt(() => open(pack)), await attempt(() => studio())];
`;
  scratch("csp-refused", { "index.html": plain, "main.mjs": script });
  const results = await serving(app, (url) => page(`${url}csp-refused/`, { quiet: false }), policy(""));
  for (const [isLoadError, code, message] of results) {
    if (!isLoadError || code !== "load-failed" || !/add 'wasm-unsafe-eval' to script-src/.test(message))
      throw new Error(JSON.stringify(results));
  }
  return "load-failed, and what to add";
}

/** Checks that a bundle includes the .wasm file of the studio, and not that of the core, which is inlined. */
function onlyStudio(folder) {
  const found = readdirSync(folder, { recursive: true }).filter((file) => String(file).endsWith(".wasm"));
  if (found.length !== 1) throw new Error(`the bundle has these modules: ${found.join(", ") || "none"}`);
}

export async function vite() {
  const root = scratch("vite", {
    "index.html": html('<script type="module" src="./main.js"></script>'),
    "main.js": pageScript("../suite.mjs"),
  });
  await viteBuild({
    root,
    configFile: false,
    logLevel: "error",
    build: { outDir: "dist", chunkSizeWarningLimit: 4096 },
  });
  onlyStudio(join(root, "dist"));
  return serving(join(root, "dist"), async (url) => ran(await page(url)));
}

export async function webpack5() {
  const context = scratch("webpack", { "main.js": pageScript("../suite.mjs") });
  const config = {
    context,
    mode: "production",
    entry: "./main.js",
    output: { path: join(context, "dist") },
    performance: false,
  };
  await new Promise((resolve, reject) => {
    webpack(config, (error, stats) => {
      if (error || stats.hasErrors() || stats.hasWarnings())
        reject(error ?? new Error(stats.toString("errors-warnings")));
      else resolve();
    });
  });
  onlyStudio(join(context, "dist"));
  writeFileSync(join(context, "dist/index.html"), html('<script src="main.js"></script>'));
  return serving(join(context, "dist"), async (url) => ran(await page(url)));
}

/** esbuild does not include files, so the page passes a source to the studio. */
export async function esbuildBrowser() {
  const folder = scratch("esbuild", {
    "index.html": html('<script type="module" src="out.js"></script>'),
    "main.mjs": pageScript("../suite.mjs", 'new URL("studio.wasm", location.href)'),
  });
  await esbuild({
    entryPoints: [join(folder, "main.mjs")],
    outfile: join(folder, "out.js"),
    bundle: true,
    minify: true,
    format: "esm",
    logLevel: "error",
  });
  copyFileSync(join(installed, target("./studio.wasm")), join(folder, "studio.wasm"));
  return serving(folder, async (url) => ran(await page(url)));
}
