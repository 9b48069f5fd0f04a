// End-to-end tests of the page without a network, in German, and inside another page.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { base, choose, desk, go, item, visit } from "./harness.mjs";

test("works without a network after the first load, in every place", () =>
  visit(
    "",
    async (page, context) => {
      await page.evaluate(() => navigator.serviceWorker.ready);
      await page.waitForFunction(() => document.documentElement.dataset.offline === "ready");
      await context.setOffline(true);
      await page.getByText("Offline. Everything here still works.").first().waitFor();
      await page.reload();
      await page.locator("[data-sentence]").waitFor();
      for (const place of ["Roles", "Matrix", "Installation", "Requests", "Guides", "Reports", "Import", "Policy"]) {
        await go(page, place);
        await page.waitForSelector(`html[data-ready]`);
        assert.equal(await page.getByText("This part of the page could not be loaded.").count(), 0, place);
      }
      await page.locator(".cm-content").waitFor();
      // Another system opens, and why is answered there, with the smallest change
      await choose(page, "System", "Contact");
      await go(page, "Person");
      await page.locator("[data-sentence=denied]").waitFor();
      await page.locator("[data-fix]").first().waitFor();
      await context.setOffline(false);
    },
    { offline: true },
  ));

test("the page can be installed", () =>
  visit("", async (page) => {
    const manifest = await page.evaluate(async () =>
      (await fetch(document.querySelector("link[rel=manifest]").href)).json(),
    );
    assert.equal(manifest.name, "Privet");
    assert.equal(manifest.display, "standalone");
    assert.ok(manifest.icons.length > 0);
  }));

test("German: the page and the sentences of the studio", () =>
  visit("", async (page) => {
    await page.locator(".side").getByRole("radio", { name: "Deutsch" }).check({ force: true });
    await page.locator("html[lang=de] [data-sentence]").waitFor();
    assert.match(
      await page.locator("[data-sentence]").textContent(),
      /^„Open Email Accounts“ ist für Maria nicht erlaubt: Maria fehlt Modify Email Accounts und Allow Emails ist aus\./,
    );
    await go(page, "Anleitungen");
    await page.locator("[data-step]").first().waitFor();
    await go(page, "Person");
    await page.getByRole("button", { name: "Beides anwenden" }).click();
    await page.locator('[data-sentence="allowed"]').waitFor();
    await page.reload();
    assert.equal(await item(page, "email-accounts").getAttribute("data-state"), "shown");
  }));

/** Serves a product's page, and a policy at `/desk.jsonc`. */
async function product(html, policy, use) {
  const server = createServer(({ url }, response) => {
    if (url === "/desk.jsonc") return response.writeHead(200).end(JSON.stringify(policy));
    response.writeHead(url === "/" ? 200 : 404, { "content-type": "text/html" }).end(html);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  try {
    await visit(
      "",
      async (page) => {
        await page.goto(`http://127.0.0.1:${server.address().port}/`);
        await use(page);
      },
      { anywhere: true, expected: /404/ },
    );
  } finally {
    server.close();
  }
}

test("the attributes of the embedded preview name a policy by its address, the view and the language", () => {
  const policy = desk({ operations: [{ id: "desk.read", label: "Read the desk", requires: "read" }] });
  const html = `<!doctype html><script type="module" src="${base}embed.js"></script>
    <privet-preview id="one" policy="desk.jsonc" view="matrix" language="de"></privet-preview>
    <privet-preview id="other" policy="missing.jsonc"></privet-preview>`;
  return product(html, policy, async (page) => {
    const frame = page.frameLocator("#one iframe");
    await frame.locator('[data-operation="desk.read"]').waitFor({ state: "attached" });
    assert.equal(await frame.locator("html").getAttribute("lang"), "de");
    assert.equal(await frame.locator(".saved").count(), 0, "nothing is kept");
    const other = page.frameLocator("#other iframe");
    await other.getByText("missing.jsonc could not be read.").waitFor();
    assert.equal(await other.getByRole("button").count(), 0);
  });
});

test("a product embeds the preview with its own policy, people and colours, and hears each change", async () => {
  const policy = desk({
    menu: [{ id: "desk", label: "Desk" }],
    operations: [{ id: "desk.read", label: "Read the desk", menu: ["desk"], requires: "read" }],
  });
  const html = `<!doctype html><style>privet-preview { --accent: rgb(120, 20, 140); display: block; height: 800px }</style>
    <script type="module" src="${base}embed.js"></script>
    <privet-preview></privet-preview>
    <script>
      const element = document.querySelector("privet-preview");
      window.changes = [];
      element.addEventListener("privet-change", (event) => window.changes.push(event.detail));
      element.policy = ${JSON.stringify(JSON.stringify(policy))};
      element.people = [{ name: "Ada", subject: {} }];
    </script>`;
  await product(html, policy, async (page) => {
    const frame = page.frameLocator("iframe");
    await frame.locator("[data-sentence], [data-item=desk]").first().waitFor();
    await frame.locator("[data-item=desk]").click();
    await frame.getByRole("button", { name: "Apply" }).click();
    await page.waitForFunction(() => window.changes.length > 0);
    const change = await page.evaluate(() => window.changes.at(-1));
    assert.deepEqual(change.people, [{ name: "Ada", subject: { roles: [], grants: { read: true }, facts: {} } }]);
    assert.match(change.did, /Read granted/);
    assert.equal(
      await frame.locator(":root").evaluate((it) => getComputedStyle(it).getPropertyValue("--accent").trim()),
      "rgb(120, 20, 140)",
    );
  });
});
