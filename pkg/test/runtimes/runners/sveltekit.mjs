// examples/sveltekit: a hook guards requests, and pages hydrate with the session of the server; built, and used in Chromium.
import assert from "node:assert/strict";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, preview } from "vite";
import { app, link, tabs } from "../lib.mjs";

const source = fileURLToPath(new URL("../../../../examples/sveltekit", import.meta.url));

/** The content of `main`, without what only one side writes: comments and spaces. */
const plain = (html) =>
  html
    .replace(/<!--.*?-->/gs, "")
    .replace(/\s+/g, " ")
    .trim();

export async function sveltekit() {
  link("vite", "svelte", "@sveltejs/kit", "@sveltejs/vite-plugin-svelte");
  const root = join(app, "sveltekit");
  rmSync(root, { recursive: true, force: true });
  cpSync(source, root, { recursive: true, filter: (path) => !/node_modules|\.svelte-kit$/.test(path) });
  const before = process.cwd();
  process.chdir(root); // SvelteKit reads its configuration from the current folder
  try {
    await build({ root, logLevel: "error", build: { chunkSizeWarningLimit: 4096 } });
    const server = await preview({ root, logLevel: "error", preview: { host: "127.0.0.1", port: 0 } });
    const url = server.resolvedUrls.local[0];
    try {
      await scene(url);
    } finally {
      await server.close();
    }
  } finally {
    process.chdir(before);
  }
  return "a hook that guards, a layout with the server's session, hydrated, and a guarded route";
}

async function scene(url) {
  const ask = (path, cookie) => fetch(url + path, { headers: cookie ? { cookie } : {}, redirect: "manual" });
  const signIn = async (person) => (await ask(`sign-in?person=${person}`)).headers.getSetCookie()[0].split(";")[0];
  const [ann, bob] = [await signIn("ann"), await signIn("bob")];
  const status = async (path, cookie) => {
    const answer = await ask(path, cookie);
    return [answer.status, answer.headers.get("location") ?? ""];
  };
  assert.deepEqual(await status("manage"), [303, "/?missing-token"]);
  assert.deepEqual(await status("manage", ann), [303, "/?denied"]);
  assert.deepEqual(await status("manage", bob), [200, ""]);
  assert.deepEqual(await status("nothing"), [404, ""]);
  const html = await (await ask("", ann)).text();
  const [, markup] = /<main>(.*?)<\/main>/s.exec(html);
  assert.match(markup, /<b data-part="reports">reports<\/b>.*<button[^>]*aria-disabled="true"/s);
  await tabs(`${url}sign-in?person=ann`, 1, async ([page]) => {
    await page.waitForFunction(() => globalThis.hydrated);
    const shown = await page.evaluate(() => document.querySelector("main").innerHTML);
    assert.equal(plain(shown), plain(markup));
    await page.click("text=Manage reports");
    await page.waitForURL(/denied/);
    await page.click("text=bob");
    await page.waitForFunction(() => globalThis.hydrated && !document.querySelector("[aria-disabled]"));
    await page.click("text=Manage reports");
    await page.waitForSelector("h1");
  });
}
