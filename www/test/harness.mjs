// What the tests of the page share: the built page served as a static host would, below a path and under a strict
// Content-Security-Policy, in headless Chromium. What the page logs, or asks of anybody else, fails a test.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before } from "node:test";
import { chromium } from "playwright-core";
import { serve } from "../serve.js";

const { PRIVET_PAGE: folder, PRIVET_CHROMIUM: executablePath } = process.env;
if (!folder || !executablePath)
  throw new Error(
    "PRIVET_PAGE and PRIVET_CHROMIUM are not set; run these tests by `make test` or `bash scripts/test.sh page`",
  );
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export let base;
export let browser;
let server;

before(async () => {
  server = await serve(folder, { path: "/some/where/" });
  base = server.url;
  const args = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ];
  browser = await chromium.launch({ executablePath, args });
});
after(async () => {
  await browser?.close();
  await server?.close();
});

/** A page at an address, in a context of its own; `use` drives it. */
export async function visit(hash, use, { width = 1280, height = 800, colorScheme = "light" } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    reducedMotion: "reduce",
    acceptDownloads: true,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error.stack ?? error)));
  page.on(
    "request",
    (request) =>
      request.url().startsWith(base) || request.url().startsWith("blob:") || said.push(`asked for ${request.url()}`),
  );
  try {
    await page.goto(base + hash);
    await page.waitForSelector("html[data-ready]");
    const result = await use(page, context);
    assert.deepEqual(said, [], "the page said, or asked for");
    return result;
  } catch (error) {
    if (said.length > 0) error.message += `\nthe page said: ${said.join("\n")}`;
    throw error;
  } finally {
    await context.close();
  }
}

/** What axe finds wrong, by rule and element. The script runs in a world that the page's policy allows. */
export async function violations(page) {
  const session = await page.context().newCDPSession(page);
  const run = `${axe}; axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => JSON.stringify(violations.map(({ id, nodes }) => [id, ...nodes.slice(0, 3).map(({ html }) => html.slice(0, 160))])))`;
  const { result, exceptionDetails } = await session.send("Runtime.evaluate", {
    expression: run,
    awaitPromise: true,
    returnByValue: true,
  });
  if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
  return JSON.parse(result.value);
}

/** A menu item's row. */
export const item = (page, id) => page.locator(`[role=treeitem][data-item="${id}"]`);
/** The row of a privilege or a fact. */
export const row = (page, id) =>
  page.locator(`#pane-privileges [data-privilege="${id}"], #pane-privileges [data-fact="${id}"]`);

/** Opens every group that hides a row. */
export const unfold = (page) =>
  page.locator("#pane-privileges details").evaluateAll((all) => all.forEach((it) => (it.open = true)));

/** The address as it is once it has settled. */
export async function link(page) {
  await page.waitForTimeout(100);
  await page.waitForSelector("html[data-address=written]");
  return page.evaluate(() => location.hash);
}

/** The text of a file that a click downloads. */
export async function downloaded(page, click) {
  const [download] = await Promise.all([page.waitForEvent("download"), click()]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
}
