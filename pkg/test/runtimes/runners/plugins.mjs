// The build plugins: each bundler builds an application that imports a policy document, and Vite's dev server replaces it.
import assert from "node:assert/strict";
import { build as esbuild } from "esbuild";
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { rollup } from "rollup";
import { rspack } from "@rspack/core";
import { build as viteBuild, createServer } from "vite";
import webpack from "webpack";
import { stripVTControlCharacters } from "node:util";
import { gzipSync } from "node:zlib";
import { here, installed, scratch, sh, tabs } from "../lib.mjs";

const CLINIC = `{
  "format": 1, "id": "clinic", "title": "Clinic", "version": "1",
  "include": ["wards.jsonc"],
  "privileges": [{ "id": "patients", "kind": "level", "label": "Patients",
    "levels": [{ "id": "view", "label": "View" }, { "id": "edit", "label": "Edit" }] }],
  "roles": [{ "id": "nurse", "label": "Nurse", "grants": { "patients": "view" } }],
  "menu": [{ "id": "wards", "label": "Wards" }],
  "operations": [{ "id": "patients.open", "label": "Open", "menu": ["wards"], "requires": "patients >= view" }]
}
`;
const WARDS = `{ "operations": [{ "id": "patients.edit", "label": "Edit", "requires": "patients >= edit" }] }
`;
const MAIN = `import { policy } from "./clinic.privet.jsonc";
globalThis.result = policy.session({ roles: ["nurse"] }).allowed();
globalThis.policy = policy;
`;
export const files = { "clinic.privet.jsonc": CLINIC, "wards.jsonc": WARDS, "main.js": MAIN };

/** How each bundler builds `main.js` of a folder to `dist/main.mjs`, for Node.js; it throws what the bundler reports. */
const bundlers = {
  async vite(root, plugin) {
    await viteBuild({
      root,
      configFile: false,
      logLevel: "silent",
      plugins: [plugin],
      build: {
        ssr: "main.js",
        outDir: "dist",
        minify: true,
        rollupOptions: { output: { entryFileNames: "main.mjs" } },
      },
      ssr: { noExternal: true },
    });
  },
  async rollup(root, plugin) {
    const onwarn = (warning) => {
      throw new Error(warning.message);
    };
    const bundle = await rollup({ input: join(root, "main.js"), external: ["privet"], plugins: [plugin], onwarn });
    await bundle.write({ file: join(root, "dist/main.mjs") });
    await bundle.close();
  },
  async esbuild(root, plugin) {
    const [entry, outfile] = [join(root, "main.js"), join(root, "dist/main.mjs")];
    const options = { bundle: true, minify: true, format: "esm", platform: "node", logLevel: "silent" };
    await esbuild({ entryPoints: [entry], outfile, plugins: [plugin], ...options });
  },
  webpack: (root, plugin) => compile(webpack, root, plugin),
  rspack: (root, plugin) => compile(rspack, root, plugin),
};

/** webpack, or Rspack, which has its interface. */
function compile(bundler, context, plugin) {
  const config = {
    context,
    mode: "production",
    target: "node",
    entry: "./main.js",
    experiments: { outputModule: true },
    output: { path: join(context, "dist"), filename: "main.mjs", module: true, library: { type: "module" } },
    plugins: [plugin],
  };
  return new Promise((resolve, reject) => {
    bundler(config, (error, stats) => {
      if (error || stats.hasErrors()) reject(error ?? new Error(stats.toString({ all: false, errors: true })));
      else resolve();
    });
  });
}

export const pluginOf = async (name) =>
  (await import(pathToFileURL(join(installed, `dist/entries/${name}.js`)))).default;

/** What the bundle of a folder decides. */
async function decided(root) {
  await import(`${pathToFileURL(join(root, "dist/main.mjs"))}?${statSync(join(root, "dist/main.mjs")).mtimeMs}`);
  return globalThis.result;
}

/** Each bundler: a build, its types, a stripped build, and a document with errors. */
export async function plugins() {
  for (const [name, build] of Object.entries(bundlers)) {
    const plugin = await pluginOf(name);
    const root = scratch(`plugin-${name}`, files);
    await build(root, plugin());
    assert.deepEqual(await decided(root), ["patients.open"], name);
    const types = readFileSync(join(root, "clinic.privet.jsonc.d.ts"), "utf8");
    assert.match(
      types,
      /readonly "patients.edit": "patients.edit";[\s\S]*export declare const policy: Policy<Schema>;/,
      name,
    );
    const whole = statSync(join(root, "dist/main.mjs")).size;

    rmSync(join(root, "clinic.privet.jsonc.d.ts"));
    await build(root, plugin({ strip: true, types: false }));
    assert.deepEqual(await decided(root), ["patients.open"], name);
    assert.ok(statSync(join(root, "dist/main.mjs")).size < whole - 400, `${name}: the document is in the pack`);
    assert.ok(!existsSync(join(root, "clinic.privet.jsonc.d.ts")), name);

    writeFileSync(join(root, "wards.jsonc"), WARDS.replace("patients >= edit", "patient >= edit"));
    const message = await build(root, plugin()).then(
      () => assert.fail(`${name} builds a policy with errors`),
      // Some bundlers write colours where the environment says that CI runs
      (error) => stripVTControlCharacters([error.message, ...(error.errors ?? []).map(({ text }) => text)].join("\n")),
    );
    assert.match(message, /the policy does not compile/, name);
    assert.match(message, /error\[unknown-id\]: unknown fact, condition or privilege `patient`/, name);
    assert.match(message, /wards\.jsonc:1:\d+ \(\/operations\/0\/requires\)/, name);
    assert.match(message, /\n[ │]*\| +\^{7}\n/, name);
    assert.match(message, /did you mean `patients`\?/, name);
  }
  return `${Object.keys(bundlers).join(", ")}: builds, types, stripped builds, errors; ${await contactSize()}`;
}

