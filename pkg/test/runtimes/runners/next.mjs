// examples/next: middleware at the edge, server components, a route handler and a server action; built for production by Turbopack and
// by webpack, and used in Chromium. The server's markup and the browser's are equal.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { app, freePort, here, link, program, sh, tabs } from "../lib.mjs";

const source = fileURLToPath(new URL("../../../../examples/next", import.meta.url));
const root = join(here, "../../.."); // where the packages are that the project links to

/** The text of a page, once the server answers. */
async function text(url, left = 100) {
  try {
    return await (await fetch(url)).text();
  } catch (error) {
    if (left === 0) throw error;
    await new Promise((later) => setTimeout(later, 100));
    return text(url, left - 1);
  }
}

/** Builds the example and starts it while `use` runs. */
async function built(bundler, use) {
  const folder = join(app, `next-${bundler}`);
  rmSync(folder, { recursive: true, force: true });
  cpSync(source, folder, { recursive: true, filter: (path) => !/node_modules|\.next$/.test(path) });
  const config = { outputFileTracingRoot: root, turbopack: { root } };
  writeFileSync(join(folder, "next.config.mjs"), `export default ${JSON.stringify(config)};\n`);
  link("react", "react-dom", "next"); // for the adapters, which are in a folder of the project
  mkdirSync(join(folder, "node_modules"));
  for (const [name, from] of [
    ["privet", app],
    ["jose", app],
    ["next", here],
    ["react", here],
    ["react-dom", here],
  ])
    symlinkSync(realpathSync(join(from, "node_modules", name)), join(folder, "node_modules", name), "junction");
  const env = { NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" };
  const printed = await sh(process.execPath, [program("next"), "build", `--${bundler}`], {
    cwd: folder,
    env,
    seconds: 300,
  });
  const port = await freePort();
  const server = spawn(process.execPath, [program("next"), "start", "-H", "127.0.0.1", "-p", String(port)], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let output = "";
  server.stderr.on("data", (data) => (output += data));
  try {
    await use(`http://127.0.0.1:${port}`);
  } catch (error) {
    throw new Error(`${bundler}: ${error.stack}\n${output}\n${printed}`);
  } finally {
    server.kill();
  }
}

/** The `main` of a page's markup. */
const mainOf = (html) => /<main>(.*?)<\/main>/s.exec(html)?.[1];

/** Uses the application as nobody, as Ann, who reads reports, and as Bob, who edits them. */
async function scene(url) {
  await text(url);
  const ask = (path, cookie) => fetch(url + path, { headers: cookie ? { cookie } : {}, redirect: "manual" });
  const signIn = async (person) => (await ask(`/sign-in?person=${person}`)).headers.getSetCookie()[0].split(";")[0];
  const [ann, bob] = [await signIn("ann"), await signIn("bob")];
  const status = async (path, cookie) => {
    const answer = await ask(path, cookie);
    return [answer.status, answer.headers.get("location")?.replace(/^.*\?/, "") ?? ""];
  };
  assert.deepEqual(await status("/reports"), [302, "missing-token"]);
  assert.deepEqual(await status("/reports", ann), [200, ""]);
  assert.deepEqual(await status("/api/reports", ann), [403, ""]);
  assert.equal((await (await ask("/api/reports", bob)).json()).allowed > 0, true);
  assert.deepEqual(await status("/reports", `${ann}x`), [302, "invalid-token"]);
  assert.equal((await ask("/forgotten", bob)).status, 500); // a path that the middleware does not know
  const markup = mainOf(await (await ask("/", ann)).text());
  assert.match(markup, /<a data-part="reports" href="\/reports">Reports<\/a><button [^>]*aria-disabled="true"/);
  assert.match(markup, /<span [^>]*hidden="">[^<]+: denied, because [^<]+<\/span>/); // the studio, in a server component
  await tabs(`${url}/sign-in?person=ann`, 1, async ([page]) => {
    await page.waitForFunction(() => globalThis.hydrated);
    assert.equal(await page.evaluate(() => document.querySelector("main").innerHTML), markup);
    await page.click("text=New report", { force: true }); // it is disabled
    assert.equal(await page.evaluate(() => document.querySelector("[data-part=manage]").textContent), "New report ");
    await page.click("text=bob");
    await page.waitForFunction(() => globalThis.hydrated && !document.querySelector("[aria-disabled]"));
    await page.click("text=New report");
    await page.waitForFunction(() => /added sales/.test(document.querySelector("[data-part=manage]").textContent));
  });
}

export async function next() {
  await built("turbopack", scene);
  await built("webpack", scene);
  return "middleware at the edge, server components, a handler and an action, built by Turbopack and by webpack";
}
