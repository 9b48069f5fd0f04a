// browser.mjs FOLDER: measures Privet, closures and CASL in headless Chromium ($PRIVET_CHROMIUM), bundled by esbuild and
// served on loopback. Prints a table; writes browser.json to FOLDER.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { text } from "./table.mjs";
import { engines } from "./tables.mjs";

const folder = process.argv[2];
const here = fileURLToPath(new URL(".", import.meta.url));
const { build } = createRequire(new URL("../../pkg/package.json", import.meta.url))("esbuild");

const { outputFiles } = await build({
  entryPoints: [join(here, "page.mjs")],
  bundle: true,
  write: false,
  format: "esm",
  target: "es2022",
  logLevel: "error",
  conditions: ["browser"],
  nodePaths: [join(process.env.PRIVET_INSTALLED, "node_modules"), join(here, "node_modules")],
});
const files = {
  "/": [
    "text/html",
    '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="page.js"></script>',
  ],
  "/page.js": ["text/javascript", outputFiles[0].contents],
  "/workload.json": ["application/json", readFileSync(join(folder, "workload.json"))],
};

/** Serves the page while `use` runs; resolves to what the page posts. Cross-origin isolation gives a clock of 5 µs. */
async function withServer(use) {
  const isolated = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
  let posted;
  const result = new Promise((resolve) => {
    posted = resolve;
  });
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const [type, content] = files[request.url] ?? [];
    response.writeHead(type || body ? 200 : 404, { ...(type && { "content-type": type }), ...isolated }).end(content);
    if (body) posted(JSON.parse(body));
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  try {
    return await use(`http://127.0.0.1:${server.address().port}/`, result);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Opens a page in Chromium with a temporary profile, until there is a result. */
async function openPage(url, result) {
  const profile = mkdtempSync(join(tmpdir(), "privet-bench-"));
  const quiet = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--no-first-run",
    "--disable-gpu",
    "--disable-dev-shm-usage",
  ];
  const child = spawn(
    process.env.PRIVET_CHROMIUM,
    ["--headless", "--no-sandbox", ...quiet, `--user-data-dir=${profile}`, "--remote-debugging-port=0", url],
    { stdio: "ignore" },
  );
  const ended = new Promise((resolve) => child.on("exit", resolve).on("error", resolve));
  let limit;
  const late = new Promise((_, reject) => {
    limit = setTimeout(reject, 180_000, new Error("Chromium gave no result in 3 minutes"));
  });
  const gone = ended.then((why) => Promise.reject(new Error(`Chromium ended without a result: ${why}`)));
  try {
    return await Promise.race([result, late, gone]);
  } finally {
    clearTimeout(limit);
    gone.catch(() => {}); // the exit is expected now
    child.kill();
    await ended;
    remove(profile);
  }
}

/** Removes the profile. Chromium's child processes may still be writing to it; a failure is reported and ignored. */
function remove(profile) {
  try {
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  } catch (error) {
    console.error(String(error));
  }
}

const { error, agent, compared, times } = await withServer(openPage);
if (error) throw new Error(error);
writeFileSync(join(folder, "browser.json"), JSON.stringify({ agent, compared, times }, null, 2));
console.log(`${/Chrome\/[\d.]+/.exec(agent)?.[0] ?? agent}; ${compared} answers compared, 0 differ`);
console.log(text(engines({ times })));
