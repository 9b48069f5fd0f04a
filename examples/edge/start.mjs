// Starts the worker in workerd on loopback, with its store filled: `node start.mjs`, and it says what to ask it.
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { open } from "privet";
import { pack as contact } from "privet/policies/contact";
import { pack as dotdigital } from "privet/policies/dotdigital";
import { pack as vicidial } from "privet/policies/vicidial";
import { trusted } from "./issuer.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const core = createRequire(import.meta.url).resolve("privet/core.wasm");

/** A policy with its pack, as it is published. */
export const published = (pack) => {
  const { id, version, fingerprint } = open(pack);
  return { id, version, fingerprint, pack };
};

/** Switches of the three installations. */
export const FACTS = { vicidial: { "email-allowed": true }, contact: { "flow-editor": true }, dotdigital: {} };

/** As wrangler bundles a worker: conditions of the platform, WebAssembly as a module beside it. */
async function bundled() {
  const external = {
    name: "wasm",
    setup: ({ onResolve }) =>
      void onResolve({ filter: /\.wasm$/ }, ({ path }) => ({ path: `./${basename(path)}`, external: true })),
  };
  const { outputFiles } = await build({
    entryPoints: [join(here, "worker.mjs")],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    plugins: [external],
  });
  return outputFiles[0].text;
}

/** The worker with its store: where it listens, who is trusted, its KV, and how to end it. */
export async function start({ refresh = 1000, log = false, port = 0 } = {}) {
  const who = await trusted();
  const worker = new Miniflare({
    compatibilityDate: "2026-04-01",
    host: "127.0.0.1",
    port,
    cf: false,
    kvNamespaces: ["STORE"],
    bindings: { ...who.bindings, REFRESH_MS: String(refresh), LOG: log ? "on" : "off" },
    modules: [
      { type: "ESModule", path: "worker.js", contents: await bundled() },
      { type: "CompiledWasm", path: basename(core), contents: readFileSync(core) },
    ],
  });
  const kv = await worker.getKVNamespace("STORE");
  for (const pack of [contact, dotdigital, vicidial]) {
    const policy = published(pack);
    await who.publish(kv, [policy]);
    await kv.put(`facts/${policy.id}`, JSON.stringify(FACTS[policy.id]));
  }
  return { url: new URL(await worker.ready), kv, ...who, dispose: () => worker.dispose() };
}

if (realpathSync(process.argv[1] ?? "") === fileURLToPath(import.meta.url)) {
  const { url, sign } = await start({ log: true, port: Number(process.env.PORT ?? 8787) });
  const maria = await sign(open(vicidial).session({ grants: { "modify-email-accounts": true } }), "maria");
  const tom = await sign(open(vicidial).session({ grants: { "view-reports": true } }), "tom");
  console.log(`the worker listens on ${url}; end it with Ctrl-C. Maria may open the email accounts, Tom may not, and nobody else is asked:

  curl -i -H 'authorization: Bearer ${maria}' ${url}vicidial/email-accounts

  curl -i -H 'authorization: Bearer ${tom}' ${url}vicidial/email-accounts

  curl -i ${url}vicidial/email-accounts
`);
  process.on("SIGINT", () => process.exit(0));
}