/** The set-up of each bundler as docs/bundlers.md has it. */
export async function pluginDocs() {
  const text = readFileSync(join(here, "../../../docs/bundlers.md"), "utf8");
  const blocks = [...text.matchAll(/```(?:js|jsonc)\n\/\/ ([\w.]+)\n([\s\S]*?)```/g)].map(([, name, code]) => [
    name,
    code,
  ]);
  const root = scratch("plugin-docs", Object.fromEntries(blocks));
  const config = async (name) => (await import(pathToFileURL(join(root, `${name}.config.js`)))).default;
  const run = async (file) => {
    await import(pathToFileURL(join(root, "dist", file)));
    assert.deepEqual(globalThis.result, ["patients.open"], file);
    globalThis.result = undefined;
  };
  const { rollup: rollupConfig, ...configs } = Object.fromEntries(
    await Promise.all(["rollup", "webpack", "rspack", "esbuild"].map(async (name) => [name, await config(name)])),
  );
  const bundle = await rollup({ ...rollupConfig, input: join(root, rollupConfig.input) });
  await bundle.write({ file: join(root, "dist/rollup.mjs") });
  await run("rollup.mjs");
  await esbuild({
    ...configs.esbuild,
    absWorkingDir: root,
    outfile: join(root, "dist/esbuild.mjs"),
    logLevel: "silent",
  });
  await run("esbuild.mjs");
  for (const [name, bundler] of Object.entries({ webpack, rspack })) {
    const output = { path: join(root, "dist"), filename: `${name}.js` };
    await new Promise((resolve, reject) => {
      bundler({ ...configs[name], context: root, output, performance: false }, (error, stats) =>
        error || stats.hasErrors() ? reject(error ?? new Error(stats.toString())) : resolve(),
      );
    });
    await run(`${name}.js`);
  }
  const lib = { entry: join(root, "main.js"), formats: ["es"], fileName: "vite" };
  await viteBuild({
    root,
    configFile: join(root, "vite.config.js"),
    logLevel: "error",
    build: { lib, outDir: "dist", emptyOutDir: false },
  });
  await run("vite.js");
  return "the set-ups of docs/bundlers.md";
}

/** What Contact costs in a page, stripped: a bundle with it, without the same bundle with an empty policy. */
async function contactSize() {
  const plugin = await pluginOf("esbuild");
  const empty = `{ "format": 1, "id": "empty", "title": "Empty", "version": "1" }`;
  const contact = readFileSync(join(here, "../../../src/policies/contact.jsonc"), "utf8");
  const sizes = [];
  for (const text of [empty, contact]) {
    const root = scratch("plugin-size", { "clinic.privet.jsonc": text, "main.js": MAIN });
    await bundlers.esbuild(root, plugin({ strip: true, types: false }));
    sizes.push(gzipSync(readFileSync(join(root, "dist/main.mjs")), { level: 9 }).length);
  }
  return `Contact stripped costs ${sizes[1] - sizes[0]} bytes gzipped`;
}

/** The declarations beside a document are found without configuration, by TypeScript 5 and 7. */
export async function pluginTypes() {
  const main = `import { policy } from "./clinic.privet.jsonc";
policy.session({ roles: ["nurse"], grants: { patients: "edit" } }).can("patients.open");
// @ts-expect-error: there is no such operation
policy.session({}).can("patients.opn");
`;
  const plugin = await pluginOf("esbuild");
  const configs = {
    bundler: { module: "ESNext", moduleResolution: "bundler" },
    nodenext: { module: "NodeNext", allowArbitraryExtensions: true },
  };
  for (const [name, compilerOptions] of Object.entries(configs)) {
    const tsconfig = {
      compilerOptions: { strict: true, noEmit: true, target: "ES2022", types: [], ...compilerOptions },
      files: ["main.ts"],
    };
    const root = scratch(`plugin-types-${name}`, {
      ...files,
      "main.ts": main,
      "tsconfig.json": JSON.stringify(tsconfig),
    });
    await bundlers.esbuild(root, plugin(name === "nodenext" ? { types: "nodenext" } : {}));
    for (const version of ["typescript5", "typescript7"]) {
      const { bin } = JSON.parse(readFileSync(join(here, "node_modules", version, "package.json"), "utf8"));
      await sh(process.execPath, [join(here, "node_modules", version, bin.tsc), "-p", root]);
    }
  }
  return `TypeScript 5 and 7, ${Object.keys(configs).join(" and ")}`;
}

