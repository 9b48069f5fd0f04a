// End-to-end tests of Guide, Compare and Review.
import assert from "node:assert/strict";
import { test } from "node:test";
import { link, visit } from "./harness.mjs";

const step = (page, id) => page.locator(`[data-step="${id}"]`);

test("the inbound email guide, done by several people", () =>
  visit("#guide/vicidial?as.email-administrator=0", async (page) => {
    const states = () => page.locator("[data-step]").evaluateAll((all) => all.map((it) => it.dataset.state).join(" "));
    await step(page, "allow-email").waitFor();
    // Ada may edit the system settings, so the first step is ready for her; the others wait for it
    assert.equal(await states(), "ready blocked blocked blocked blocked blocked");
    assert.match(await step(page, "allow-email").textContent(), /Ada, as system administrator/);
    assert.match(await step(page, "grant-modify-email-accounts").textContent(), /Waits for: Email allowed system-wide/);
    await step(page, "allow-email").getByRole("button", { name: "Mark as done" }).click();
    await page.waitForFunction(() => document.querySelector('[data-step="allow-email"]').dataset.state === "done");
    assert.equal(await page.getByLabel("email administrator").evaluate((it) => it.selectedOptions[0].text), "Maria");
    await page.waitForFunction(
      () => document.querySelector('[data-step="grant-modify-email-accounts"]').dataset.state === "ready",
    );
    await step(page, "grant-modify-email-accounts").getByRole("button", { name: "Mark as done" }).click();
    await page.waitForFunction(() => document.querySelector('[data-step="build-account"]').dataset.state === "ready");
    await page.getByRole("heading", { name: "2 of 6 done" }).waitFor();
    // Maria received the flag
    await page.getByRole("link", { name: "Preview" }).click();
    await page.getByLabel("Viewing as").selectOption({ label: "Maria" });
    assert.match(await page.locator('[data-item="email-accounts"]').textContent(), /gained/);
  }));

test("a blocked step offers the changes that unblock it", () =>
  visit("#guide/vicidial?as.system-administrator=0", async (page) => {
    await step(page, "allow-email").waitFor();
    assert.equal(await step(page, "allow-email").getAttribute("data-state"), "blocked");
    assert.match(await step(page, "allow-email").textContent(), /Modify Servers is not granted/);
    await step(page, "allow-email")
      .getByRole("button", { name: /Apply for Maria: Grant Modify Servers/ })
      .click();
    await page.waitForFunction(() => document.querySelector('[data-step="allow-email"]').dataset.state === "ready");
  }));

test("a policy without guides", () =>
  visit("#guide/contact", (page) => page.getByText("This policy has no guides.").waitFor()));

test("compares two people, and one person before and after", () =>
  visit("#compare/vicidial", async (page) => {
    const rows = (title) =>
      page
        .locator("section.panel")
        .filter({ has: page.getByRole("heading", { name: title }) })
        .locator("tbody tr");
    const texts = async (title) => (await rows(title).allTextContents()).map((it) => it.replace(/\s+/g, " "));
    assert.match(
      await page.locator("[data-summary]").textContent(),
      /Tom can do 6 things that Maria cannot, and cannot do 21 that Maria can\./,
    );
    assert.ok((await texts("What they hold")).includes("Modify Usersgranted not granted "));
    await page.getByLabel("Right").selectOption("Ben");
    assert.ok((await texts("What they see")).some((it) => it.startsWith("Users● shown · Add, Copy, Edit⌀ hidden")));
    await page.getByLabel("Show equal rows too").check();
    assert.equal(await rows("What they see").count(), 61);
    await page.getByRole("radio", { name: "Before and after" }).check();
    assert.match(await page.locator("[data-summary]").textContent(), /Maria now can do 0 things/);
    await page.getByRole("link", { name: "Preview" }).click();
    await page.getByRole("button", { name: "ALLOW NONE" }).click();
    await page.getByRole("link", { name: "Compare" }).click();
    await page.getByLabel("Show equal rows too").uncheck();
    assert.ok((await texts("What they can do")).some((it) => it.includes("can") && it.endsWith("cannot")));
    const hash = await link(page);
    await page.goto("about:blank");
    assert.match(hash, /^#compare\/vicidial\?.*time=1/);
  }));

test("reviews who may grant Email Accounts, and which rules forbid it", () =>
  visit("#review/vicidial", async (page) => {
    const actor = (name) => page.locator(`[data-actor="${name}"]`);
    await page.getByText("No changes for Maria since the save point").waitFor();
    await page.getByLabel("Add to the change").selectOption("Modify Email Accounts");
    await page.getByRole("switch", { name: "Modify Email Accounts" }).click();
    assert.deepEqual(await page.locator("[data-change] li").allTextContents(), ["Modify Email Accounts: granted"]);
    // While email is off, even a level 9 administrator may not
    await actor("Ada").waitFor();
    assert.equal(await actor("Ada").getAttribute("data-allowed"), "no");
    assert.match(await actor("Ada").textContent(), /can be granted only while email is allowed/);
    assert.match(await actor("Ada").textContent(), /Allow Emails/);
    await page.getByRole("link", { name: "Preview" }).click();
    await page.locator("#pane-privileges details").evaluateAll((all) => {
      for (const it of all) it.open = true;
    });
    await page.locator('[data-fact="email-allowed"]').getByRole("radio", { name: "on", exact: true }).check();
    await page.getByLabel("Viewing as").selectOption({ label: "Ada" });
    await page.getByRole("link", { name: "Review", exact: true }).click();
    await page.getByLabel("Change to").selectOption("Maria");
    await actor("Ben").waitFor();
    assert.equal(await actor("Ben").getAttribute("data-allowed"), "no");
  }));

test("reviews creating and deleting people", () =>
  visit("#review/dotdigital?kind=create", async (page) => {
    const actor = (name) => page.locator(`[data-actor="${name}"]`);
    await actor("Lena").waitFor();
    assert.equal(await actor("Lena").getAttribute("data-allowed"), "no");
    assert.equal(await actor("Olu").getAttribute("data-allowed"), "yes");
    await page.getByRole("radio", { name: "Delete" }).check();
    await page.waitForFunction(() =>
      document.querySelector('[data-actor="Lena"]').textContent.includes("removes other users"),
    );
  }));
