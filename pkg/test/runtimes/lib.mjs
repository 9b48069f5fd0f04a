// Shared by the runners: the scratch project, child processes, a static server and Chromium.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

/** The temporary project in which the packed package is installed. */
export const app = process.env.PRIVET_APP;
export const installed = join(app, "node_modules/privet");
export const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
export const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

/** Creates an empty folder of the project with these files. */
export function scratch(name, files = {}) {
  const folder = join(app, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return folder;
}

/** Makes packages of this folder available in the project. */
export function link(...names) {
  for (const name of names) {
    const path = join(app, "node_modules", name);
    mkdirSync(dirname(path), { recursive: true });
    if (!existsSync(path)) symlinkSync(join(here, "node_modules", name), path);
  }
}

/** The path of a tool's program, from the `bin` of its package. */
export function program(name, bin = name) {
  const folder = join(here, "node_modules", name);
  const { bin: bins } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return join(folder, typeof bins === "string" ? bins : bins[bin]);
}

/** Runs a program in the project and returns its output; the error for a failure contains the output. */
export function sh(command, args, { env = {}, cwd = app, seconds = 120 } = {}) {
  return new Promise((resolve, reject) => {
    let out = "";
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, NO_COLOR: "1", ...env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: seconds * 1000,
    });
    child.stdout.on("data", (data) => (out += data));
    child.stderr.on("data", (data) => (out += data));
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve(out) : reject(new Error(`${command} ${args.join(" ")} ended with ${code}\n${out}`)),
    );
  });
}

/** The number that a child process printed after `cases:`. */
export function counted(out) {
  const found = /cases: (\d+)/.exec(out);
  if (!found) throw new Error(`no number of cases in:\n${out}`);
  return `${found[1]} cases`;
}

/** The entries of the package, as in `exports`. */
export const entries = [
  ...Object.keys(manifest.exports).filter((entry) => !/\*|\.(wasm|json|svelte)$/.test(entry)),
  ...["contact", "dotdigital", "vicidial"].map((id) => `./policies/${id}`),
];

/** The path in the package to which an entry resolves under a condition. */
export function target(entry, condition) {
  const conditions = manifest.exports[entry] ?? manifest.exports["./policies/*"];
  const chosen = (value) => (typeof value === "string" ? value : chosen(value[condition] ?? value.default));
  return chosen(conditions).replace("*", entry.split("/").at(-1));
}

const types = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/** Serves a folder on localhost while `use` runs. */
export async function serving(folder, use, headers = {}) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const file = join(folder, normalize(path), path.endsWith("/") ? "index.html" : "");
    if (!file.startsWith(folder) || !existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream", ...headers });
    response.end(readFileSync(file));
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  try {
    return await use(`http://127.0.0.1:${server.address().port}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** A port of the loopback interface that nobody uses now. */
export const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

let browser;
export const closeBrowser = () => browser?.close();

async function launched() {
  browser ??= await chromium.launch({
    executablePath: process.env.PRIVET_CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return browser;
}

/** Opens an address in tabs of one browser profile while `use` runs; what they print and throw is an error, unless it is ignored. */
export async function tabs(url, count, use, { ignores = /^$/ } = {}) {
  const context = await (await launched()).newContext();
  const output = [];
  try {
    const pages = [];
    for (let index = 0; index < count; index++) {
      const opened = await context.newPage();
      opened.on("console", (message) => output.push(message.text()));
      opened.on("pageerror", (error) => output.push(String(error.stack ?? error)));
      await opened.goto(url);
      pages.push(opened);
    }
    await use(pages).catch((error) => Promise.reject(new Error(`${error.stack}\n${output.join("\n")}`)));
    const printed = output.filter((line) => !ignores.test(line));
    if (printed.length) throw new Error(`the page printed: ${printed.join("\n")}`);
  } finally {
    await context.close();
  }
}

/** Opens a page and returns the `globalThis.result` that it sets; output and exceptions of the page are errors. */
export async function page(url, { quiet = true } = {}) {
  const opened = await (await launched()).newPage();
  const output = [];
  opened.on("console", (message) => output.push(message.text()));
  opened.on("pageerror", (error) => output.push(String(error.stack ?? error)));
  try {
    await opened.goto(url);
    const result = await opened
      .waitForFunction(() => globalThis.result, undefined, { timeout: 30_000 })
      .then(
        (handle) => handle.jsonValue(),
        (error) => Promise.reject(new Error(`${error.message}\n${output.join("\n")}`)),
      );
    if (quiet && output.length) throw new Error(`the page printed: ${output.join("\n")}`);
    return result;
  } finally {
    await opened.close();
  }
}

/** The script of a page that runs the suite; `source` is code for the argument of `studio`. */
export const pageScript = (suite, source = "") => `import { run } from "${suite}";
run(${source}).then((count) => (globalThis.result = { count }), (error) => (globalThis.result = { error: String(error.stack) }));
`;

/** The result of a page's suite. */
export function ran({ count, error }) {
  if (error) throw new Error(error);
  return `${count} cases`;
}

/** The native program of a package whose launcher requires an install script. */
export function native(scope, file) {
  const folder = join(here, "node_modules", scope);
  const found = readdirSync(folder)
    .map((name) => join(folder, name, file))
    .find(existsSync);
  if (!found) throw new Error(`no ${file} below ${folder}`);
  return found;
}

export { require };
