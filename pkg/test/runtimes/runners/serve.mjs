// `privet serve`: the installed bin serves the preview of a policy, which follows the files as they are saved. In Chromium.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { installed, scratch, tabs } from "../lib.mjs";

const SHOP = `{
  // The shop
  "format": 1, "id": "shop", "title": "Shop", "version": "1",
  "include": ["more.jsonc"],
  "privileges": [{ "id": "orders", "kind": "flag", "label": "Orders" }],
  "menu": [{ "id": "orders", "label": "Order list" }],
  "operations": [{ "id": "orders.list", "label": "List orders", "menu": ["orders"], "requires": "orders" }]
}
`;
const MORE =
  '{ "menu": [{ "id": "more", "label": "More" }], "operations": [{ "id": "more.open", "label": "Open", "menu": ["more"], "requires": "not orders" }] }\n';

/** The servers that were started. */
const running = new Set();

/** Starts the server: its address, what it prints, and how it ends. */
async function start(folder, args = ["--port", "0"], env = {}) {
  const bin = join(installed, "dist/cli/main.js");
  const child = spawn(process.execPath, [bin, "serve", "shop.privet.jsonc", ...args], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: "1", ...env },
  });
  running.add(child);
  const printed = { out: "", err: "" };
  child.stdout.on("data", (data) => (printed.out += data));
  child.stderr.on("data", (data) => (printed.err += data));
  const ended = new Promise((resolve) => child.once("exit", (code, signal) => resolve(code ?? signal)));
  const until = async (ready) => {
    for (let tries = 0; tries < 400; tries += 1) {
      const found = ready();
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`nothing happened: ${JSON.stringify(printed)}`);
  };
  const stop = () => {
    child.kill("SIGINT");
    return ended;
  };
  return { printed, ended, until, stop, url: () => until(() => /http:\/\/127\.0\.0\.1:\d+\//.exec(printed.out)?.[0]) };
}

/** The status of a response to a request with these headers. */
const status = (url, headers, method = "GET") =>
  new Promise((resolve, reject) => {
    request(url, { headers, method }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });

export async function serve() {
  try {
    return await scenes();
  } finally {
    for (const child of running) child.kill("SIGKILL");
  }
}

async function scenes() {
  const folder = scratch("serve", { "shop.privet.jsonc": SHOP, "more.jsonc": MORE });
  const save = (file, text) => writeFileSync(join(folder, file), text);
  const server = await start(folder);
  const url = await server.url();
  const port = new URL(url).port;

  // Only this machine, and only what the page has
  assert.equal(await status(url, {}), 200);
  assert.equal(await status(`${url}policy-events`, { host: "evil.example" }), 403);
  assert.equal(await status(`${url}policy-events`, { origin: "https://evil.example" }), 403);
  assert.equal(await status(`${url}..%2f..%2fpackage.json`, {}), 404);
  assert.equal(await status(url, {}, "POST"), 405);
  const response = await fetch(url);
  assert.match(response.headers.get("content-security-policy"), /^default-src 'self'; /);
  assert.equal(response.headers.get("content-encoding"), "gzip");

  await tabs(url, 1, async ([page]) => {
    page.setDefaultTimeout(15_000);
    const item = (label) => page.locator("[role=treeitem]", { hasText: label });
    await item("Order list").waitFor();
    await item("More").waitFor();
    assert.match(await page.title(), /Shop/);
    await page.waitForSelector("html[data-ready=person]");
    assert.equal(new URL(page.url()).hash, "#person/own");
    await page.evaluate(() => (globalThis.marker = 1));
    // The first item is what the page asks by itself, which the address leaves out
    await item("More").click();
    await page.waitForFunction(() => location.hash.includes("item=more"));
    const privilege = page.locator('#pane-privileges [data-privilege="orders"] [role=switch]').first();
    await privilege.click();
    await page.waitForSelector('#pane-privileges [data-privilege="orders"] [role=switch][aria-checked=true]');

    // A version that compiles replaces the one before; the page and its people stay
    save("shop.privet.jsonc", SHOP.replace('"Order list"', '"All orders"'));
    await item("All orders").waitFor();
    assert.match(new URL(page.url()).hash, /item=more/);
    save("more.jsonc", MORE.replace('"More"', '"Even more"'));
    await item("Even more").waitFor();

    // One that does not compile is told in the page and at the terminal
    save("shop.privet.jsonc", SHOP.replace('"requires": "orders"', '"requires": "order"'));
    await page.locator("[role=alert]", { hasText: "did you mean" }).waitFor();
    const fault = await page.locator("[role=alert] [data-toast]").textContent();
    assert.match(
      fault,
      /error\[unknown-id\]: unknown fact, condition or privilege `order`\n --> shop\.privet\.jsonc:7:\d+/,
    );
    assert.match(fault, /\n *\| +\^{5}\n/);
    await server.until(() => server.printed.err.includes("error[unknown-id]"));
    await item("All orders").waitFor(); // the version before stays
    save("shop.privet.jsonc", SHOP);
    await item("Order list").waitFor();
    await page.locator("[role=alert]").waitFor({ state: "detached" });
    assert.equal(await privilege.getAttribute("aria-checked"), "true");
    assert.equal(await page.evaluate(() => globalThis.marker), 1);

    // The address reproduces the view, and another policy can be looked at meanwhile
    await page.goto(`${url}#policy/own`);
    await page.locator(".cm-content", { hasText: '"orders.list"' }).waitFor();
    save("shop.privet.jsonc", SHOP.replace('"Order list"', '"All orders"'));
    await page.locator(".cm-content", { hasText: '"All orders"' }).waitFor(); // the editor follows too
    const choose = async (name) => {
      await page.locator('[data-choice="System"]').first().click();
      await page.getByRole("listbox", { name: "System" }).getByRole("option").filter({ hasText: name }).first().click();
    };
    await choose("Contact");
    await page.waitForFunction(() => location.hash.includes("/contact"));
    save("shop.privet.jsonc", SHOP);
    await choose("The served policy");
    await page.waitForFunction(() => /Shop/.test(document.title));

    // What was done stays in this browser; a version that no longer has it starts afresh, and says so
    await page.goto(`${url}#person/own`);
    await page.waitForSelector('#pane-privileges [data-privilege="orders"] [role=switch][aria-checked=true]');
    save(
      "shop.privet.jsonc",
      SHOP.replace('"id": "orders", "kind"', '"id": "sales", "kind"').replace('"orders" }]', '"sales" }]'),
    );
    save("more.jsonc", MORE.replace("not orders", "not sales"));
    await page.locator("[role=alert]", { hasText: "do not fit the new version" }).waitFor();
    await page.locator('#pane-privileges [data-privilege="sales"] [role=switch]').first().waitFor();
    save("shop.privet.jsonc", SHOP);
    save("more.jsonc", MORE);
    await page.locator('#pane-privileges [data-privilege="orders"] [role=switch]').first().waitFor();
  });

  // A port that is used, and one that is none
  const second = await start(folder, ["--port", port]);
  assert.equal(await second.ended, 2);
  assert.match(
    second.printed.err,
    /^error: cannot use the port \d+: it is in use; give another by --port, or 0 for a free one\n$/,
  );
  const third = await start(folder, ["--port", "x"]);
  assert.equal(await third.ended, 2);
  assert.equal(await server.stop(), 0);
  await assert.rejects(fetch(url));

  await brokenAtFirst(folder);
  return "follows a document and its files, tells errors, answers this machine only, ends on SIGINT";
}

/** A policy with errors is served, and opens as soon as they are mended; `--open` opens the browser. */
async function brokenAtFirst(folder) {
  writeFileSync(join(folder, "shop.privet.jsonc"), SHOP.replace('"flag"', '"flg"'));
  const browser = join(folder, "browser.sh");
  writeFileSync(browser, '#!/bin/sh\necho "$1" > opened.txt\n');
  chmodSync(browser, 0o755);
  const server = await start(folder, ["--port", "0", "--open"], { BROWSER: browser });
  const url = await server.url();
  await server.until(() => existsSync(join(folder, "opened.txt")));
  await server.until(() => readFileSync(join(folder, "opened.txt"), "utf8") === `${url}\n`);
  await tabs(url, 1, async ([page]) => {
    page.setDefaultTimeout(15_000);
    await page.locator("[role=alert]", { hasText: "did you mean `flag`?" }).waitFor();
    writeFileSync(join(folder, "shop.privet.jsonc"), SHOP);
    await page.locator("[role=treeitem]", { hasText: "Order list" }).waitFor();
  });
  assert.equal(await server.stop(), 0);
}
