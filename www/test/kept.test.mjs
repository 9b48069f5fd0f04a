// End-to-end tests of what is kept: people, drafts, imports, history and undo; one installation for everybody.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { choose, chosen, downloaded, go, item, kept, row, visit } from "./harness.mjs";

const undo = (page) => page.locator("[data-undo]");
const applyFix = (page) =>
  page
    .locator("[data-fix]")
    .first()
    .getByRole("button", { name: /^Apply/ })
    .click();

test("a setting is one state for everybody, also for new people", () =>
  visit("#installation/vicidial?fact=email-allowed", async (page) => {
    const setting = page.locator('[data-settings] [data-fact="email-allowed"]');
    await setting.getByRole("radio", { name: "On" }).check({ force: true });
    await page.getByText("4 gain, nobody loses").waitFor();
    await setting.getByText("not applied yet").waitFor();
    await page.getByRole("button", { name: "Apply for everybody" }).click();
    await page.waitForFunction(() =>
      /Allow Emails on for everybody\. 4 people gain, nobody loses\./.test(
        document.querySelector("[data-live]").textContent,
      ),
    );
    await go(page, "Person");
    await choose(page, "Viewing as", "Tom");
    assert.equal(await item(page, "email-accounts").getAttribute("data-state"), "shown");
    await page.locator('[data-choice="Viewing as"]').click();
    await page.getByRole("button", { name: "Add a person" }).click();
    assert.equal(await chosen(page, "Viewing as"), "New person");
    await page.getByRole("button", { name: "Allow Emails: on" }).waitFor();
  }));

test("a save point covers the person and says so; the installation stays", () =>
  visit("", async (page) => {
    await page.locator("[data-since]").getByText("No changes for Maria since save point").waitFor();
    await applyFix(page);
    await page.getByRole("button", { name: "Return to save point" }).click();
    await page.locator("[data-since]").getByText("No changes for Maria since save point").waitFor();
    assert.equal(
      await row(page, "modify-email-accounts").first().getByRole("switch").getAttribute("aria-checked"),
      "false",
    );
    await page.getByRole("button", { name: "Allow Emails: on" }).waitFor();
    await choose(page, "Viewing as", "Tom");
    assert.equal(await item(page, "email-accounts").getAttribute("data-state"), "shown");
  }));

test("Back steps through questions and never undoes work", () =>
  visit("", async (page) => {
    await applyFix(page);
    await page.locator('[data-sentence="allowed"]').waitFor();
    await go(page, "Guides");
    await page.locator("[data-step]").first().waitFor();
    await page.locator('[data-step="allow-email"][data-state="done"]').waitFor();
    await page.goBack();
    await page.locator('[data-sentence="allowed"]').waitFor();
    assert.equal(await undo(page).isDisabled(), false);
    await page.goForward();
    await page.locator('[data-step="allow-email"][data-state="done"]').waitFor();
    await undo(page).click();
    await page.locator('[data-step="allow-email"][data-state="done"]').waitFor({ state: "detached" });
  }));

test("people, undo and the question stay after a reload", () =>
  visit("", async (page) => {
    await choose(page, "Viewing as", "Tom");
    await item(page, "email-groups").click();
    await page.locator('[data-privilege="view-reports"]').getByRole("switch").click();
    await kept(page);
    await page.reload();
    await page.waitForSelector("html[data-ready]");
    assert.equal(await chosen(page, "Viewing as"), "Tom");
    assert.equal(await item(page, "email-groups").getAttribute("aria-selected"), "true");
    assert.equal(
      await page.locator('[data-privilege="view-reports"]').getByRole("switch").getAttribute("aria-checked"),
      "false",
    );
    await undo(page).click();
    assert.equal(
      await page.locator('[data-privilege="view-reports"]').getByRole("switch").getAttribute("aria-checked"),
      "true",
    );
  }));

test("another system keeps what was done in the first, also its own policy and draft", () =>
  visit("", async (page) => {
    await applyFix(page);
    await kept(page);
    await choose(page, "System", "Contact");
    await item(page, "staff").waitFor();
    await go(page, "Policy");
    await page.locator(".cm-content").waitFor();
    await page.locator(".cm-content").press("Control+Home");
    await page.keyboard.type("// mine\n");
    await kept(page);
    await choose(page, "System", "VICIdial");
    await go(page, "Person");
    await page.locator('[data-sentence="allowed"]').waitFor();
    await choose(page, "System", "Contact");
    await go(page, "Policy");
    await page.locator(".cm-content").getByText("// mine").waitFor();
    await page.reload();
    await page.locator(".cm-content").getByText("// mine").waitFor();
  }));

test("undo names what it undoes, and a removed person comes back with their save point", () =>
  visit("", async (page) => {
    await page.locator('[data-privilege="modify-users"]').getByRole("switch").click();
    assert.equal(await undo(page).getAttribute("aria-label"), "Undo: Modify Users not granted");
    await page.locator('[data-choice="Viewing as"]').click();
    await page.getByRole("button", { name: "Remove" }).click();
    assert.equal(await chosen(page, "Viewing as"), "Tom");
    await undo(page).click();
    await choose(page, "Viewing as", "Maria");
    await page
      .locator("[data-since]")
      .getByText(/since save point start/)
      .waitFor();
    assert.match(await page.locator("[data-since]").textContent(), /^\d+ changes? since save point start$/);
  }));

