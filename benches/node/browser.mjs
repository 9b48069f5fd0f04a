// browser.mjs FOLDER: the core figures in headless Chromium ($PRIVET_CHROMIUM): Privet, closures and CASL, bundled by
// esbuild, served on loopback. Prints a table; leaves browser.json in FOLDER.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { table } from "./table.mjs";

const folder = process.argv[2];
const here = fileURLToPath(new URL(".", import.meta.url));
const { build } = createRequire(new URL("../../pkg/package.json", import.meta.url))("esbuild");

const { outputFiles } = await build({
  entryPoints: [join(here, "page.mjs")],
  bundle: true, write: false, format: "esm", target: "es2022", logLevel: "error", conditions: ["browser"],
  nodePaths: [join(process.env.PRIVET_INSTALLED, "node_modules"), join(here, "node_modules")],
});
const files = {
  "/": ["text/html", '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="page.js"></script>'],
  "/page.js": ["text/javascript", outputFiles[0].contents],
  "/given.json": ["application/json", readFileSync(join(folder, "given.json"))],
};

/** Serves the page, and gives what it posts to /result. A page that is isolated has a clock of 5 µs. */
function served(use) {
  return new Promise((resolve, reject) => {
    let stop = () => {};
    const server = createServer(async (request, response) => {
      if (request.method === "POST") {
        let text = "";
        for await (const chunk of request) text += chunk;
        response.end();
        const result = JSON.parse(text);
        return void (await stop(), server.close(), result.error ? reject(new Error(result.error)) : resolve(result));
      }
      const [type, body] = files[request.url] ?? [];
      if (!type) return response.writeHead(404).end();
      response.writeHead(200, { "content-type": type, "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" }).end(body);
    });
    server.listen(0, "127.0.0.1", () => (stop = use(`http://127.0.0.1:${server.address().port}/`, reject)));
  });
}

/** Opens a page in a Chromium with a profile of its own; the answer ends that Chromium. */
function opened(url, failed) {
  const profile = mkdtempSync(join(tmpdir(), "privet-bench-"));
  const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions", "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage"];
  const child = spawn(process.env.PRIVET_CHROMIUM, ["--headless", "--no-sandbox", ...quiet, `--user-data-dir=${profile}`, "--remote-debugging-port=0", url], { stdio: "ignore" });
  const limit = setTimeout(() => failed(new Error("Chromium gave no result in 2 minutes")), 120_000);
  child.on("error", failed);
  const ended = new Promise((resolve) => child.on("exit", resolve));
  return async () => {
    clearTimeout(limit);
    child.kill();
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
}

const { agent, compared, times } = await served(opened);
writeFileSync(join(folder, "browser.json"), JSON.stringify({ agent, compared, times }, null, 2));
const cell = (what, scale, digits) => (name) => (times[what][name] ? (times[what][name].median / scale).toFixed(digits) : "");
console.log(`${/Chrome\/[\d.]+/.exec(agent)?.[0] ?? agent}; ${compared} answers compared, 0 differ`);
console.log(table(Object.keys(times.check), {
  "ns a check": cell("check", 1, 1),
  "µs a menu": cell("menu", 1e3, 2),
  "µs subject + menu": cell("start", 1e3, 1),
  "µs change + menu": cell("change", 1e3, 1),
  "µs change, all decided": cell("eager", 1e3, 1),
}));
