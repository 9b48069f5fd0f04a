// A static file server for the page: on loopback, below an optional path, with a strict Content-Security-Policy.
// `node serve.js FOLDER` prints the address; the tests call `serve`.
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".jsonc": "text/plain; charset=utf-8",
};

/** Allows nothing from other origins; WebAssembly and the editor's style sheets need the two exceptions. */
export const contentPolicy =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** Serves `folder` below `path`; port 0 selects a free port. */
export async function serve(folder, { port = 0, path = "/" } = {}) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const asked = pathname.startsWith(path) ? normalize(decodeURIComponent(pathname.slice(path.length))) : "..";
    const file = join(folder, asked === "." || asked === "" ? "index.html" : asked);
    const isThere = file.startsWith(folder + sep) && statSync(file, { throwIfNoEntry: false })?.isFile();
    if (!isThere) return response.writeHead(404, { "content-type": "text/plain" }).end("not found\n");
    response.writeHead(200, {
      "content-type": types[extname(file)] ?? "application/octet-stream",
      "content-security-policy": contentPolicy,
      "cache-control": "no-cache",
    });
    createReadStream(file).pipe(response);
  });
  await new Promise((listening, failed) => server.once("error", failed).listen(port, "127.0.0.1", listening));
  const close = () => {
    server.closeAllConnections();
    return new Promise((closed) => server.close(closed));
  };
  return { url: `http://127.0.0.1:${server.address().port}${path}`, close };
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await serve(argv[2] ?? ".", { port: Number(process.env.PORT ?? 0) });
  console.log(url);
}
