// The built site: no dead link, no request to another origin, readable in both themes and on a phone.
import assert from "node:assert/strict";
import { mkdirSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { after, before, describe, test } from "node:test";
import { chromium } from "playwright-core";
import { serve } from "./serve.mjs";

const { PRIVET_SITE: folder, PRIVET_CHROMIUM: executablePath, PRIVET_PICTURES: pictures } = process.env;
if (!folder || !executablePath)
  throw new Error("PRIVET_SITE and PRIVET_CHROMIUM are not set; run `bash scripts/site.sh test`");

/** The pages that VitePress made, by their path; the playground and the reference of the crate are made by others. */
const pages = readdirSync(folder, { recursive: true })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => file.endsWith(".html") && !/^(playground|rust)\//.test(file));
const text = new Map(pages.map((file) => [file, readFileSync(join(folder, file), "utf8")]));
const decoded = (value) =>
  value
    .replace(/&amp;/g, "&")
    .replace(/&#39;/g, "'")
    .replace(/&quot;/g, '"');
const anchors = new Map();
const anchorsOf = (file) => {
  if (!anchors.has(file)) {
    const html = text.get(file) ?? readFileSync(join(folder, file), "utf8");
    anchors.set(file, new Set([...html.matchAll(/\s(?:id|name)="([^"]+)"/g)].map(([, id]) => decoded(id))));
  }
  return anchors.get(file);
};

test("no link leads nowhere: files, pages and the places in them", () => {
  assert.ok(pages.length > 30, `${pages.length} pages`);
  const dead = [];
  let count = 0;
  for (const [file, html] of text) {
    for (const [, raw] of html.matchAll(/\s(?:href|src)="([^"]*)"/g)) {
      const link = decoded(raw);
      if (/^(https?:|mailto:|data:)/.test(link) || link === "") continue;
      count++;
      const [path, hash = ""] = link.split("#");
      const to =
        path === ""
          ? file
          : posix.normalize(path.startsWith("/") ? path.slice(1) : posix.join(dirname(file), path)) || "index.html";
      const found = [to, `${to}.html`, posix.join(to, "index.html")].find(
        (one) => existsSync(join(folder, one)) && /\.\w+$/.test(one),
      );
      if (!found) dead.push(`${file}: ${link}`);
      else if (hash && found.endsWith(".html") && !anchorsOf(found).has(decodeURIComponent(hash)))
        dead.push(`${file}: ${link}`);
    }
  }
  assert.deepEqual(dead, []);
  assert.ok(count > 1000, `${count} links`);
});

test("every entry of the package has a page of the API, and every export is on it", () => {
  const api = readFileSync(join(folder, "../../../pkg/api.txt"), "utf8");
  for (const [, entry, list] of api.matchAll(/^── (privet\S*)\n([\s\S]*?)(?=^── |(?![\s\S]))/gm)) {
    if (entry.endsWith(".svelte")) continue;
    // TypeDoc numbers a page whose name differs from another one in case alone, as `why` and `Why`
    const page = ["/index", "", "-1"].map((end) => text.get(`api/${entry}${end}.html`)).find(Boolean);
    assert.ok(page, `${entry} has no page`);
    const exported = list.split("not exported, but used above")[0];
    for (const [, name] of exported.matchAll(/^(?:abstract )?(?:class|function|interface|type|const) (\w+)/gm))
      assert.ok(page.includes(name), `${entry}: ${name}`);
  }
});

describe("in Chromium", () => {
  let [server, browser] = [];
  before(async () => {
    server = await serve(folder);
    browser = await chromium.launch({
      executablePath,
      args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
    });
    mkdirSync(pictures, { recursive: true });
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });

  for (const colorScheme of ["light", "dark"])
    for (const width of [390, 1440])
      test(`pages fit and ask nobody else, ${colorScheme}, ${width} px`, async () => {
        const context = await browser.newContext({
          viewport: { width, height: 900 },
          colorScheme,
          reducedMotion: "reduce",
        });
        const page = await context.newPage();
        const faults = [];
        page.on("pageerror", (error) => faults.push(String(error)));
        page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
        page.on(
          "request",
          (request) => request.url().startsWith(server.url) || faults.push(`request to ${request.url()}`),
        );
        for (const path of [
          "",
          "getting-started",
          "cli",
          "language",
          "recipes",
          "api/privet",
          "playground/index.html",
          "rust/privet/index.html",
        ]) {
          await page.goto(server.url + path, { waitUntil: "load" });
          await page.waitForTimeout(300);
          const name = path.replace(/\W+/g, "-").replace(/-$/, "") || "home";
          if (pictures) await page.screenshot({ path: join(pictures, `${name}-${colorScheme}-${width}.png`) });
          const wider = await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          );
          // The page of the crate is rustdoc's
          if (!path.startsWith("rust")) assert.ok(wider <= 1, `${path} is ${wider} px wider than the screen`);
          if (!/^(rust|playground)/.test(path))
            assert.equal(
              await page.evaluate(() => document.documentElement.classList.contains("dark")),
              colorScheme === "dark",
            );
        }
        assert.deepEqual(faults, []);
        await context.close();
      });

  test("the search finds a page, and the playground decides", async () => {
    const page = await browser.newPage();
    await page.goto(server.url);
    await page
      .getByRole("button", { name: /search/i })
      .first()
      .click();
    await page.getByRole("searchbox").fill("impersonation");
    await page.locator("#localsearch-list a", { hasText: "Impersonation" }).first().click();
    await page.waitForURL(/recipes(\.html)?#impersonation$/);
    await page.goto(`${server.url}playground/index.html`);
    await page.waitForSelector("html[data-ready]");
    await page.close();
  });
});
