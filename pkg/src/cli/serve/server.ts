// The server of `privet serve`: the page of the preview from memory, and a stream of events with the policy. On loopback only.
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { Fault, reasonOf } from "../faults.js";
import type { Served } from "./policy.js";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
  ".jsonc": "text/plain; charset=utf-8",
};

/** Allows nothing from other origins; WebAssembly and the editor's style sheets need the two exceptions. */
const CONTENT_POLICY =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The path of the events, which the page reads from its `meta` element. */
const EVENTS = "policy-events";

/** A file of the page. */
interface Asset {
  readonly type: string;
  readonly bytes: Buffer;
  readonly gzip: Buffer;
}

/** A server that runs. */
export interface PreviewServer {
  readonly url: string;
  /** Tells every open page. */
  tell(served: Served): void;
  close(): Promise<void>;
}

/** The folders of the package that the page is in. Its WebAssembly is that of the package. */
const PAGE = fileURLToPath(new URL("../../dist/preview/", import.meta.url));
const WASM = fileURLToPath(new URL("../../wasm/studio_bg.wasm", import.meta.url));

function assets(): Map<string, Asset> {
  const found = new Map<string, Asset>();
  const add = (path: string, bytes: Buffer, name = path) =>
    found.set(path, { type: TYPES[extname(name)] ?? "application/octet-stream", bytes, gzip: gzipSync(bytes) });
  for (const entry of readdirSync(PAGE, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = relative(PAGE, join(entry.parentPath, entry.name)).split(sep).join("/");
    if (path === "wasm.json") continue;
    const bytes = readFileSync(join(PAGE, path));
    if (path !== "index.html") add(`/${path}`, bytes);
    else {
      const meta = `<head><meta name="privet-serve" content="${EVENTS}">`;
      add("/", Buffer.from(bytes.toString().replace("<head>", meta)), path);
    }
  }
  const wasm = JSON.parse(readFileSync(join(PAGE, "wasm.json"), "utf8")) as { path: string };
  add(`/${wasm.path}`, readFileSync(WASM));
  return found;
}

/**
 * Serves the page on loopback; port 0 is any free one. `current` is what a page is told when it opens.
 *
 * @throws Fault if the port cannot be used.
 */
export async function servePreview(port: number, current: () => Served): Promise<PreviewServer> {
  const files = assets();
  const pages = new Set<ServerResponse>();
  const send = (page: ServerResponse, served: Served) =>
    page.write(`event: ${"text" in served ? "policy" : "fault"}\ndata: ${JSON.stringify(served)}\n\n`);
  const server = createServer((request, response) => {
    const refuse = (status: number, text: string) =>
      response.writeHead(status, { "content-type": "text/plain" }).end(`${text}\n`);
    if (!isLocal(request)) return refuse(403, "this server answers to localhost only");
    if (request.method !== "GET" && request.method !== "HEAD") return refuse(405, "method not allowed");
    const [path = "/"] = (request.url ?? "/").split(/[?#]/, 1);
    if (path === `/${EVENTS}`) {
      const headers = {
        "content-type": "text/event-stream",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
      };
      response.writeHead(200, headers);
      pages.add(response);
      response.on("close", () => pages.delete(response));
      return void send(response, current());
    }
    const file = files.get(path);
    if (!file) return refuse(404, "not found");
    const isZipped = /\bgzip\b/.test(String(request.headers["accept-encoding"]));
    const body = isZipped ? file.gzip : file.bytes;
    response.writeHead(200, {
      "content-type": file.type,
      "content-length": body.length,
      ...(isZipped && { "content-encoding": "gzip" }),
      vary: "accept-encoding",
      "content-security-policy": CONTENT_POLICY,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-cache",
    });
    return void response.end(request.method === "HEAD" ? undefined : body);
  });
  await new Promise<void>((listening, failed) => {
    server.once("error", (thrown: NodeJS.ErrnoException) => {
      const reason = thrown.code === "EADDRINUSE" ? "it is in use" : reasonOf(thrown);
      failed(new Fault(`cannot use the port ${port}: ${reason}; give another by --port, or 0 for a free one`, "port"));
    });
    server.listen(port, "127.0.0.1", listening);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    tell(served) {
      for (const page of pages) send(page, served);
    },
    close() {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}

/** Whether a request names this machine: a page elsewhere whose name resolves to loopback must not read the policy. */
function isLocal({ headers: { host = "", origin } }: IncomingMessage): boolean {
  const name = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/;
  return name.test(host) && (origin === undefined || name.test(origin.replace(/^https?:\/\//, "")));
}