const PAGE =
  '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><p id="out"></p><script type="module" src="/main.js"></script>';
/** The ways in which an application follows its policy. */
export const FOLLOWERS = {
  store: `import { createStore } from "privet";
import { keepCurrent } from "privet/hot";
import { policy } from "./clinic.privet.jsonc";
const store = createStore(policy.session({ roles: ["nurse"] }));
const show = () => (document.querySelector("#out").textContent = store.get().allowed().join(" "));
store.subscribe(show);
keepCurrent(store);
show();
`,
  accept: `import { policy } from "./clinic.privet.jsonc";
const show = (policy) => (document.querySelector("#out").textContent = policy.session({ roles: ["nurse"] }).allowed().join(" "));
show(policy);
import.meta.hot.accept("./clinic.privet.jsonc", (next) => next && show(next.policy));
`,
  binding: `import { policy } from "./clinic.privet.jsonc";
const show = () => (document.querySelector("#out").textContent = policy.session({ roles: ["nurse"] }).allowed().join(" "));
addEventListener("privet:policy", (event) => (event.preventDefault(), show()));
show();
`,
  nobody: `import { policy } from "./clinic.privet.jsonc";
document.querySelector("#out").textContent = policy.session({ roles: ["nurse"] }).allowed().join(" ");
`,
};

/** Vite's dev server: the policy is replaced while the page stays; errors are shown over it, with carets. */
export async function pluginVite() {
  const plugin = await pluginOf("vite");
  for (const [name, main] of Object.entries(FOLLOWERS)) {
    const root = scratch(`plugin-dev-${name}`, { ...files, "main.js": main, "index.html": PAGE });
    const server = await createServer({
      root,
      configFile: false,
      logLevel: "silent",
      plugins: [plugin()],
      server: { host: "127.0.0.1", port: 0, strictPort: false, watch: { usePolling: true, interval: 30 } },
      optimizeDeps: { noDiscovery: true },
    });
    try {
      await server.listen();
      await devScene(server.resolvedUrls.local[0], root, name);
    } finally {
      await server.close();
    }
  }
  return `${Object.keys(FOLLOWERS).join(", ")}: replaced without losing the page, errors in the overlay`;
}

const devScene = (url, root, name) =>
  tabs(
    url,
    1,
    ([page]) => {
      page.setDefaultTimeout(15_000);
      const overlay = page.locator("vite-error-overlay");
      return edited(root, page, {
        shows: (text) =>
          page
            .waitForFunction((text) => document.querySelector("#out")?.textContent === text, text)
            .catch(async (error) => {
              throw new Error(`${name}: not ${text} but ${await page.textContent("#out")}; ${error.message}`);
            }),
        stays: async () =>
          assert.equal(await page.evaluate(() => globalThis.marker), name === "nobody" ? undefined : 1, name),
        async failed() {
          await overlay.waitFor({ state: "attached" });
          const shown = (part) =>
            overlay.evaluate(({ shadowRoot }, part) => shadowRoot.querySelector(part).textContent, part);
          assert.match(await shown(".message-body"), /unknown fact, condition or privilege `patient`/);
          const frame = await shown(".frame");
          assert.match(frame, /\n {2}\| +\^{7}\n/);
          assert.match(frame, /clinic\.privet\.jsonc:8:\d+/);
          assert.match(frame, /did you mean `patients`\?/);
        },
        mended: () => overlay.waitFor({ state: "detached" }),
      });
    },
    { ignores: /^/ }, // Vite prints what it replaces
  );

/**
 * Saves the document and its included file, with an error too: `shows` is awaited for what each version decides, `failed` after the error,
 * `mended` after its correction, and `stays` whenever the page may have been loaded again.
 */
export async function edited(root, page, { shows, stays, failed, mended = async () => {} }) {
  // Put in place whole, as editors do, and not at once: Vite's watcher drops a change within 50 ms of another one of the same file
  const save = async (file, text) => {
    await setTimeout(200);
    writeFileSync(`${root}.saved`, text);
    renameSync(`${root}.saved`, join(root, file));
  };
  await shows("patients.open");
  await page.evaluate(() => (globalThis.marker = 1));
  // Twice, since the second time another instance is replaced; then an included file
  await save("clinic.privet.jsonc", CLINIC.replace('"patients": "view"', '"patients": "edit"'));
  await shows("patients.open patients.edit");
  await stays();
  await save("clinic.privet.jsonc", CLINIC.replace("patients >= view", "patients > view"));
  await shows("");
  await stays();
  await save("wards.jsonc", WARDS.replace("patients >= edit", "patients >= view"));
  await shows("patients.edit");
  await stays();
  // An error is reported and replaces nothing; its correction does
  await save("clinic.privet.jsonc", CLINIC.replace('"requires": "patients >= view"', '"requires": "patient >= view"'));
  await failed();
  await save("clinic.privet.jsonc", CLINIC);
  await shows("patients.open patients.edit");
  await mended();
  await stays();
}
