// End-to-end tests of reports.
import assert from "node:assert/strict";
import { test } from "node:test";
import { downloaded, visit } from "./harness.mjs";

test("a report says who can, through what, since which version and from which row; the CSV says the same", () =>
  visit("#reports/dotdigital?op=campaigns.approve", async (page) => {
    await page.locator("[data-report]").waitFor();
    const rows = await page
      .locator("[data-report-row]")
      .evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.textContent.trim())));
    const olu = rows.find(([name]) => name === "Olu");
    assert.deepEqual(olu.slice(1, 4), [
      "Yes",
      "Role Account owner, held because of Account owner: Can approve campaigns, Can send without approval and Sender",
      "1.0.0",
    ]);
    const lena = rows.find(([name]) => name === "Lena");
    assert.match(
      lena[2],
      /Lena can’t approve or decline campaigns because .*Granted, no effect: needs Sender and Can send without approval/,
    );
    assert.match(olu[4], /rows? \d+/);
    const file = await downloaded(page, () => page.getByRole("button", { name: "CSV for Excel" }).click());
    assert.equal(file.text.charCodeAt(0), 0xfeff);
    const csv = file.text.replaceAll('""', '"');
    for (const row of rows) for (const cell of row) assert.ok(csv.includes(cell), cell);
    // Counts, what it takes, what it rests on, and the sources are in both
    assert.match(csv, /\r\nCan,1\r\nCannot,2\r\nUndecided,0\r\n/);
    for (const part of await page.locator("[data-report] :is(p, td, ol li)").allTextContents())
      assert.ok(csv.includes(part.trim().replace(/^\d\. /, "")) || part === "Access report", part);
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator(".options").isVisible(), false);
    assert.equal(await page.locator(".sheet").isVisible(), true);
    await page.emulateMedia({ media: "screen" });
    await page.getByRole("radio", { name: "Person", exact: true }).check({ force: true });
    await page.getByRole("heading", { name: /^What Lena can do$/ }).waitFor();
    await page.getByRole("radio", { name: "Organisation" }).check({ force: true });
    await page.getByRole("heading", { name: "Who can do what" }).waitFor();
  }));

test("the report counts who holds a privilege in vain, as the person's answer does, and names its sources by title", () =>
  visit("#reports/vicidial?op=email-accounts.open", async (page) => {
    await page.locator("[data-report]").waitFor();
    const figures = await page.locator(".facts b").allTextContents();
    assert.deepEqual(figures, ["0", "4", "0", "2"]);
    const row = (name) => page.locator(`[data-report-row="${name}"]`);
    assert.match(await row("Tom").textContent(), /Modify Email Accounts: granted, no effect here\./);
    assert.match(await row("Maria").textContent(), /How to let a user configure Email Accounts, rows 18 and 44/);
    await page.goto(page.url().replace("#reports", "#person").replace(/\?.*/, ""));
    await page.locator("[data-who-can]").getByText("no effect").first().waitFor();
    assert.equal(await page.locator("[data-who-can]").getByText("no effect").count(), 2);
  }));

test("the facts of a report are also those with which a role is held", () =>
  visit("#reports/dotdigital?op=campaigns.approve", async (page) => {
    await page.getByRole("heading", { name: "Settings and circumstances it rests on" }).waitFor();
    assert.match(await page.locator("[data-report]").textContent(), /Account owneroffoffon/);
  }));

test("a report says in words what an operation takes, in the language of the page", async () => {
  for (const [language, words] of [
    ["en", "Reports: at least Modify."],
    ["de", "Reports: mindestens Modify."],
  ])
    await visit("", async (page) => {
      await page.evaluate((language) => localStorage.setItem("privet.language", language), language);
      await page.goto(`${page.url().split("#")[0]}#reports/contact?op=data.reports.schedule`);
      await page.reload();
      await page.getByText(words, { exact: true }).waitFor();
    });
});
