// Starts the decision point on loopback; stop it with Ctrl-C.
//   node start.mjs              in Node.js
//   node start.mjs workerd      in workerd
//   node start.mjs nginx        in Node.js, and nginx in front of a service, which asks it before each request
import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { open } from "privet";
import { studio } from "privet/studio";
import { gateway } from "./gateway.mjs";
import { pdp } from "./pdp.mjs";

const here = dirname(fileURLToPath(import.meta.url));

/** The pack of the policy. */
export const compiled = async () => (await studio()).compile(readFileSync(join(here, "records.jsonc"), "utf8"));

/** A server for a fetch handler. What is no request for it is 400, and the next one is answered. */
export async function serve(handler, port = 0) {
  const server = createServer(async (incoming, outgoing) => {
    try {
      const body = incoming.method === "GET" || incoming.method === "HEAD" ? null : Readable.toWeb(incoming);
      const { method, headers, url } = incoming;
      const request = new Request(`http://${headers.host ?? "localhost"}${url}`, {
        method,
        headers,
        body,
        duplex: "half",
      });
      const response = await handler(request);
      outgoing.writeHead(response.status, Object.fromEntries(response.headers));
      outgoing.end(new Uint8Array(await response.arrayBuffer()));
    } catch {
      outgoing.writeHead(400).end("bad request");
    }
  });
  await new Promise((listening) => server.listen(port, "127.0.0.1", listening));
  const dispose = () =>
    new Promise((closed) => {
      server.close(closed);
      server.closeAllConnections();
    });
  return { url: new URL(`http://127.0.0.1:${server.address().port}`), dispose };
}

/** Starts the decision point in Node.js, with the endpoint for gateways. */
export async function startNode({ port = 0, url = "https://pdp.example" } = {}) {
  const handler = pdp(open(await compiled()), { url });
  const forGateway = gateway(handler);
  return serve(
    (request) => (new URL(request.url).pathname === "/gateway" ? forGateway(request) : handler(request)),
    port,
  );
}

/** Starts the decision point in workerd. The worker is bundled as wrangler does it: WebAssembly and the pack are modules. */
export async function startWorkerd({ port = 0, url = "https://pdp.example" } = {}) {
  const [{ build }, { Miniflare }] = await Promise.all([import("esbuild"), import("miniflare")]);
  const modules = {
    name: "modules",
    setup: ({ onResolve }) =>
      void onResolve({ filter: /\.(wasm|pack)$/ }, ({ path }) => ({ path: `./${basename(path)}`, external: true })),
  };
  const { outputFiles } = await build({
    entryPoints: [join(here, "worker.mjs")],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    plugins: [modules],
  });
  const core = createRequire(import.meta.url).resolve("privet/core.wasm");
  const worker = new Miniflare({
    compatibilityDate: "2026-04-01",
    host: "127.0.0.1",
    port,
    cf: false,
    bindings: { PDP_URL: url },
    modules: [
      { type: "ESModule", path: "worker.js", contents: outputFiles[0].text },
      { type: "CompiledWasm", path: basename(core), contents: readFileSync(core) },
      { type: "Data", path: "records.pack", contents: await compiled() },
    ],
  });
  return { url: new URL(await worker.ready), dispose: () => worker.dispose() };
}

/** Resolves when a port of loopback accepts connections. */
async function accepts(port, tries = 100) {
  for (let left = tries; ; left--) {
    const accepted = await new Promise((done) => {
      const socket = connect(port, "127.0.0.1", () => done(true)).on("error", () => done(false));
      socket.on("connect", () => socket.end());
    });
    if (accepted) return;
    if (left === 0) throw new Error(`nothing listens on port ${port}`);
    await new Promise((later) => setTimeout(later, 50));
  }
}

/** A port of loopback that is free now. */
async function freePort() {
  const { url, dispose } = await serve(() => new Response());
  await dispose();
  return Number(url.port);
}

/** Starts nginx in front of a service that echoes its path, and the decision point that it asks. Alice and Bob have passwords. */
export async function startNginx({ port, program = "nginx" } = {}) {
  const decisions = await startNode();
  const service = await serve((request) => Response.json({ served: new URL(request.url).pathname }));
  const folder = mkdtempSync(join(tmpdir(), "privet-nginx-"));
  chmodSync(folder, 0o755); // the workers of nginx have another user
  const values = {
    FOLDER: folder,
    PORT: port ?? (await freePort()),
    SERVICE_PORT: service.url.port,
    PDP_PORT: decisions.url.port,
  };
  const template = readFileSync(join(here, "nginx.conf"), "utf8");
  writeFileSync(
    join(folder, "nginx.conf"),
    template.replace(/\$\{(\w+)\}/g, (_, name) => String(values[name])),
  );
  writeFileSync(join(folder, "passwords"), "alice:{PLAIN}secret\nbob:{PLAIN}secret\n");
  const child = spawn(program, ["-c", join(folder, "nginx.conf"), "-e", "stderr"], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = new Promise((resolve, reject) => child.on("exit", resolve).on("error", reject));
  await Promise.race([accepts(values.PORT), ended.then(() => Promise.reject(new Error("nginx ended")))]);
  const dispose = async () => {
    child.kill("SIGTERM");
    await ended;
    await Promise.all([decisions.dispose(), service.dispose()]);
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: new URL(`http://127.0.0.1:${values.PORT}`), decisions, dispose };
}

if (realpathSync(process.argv[1] ?? "") === fileURLToPath(import.meta.url)) {
  const [kind = "node"] = process.argv.slice(2);
  const port = Number(process.env.PORT ?? 8788);
  const start = { node: startNode, workerd: startWorkerd, nginx: startNginx }[kind];
  if (!start) throw new Error("usage: node start.mjs [node|workerd|nginx]");
  const { url, dispose } = await start({ port });
  if (kind === "nginx") {
    console.log(`nginx listens on ${url}. Alice may write record-1, Bob may not:

  curl -i -u alice:secret -X PUT ${url}records/record-1

  curl -i -u bob:secret -X PUT ${url}records/record-1
`);
  } else {
    const body =
      '{"subject":{"type":"user","id":"alice"},"action":{"name":"read"},"resource":{"type":"record","id":"record-1"}}';
    console.log(`the decision point listens on ${url}:

  curl -i -H 'content-type: application/json' -d '${body}' ${url}access/v1/evaluation
`);
  }
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => dispose().finally(() => process.exit(0)));
}
