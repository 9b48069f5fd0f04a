// A static file server for the page: on loopback, below an optional path, with a strict Content-Security-Policy.
// `node serve.js FOLDER` prints the address; the tests call `serve`.
import { createReadStream, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, resolve, sep } from "node:path";
import { pipeline } from "node:stream";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
  ".jsonc": "text/plain; charset=utf-8",
};

/** Allows nothing from other origins; WebAssembly and the editor's style sheets need the two exceptions. */
export const contentPolicy =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/**
 * The file of a request below `path`; `undefined` where there is none, whatever the request line is.
 *
 * @throws URIError for a path that is not encoded correctly or has a NUL.
 */
function fileOf(folder, path, url) {
  const [pathname = ""] = url.split(/[?#]/, 1);
  if (!pathname.startsWith(path)) return undefined;
  const asked = normalize(decodeURIComponent(pathname.slice(path.length)));
  if (asked.includes("\0")) throw new URIError("a path has no NUL");
  const file = join(folder, asked === "." || asked === "" ? "index.html" : asked);
  if (!file.startsWith(folder + sep)) return undefined;
  try {
    return statSync(file, { throwIfNoEntry: false })?.isFile() ? file : undefined;
  } catch {
    return undefined; // such as a name that is too long
  }
}

const encoders = {
  br: (bytes) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }),
  gzip: (bytes) => promisify(gzip)(bytes),
};
/** Compressed files by name, time and encoding; those of one page, so they are few. */
const compressed = new Map();

/** The encoding to send, of those that the request accepts. */
const encodingOf = (accepted = "") =>
  Object.keys(encoders).find((name) =>
    new RegExp(`(^|[,\\s])${name}(?!\\s*;\\s*q=0(?:\\.0*)?(?:,|$))([;,\\s]|$)`).test(accepted),
  );

function compress(file, encoding) {
  const key = `${encoding} ${statSync(file).mtimeMs} ${file}`;
  const known = compressed.get(key) ?? readFile(file).then(encoders[encoding]);
  compressed.set(key, known);
  return known;
}

/** Serves the folder `place` below `path`; port 0 selects a free port. */
export async function serve(place, { port = 0, path = "/" } = {}) {
  const folder = resolve(place);
  const server = createServer((request, response) => {
    const refuse = (status, text) => response.writeHead(status, { "content-type": "text/plain" }).end(`${text}\n`);
    let file;
    try {
      file = fileOf(folder, path, request.url ?? "/");
    } catch {
      return refuse(400, "bad request");
    }
    if (file === undefined) return refuse(404, "not found");
    const type = types[extname(file)];
    const headers = {
      "content-type": type ?? "application/octet-stream",
      "content-security-policy": contentPolicy,
      "cache-control": "no-cache",
      vary: "accept-encoding",
      // Pages of other origins may load the embeddable element, which is public
      ...(extname(file) === ".js" && { "access-control-allow-origin": "*" }),
    };
    const encoding = type === undefined ? undefined : encodingOf(request.headers["accept-encoding"]);
    const plain = () => pipeline(createReadStream(file), response.writeHead(200, headers), () => {}); // a file that cannot be read ends the response, not the server
    if (encoding === undefined) return plain();
    compress(file, encoding).then(
      (bytes) => response.writeHead(200, { ...headers, "content-encoding": encoding }).end(bytes),
      plain,
    );
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
