// Shared test set-up: serves the built page like a static host, below a path and under a strict Content-Security-Policy,
// and drives it in headless Chromium. Console output and requests to other origins fail a test.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before } from "node:test";
import { deflateRawSync } from "node:zlib";
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

/** Opens the page in a new browser context and runs `use` on it; `expected` are messages of the console that are no fault. */
export async function visit(
  hash,
  use,
  { width = 1440, height = 900, colorScheme = "light", offline = false, anywhere = false, expected } = {},
) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    reducedMotion: "reduce",
    acceptDownloads: true,
    serviceWorkers: offline ? "allow" : "block",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const log = [];
  page.on(
    "console",
    (message) =>
      /^Service Worker registration blocked/.test(message.text()) ||
      expected?.test(message.text()) ||
      log.push(message.text()),
  );
  page.on("pageerror", (error) => log.push(String(error.stack ?? error)));
  page.on(
    "request",
    (request) =>
      anywhere ||
      request.url().startsWith(base) ||
      request.url().startsWith("blob:") ||
      log.push(`request to ${request.url()}`),
  );
  try {
    await page.goto(base + hash);
    await page.waitForSelector("html[data-ready]");
    const result = await use(page, context);
    assert.deepEqual(log, [], "console output or external requests");
    return result;
  } catch (error) {
    if (log.length > 0) error.message += `\nconsole: ${log.join("\n")}`;
    throw error;
  } finally {
    await context.close();
  }
}

/** axe violations by rule and element. Runs over the DevTools protocol, which the page's CSP does not restrict. */
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

/** A small policy of one privilege, `read`, with other parts. */
export const desk = (parts) => ({
  format: 1,
  id: "desk",
  title: "Desk",
  version: "1",
  privileges: [{ id: "read", kind: "flag", label: "Read" }],
  ...parts,
});

/** The row of a menu item. */
export const item = (page, id) => page.locator(`[role=treeitem][data-item="${id}"]`);
/** The row of a privilege or fact. */
export const row = (page, id) =>
  page.locator(`#pane-privileges [data-privilege="${id}"], #pane-privileges [data-fact="${id}"]`);

/** The name and text of the file that a click downloads. */
export async function downloaded(page, click) {
  const [download] = await Promise.all([page.waitForEvent("download"), click()]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
}

/** Chooses an item of a designed select by its label and the item's text. */
export async function choose(page, label, item) {
  await page.locator(`[data-choice="${label}"]`).last().click();
  const list = page.getByRole("listbox", { name: label });
  await list.waitFor();
  const option =
    typeof item === "string"
      ? list.getByRole("option").filter({ hasText: item })
      : list.getByRole("option", { name: item });
  await option.first().click();
}
/** The value that a designed select shows. */
export const chosen = async (page, label) => {
  const shown = await page
    .locator(`[data-choice="${label}"]`)
    .last()
    .locator(":scope > span:not(.sr)")
    .allTextContents();
  return shown.join(" ");
};

/** Drops a file of people, a text or bytes, with a synthetic drag event. */
export async function drop(page, name, content) {
  const data = await page.evaluateHandle(
    ([name, content]) => {
      const data = new DataTransfer();
      data.items.add(new File([typeof content === "string" ? content : Uint8Array.from(content)], name));
      return data;
    },
    [name, typeof content === "string" ? content : [...content]],
  );
  await page.locator("[data-drop]").dispatchEvent("drop", { dataTransfer: data });
}
/** The button that imports the people of a file that was read. */
export const importPeople = (page) => page.getByRole("button", { name: /^Import [\d,]+ (?:person|people)$/ });

/** The data of a link that opens an own policy, with people. */
export const linked = (policy, more = {}) =>
  deflateRawSync(JSON.stringify({ policy: "own", text: JSON.stringify(policy), ...more })).toString("base64url");

/** Goes to a place of the page by its navigation. */
export const go = (page, name) => page.locator(".side .nav").getByRole("link", { name, exact: true }).click();

/** Waits until everything is kept in the browser. */
export async function kept(page) {
  await page.waitForTimeout(50);
  await page.waitForSelector("html[data-saving=saved]");
  await page.waitForTimeout(50);
}

/** Opens the groups of privileges. */
export async function openGroups(page) {
  for (;;) {
    const closed = page.locator('#pane-privileges .pgroup[aria-expanded="false"]').first();
    if ((await closed.count()) === 0) return;
    await closed.click();
  }
}
/** The text of the live region. */
export const live = (page) => page.locator("[data-live]").textContent();
