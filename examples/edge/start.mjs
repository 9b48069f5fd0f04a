// Starts the worker in workerd on loopback with a filled store; `node start.mjs` prints example requests.
import { build } from "esbuild";
import { Miniflare, Response } from "miniflare";
import { readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { open } from "privet";
import { pack as contact } from "privet/policies/contact";
import { pack as dotdigital } from "privet/policies/dotdigital";
import { pack as vicidial } from "privet/policies/vicidial";
import { createIssuer } from "./issuer.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const core = createRequire(import.meta.url).resolve("privet/core.wasm");

/** A policy's identity with its pack, as `publish` takes it. */
export const published = (pack) => {
  const { id, version, fingerprint } = open(pack);
  return { id, version, fingerprint, pack };
};

/** Facts of the three installations. */
export const FACTS = { vicidial: { "email-allowed": true }, contact: { "flow-editor": true }, dotdigital: {} };

/** Bundles the worker as wrangler does: with the platform's conditions, WebAssembly as a separate module. */
async function bundled(entry) {
  const external = {
    name: "wasm",
    setup: ({ onResolve }) =>
      void onResolve({ filter: /\.wasm$/ }, ({ path }) => ({ path: `./${basename(path)}`, external: true })),
  };
  const { outputFiles } = await build({
    entryPoints: [join(here, entry)],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    plugins: [external],
  });
  return outputFiles[0].text;
}

/** Starts a worker; returns its URL, its KV stores, the issuer, and `dispose`. `jwks` answers requests for the issuer's keys. */
export async function start({ entry = "worker.mjs", refresh = 1, port = 0, jwks = (answer) => answer() } = {}) {
  const issuer = await createIssuer();
  const worker = new Miniflare({
    compatibilityDate: "2026-04-01",
    host: "127.0.0.1",
    port,
    cf: false,
    kvNamespaces: ["STORE", "RECORDS"],
    bindings: { ...issuer.bindings, REFRESH: String(refresh) },
    outboundService: ({ url }) =>
      url === `${issuer.bindings.ISSUER}/.well-known/jwks.json`
        ? jwks(() => Response.json(issuer.jwks))
        : new Response("nothing here", { status: 404 }),
    modules: [
      { type: "ESModule", path: "worker.js", contents: await bundled(entry) },
      { type: "CompiledWasm", path: basename(core), contents: readFileSync(core) },
    ],
  });
  const kv = await worker.getKVNamespace("STORE");
  for (const pack of [contact, dotdigital, vicidial]) {
    const policy = published(pack);
    await issuer.publish(kv, [policy]);
    await kv.put(`facts/${policy.id}`, JSON.stringify(FACTS[policy.id]));
  }
  const records = await worker.getKVNamespace("RECORDS");
  return { url: new URL(await worker.ready), kv, records, ...issuer, dispose: () => worker.dispose() };
}

if (realpathSync(process.argv[1] ?? "") === fileURLToPath(import.meta.url)) {
  const { url, sign } = await start({ port: Number(process.env.PORT ?? 8787) });
  const maria = await sign(open(vicidial).session({ grants: { "modify-email-accounts": true } }), "maria");
  const tom = await sign(open(vicidial).session({ grants: { "view-reports": true } }), "tom");
  console.log(`the worker listens on ${url}; stop it with Ctrl-C. Maria may open email accounts, Tom may not, and requests without a token are refused:

  curl -i -H 'authorization: Bearer ${maria}' ${url}vicidial/email-accounts

  curl -i -H 'authorization: Bearer ${tom}' ${url}vicidial/email-accounts

  curl -i ${url}vicidial/email-accounts
`);
  process.on("SIGINT", () => process.exit(0));
}