test("a workspace is exported, and opened again under its name", () =>
  visit("", async (page) => {
    await applyFix(page);
    await page.getByRole("button", { name: "Request" }).first().click();
    await page.getByRole("button", { name: "Send request" }).click();
    await page.locator(".top .tag", { hasText: "Sent" }).waitFor();
    await go(page, "Person");
    await page.locator('[data-choice="System"]').click();
    const file = await downloaded(page, () => page.getByRole("button", { name: "Export", exact: true }).click());
    assert.match(file.name, /vicidial\.privet\.json$/);
    const data = JSON.parse(file.text);
    assert.equal(data.content.facts["email-allowed"], true);
    assert.equal(data.content.people.length, 4);
    data.name = "Night shift";
    const path = `/tmp/privet-${process.pid}.json`;
    writeFileSync(path, JSON.stringify(data));
    await page.locator('[data-choice="System"]').click();
    const [chooser] = await Promise.all([
      page.waitForEvent("filechooser"),
      page.getByRole("button", { name: "Open a file" }).click(),
    ]);
    await chooser.setFiles(path);
    await page.waitForFunction(() => document.title.includes("Night shift"));
    await page.locator('[data-sentence="allowed"]').waitFor();
    // With its requests
    await go(page, "Requests");
    await page.locator(".top .tag", { hasText: "Sent" }).waitFor();
    assert.ok(readFileSync(path).length > 0);
  }));

test("a copied link opens the same question with the same people; without a clipboard it is in the address bar", () =>
  visit("", async (page, context) => {
    await page.evaluate(() => {
      Object.defineProperty(navigator, "clipboard", { value: undefined });
      document.execCommand = () => false;
    });
    await applyFix(page);
    await page.getByRole("button", { name: "Copy link" }).click();
    await page.locator("[data-toast]").getByText("The link couldn’t be copied. It is in the address bar.").waitFor();
    const address = page.url();
    assert.match(address, /[?&]d=/);
    const other = await context.newPage();
    await other.goto(address);
    await other.locator('[data-sentence="allowed"]').waitFor();
    assert.match(await other.locator('[data-choice="System"]').textContent(), /from a link/);
    await other.close();
  }));

test("a link with too much data shows a notice and the examples, in little time", async () => {
  const data = (bytes) => bytes.toString("base64url");
  const zeros = data(deflateRawSync(Buffer.alloc(400 << 20), { level: 9 })); // half a megabyte
  const people = (count) =>
    JSON.stringify({ people: Array.from({ length: count }, (_, index) => ({ name: `p${index}`, subject: {} })) });
  for (const d of ["A".repeat(1_900_000), zeros, data(deflateRawSync(people(200_000)))]) {
    await visit(`#person/vicidial?d=${d}`, async (page) => {
      await page.getByText("This link has more data than this page reads.").waitFor();
      assert.equal(await chosen(page, "Viewing as"), "Maria");
    });
  }
  await visit(`#person/vicidial?d=${data(deflateRawSync(people(1000)))}`, async (page) =>
    assert.equal(await chosen(page, "Viewing as"), "p0"),
  );
  await visit("#person/vicidial?d=%%%", (page) => page.getByText("This link is incomplete.").waitFor());
});

test("storage that is blocked is told, and the page works", () =>
  visit("", async (page) => {
    await page.addInitScript(() => {
      IDBFactory.prototype.open = () => {
        throw new Error("blocked");
      };
    });
    await page.reload();
    await page.locator('[data-privilege="view-reports"]').getByRole("switch").click();
    await page.getByText("Not saved: storage is full or blocked").first().waitFor();
  }));

test("two tabs on one workspace: what is done in one is seen in the other, and neither undoes the other's work", () =>
  visit("", async (page, context) => {
    await kept(page);
    const other = await context.newPage();
    await other.goto(page.url());
    await other.locator("[data-fix]").first().waitFor();
    await choose(other, "Viewing as", "Tom");
    await applyFix(page);
    await page.locator('[data-sentence="allowed"]').waitFor();
    // The other tab follows, and stays with Tom
    await other.waitForFunction(() => !document.querySelector("[data-undo]").disabled);
    assert.equal(await chosen(other, "Viewing as"), "Tom");
    assert.equal(await item(other, "email-accounts").getAttribute("data-state"), "shown");
    await other.locator('[data-privilege="view-reports"]').getByRole("switch").click();
    await page.waitForFunction(() =>
      /View Reports/.test(document.querySelector("[data-undo]").getAttribute("aria-label")),
    );
    assert.equal(await chosen(page, "Viewing as"), "Maria");
    await kept(page);
    await kept(other);
    await other.close();
    await page.reload();
    await page.locator('[data-sentence="allowed"]').waitFor();
    await undo(page).click();
    await undo(page).click();
    await page.locator('[data-sentence="denied"]').waitFor();
  }));

test("a new workspace and one of a link are kept before anything is changed in them", () =>
  visit("", async (page, context) => {
    await page.locator('[data-choice="System"]').click();
    await page.getByRole("button", { name: "New workspace" }).click();
    await page.waitForFunction(() => document.title.includes("copy"));
    await kept(page);
    await choose(page, "System", "Contact");
    await item(page, "staff").waitFor();
    await choose(page, "System", "VICIdial, copy");
    await page.waitForFunction(() => document.title.includes("VICIdial, copy"));
    const d = deflateRawSync(JSON.stringify({ policy: "vicidial", people: [{ name: "Mia", subject: {} }] }));
    const other = await context.newPage();
    await other.goto(`${page.url().split("#")[0]}#person/vicidial?d=${d.toString("base64url")}`);
    await other.waitForSelector("html[data-ready]");
    assert.equal(await chosen(other, "Viewing as"), "Mia");
    await kept(other);
    await other.reload();
    await other.waitForSelector("html[data-ready]");
    assert.equal(await chosen(other, "Viewing as"), "Mia");
  }));
