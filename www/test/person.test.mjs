// End-to-end tests of the person: why, the smallest changes, previews, controls, keys, and what is announced.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { choose, chosen, desk, go, item, live, openGroups, row, visit } from "./harness.mjs";

const sentence = (page) => page.locator("[data-sentence]");
const heading = (page, name) => page.getByRole("heading", { name, exact: true });

test("the first view says why Maria cannot open Email Accounts, and the smallest changes in order", () =>
  visit("", async (page) => {
    await sentence(page).waitFor();
    await heading(page, "Why can’t Maria open Email Accounts?").waitFor();
    assert.match(
      await sentence(page).textContent(),
      /^Maria can’t open Email Accounts because she lacks Modify Email Accounts and Allow Emails is off\.The guide asks for these two alone\. The shipped page also asks for user level 8\.$/,
    );
    const fix = page.locator("[data-fix]");
    await fix.first().waitFor();
    assert.equal(await fix.count(), 1);
    assert.deepEqual(await fix.locator(".way > span:nth-child(2)").allTextContents(), [
      "Turn on Allow Emails",
      "Grant Modify Email Accounts to Maria",
    ]);
    assert.match(await fix.textContent(), /Everybody’s setting\. All 4 people here gain\./);
    assert.match(await fix.textContent(), /Possible only after step 1\./);
    assert.match(await item(page, "email-accounts").textContent(), /appears.*hidden/);
    await fix.getByRole("button", { name: "Apply both" }).click();
    await heading(page, "Why can Maria open Email Accounts?").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.id), "why-title");
    assert.match(await page.locator("[data-toast]").textContent(), /Applied\. Maria sees 2 more menu items\./);
    await page.locator("[data-toast]").getByRole("button", { name: "Undo" }).click();
    await heading(page, "Why can’t Maria open Email Accounts?").waitFor();
  }));

test("the reasons are there without the studio; what needs it says why it is not there, and is loaded again", () =>
  visit(
    "",
    async (page) => {
      const load = (route) => route.abort();
      await page.route(/studio_bg/, load);
      await page.reload();
      await sentence(page).waitFor();
      assert.match(
        await sentence(page).textContent(),
        /^Maria can’t open Email Accounts because she lacks Modify Email Accounts and Allow Emails is off\./,
      );
      await page.getByRole("alert").getByText("This part of the page could not be loaded").waitFor();
      await page.unroute(/studio_bg/, load);
      await page.getByRole("button", { name: "Try again" }).click();
      await page.locator("[data-fix]").waitFor();
    },
    { expected: /net::ERR_FAILED/ },
  ));

test("in German the reasons are German before the studio comes", () =>
  visit("", async (page) => {
    await page.evaluate(() => localStorage.setItem("privet.language", "de"));
    await page.goto(`${page.url().split("#")[0]}#person/contact?who=sam&op=data.reports.schedule`);
    await page.reload();
    await sentence(page).waitFor();
    assert.equal(
      await sentence(page).textContent(),
      "„Schedule report generation“ ist für Sam nicht erlaubt: Reports ist View only, nötig ist Modify.",
    );
  }));

test("the notice of the last act goes when the person changes", () =>
  visit("", async (page) => {
    await page.locator("[data-fix]").getByRole("button", { name: "Apply both" }).click();
    await page.locator("[data-toast]").waitFor();
    await choose(page, "Viewing as", "Tom");
    await heading(page, "Why can Tom open Email Accounts?").waitFor();
    assert.equal(await page.locator("[data-toast]").count(), 0);
  }));

test("the note on where the product differs is part of the verdict, also where it is allowed", () =>
  visit("#person/vicidial?who=ben", async (page) => {
    await page
      .getByRole("button", { name: /^Apply/ })
      .first()
      .click();
    await page.locator('[data-sentence="allowed"]').waitFor();
    assert.match(await page.locator(".verdict-note").textContent(), /The shipped page also asks for user level 8/);
  }));

test("a preview marks the menu and is no step that can be undone", () =>
  visit("", async (page) => {
    await page.locator("[data-fix]").getByRole("button", { name: "Preview" }).click();
    await page.locator("[data-previewing]").waitFor();
    assert.match(await item(page, "email-accounts").textContent(), /appears/);
    assert.equal(await page.locator("[data-undo]").isDisabled(), true);
    await page.keyboard.press("Escape");
    await page.locator("[data-previewing]").waitFor({ state: "detached" });
    await page.locator("[data-preview]").first().waitFor(); // the key does nothing where there is nothing to preview
    await page.keyboard.press("p");
    await page.locator("[data-previewing]").getByRole("button", { name: "Apply" }).click();
    await page.locator('[data-sentence="allowed"]').waitFor();
  }));

test("a setting is shown with the person and changed in its own place", () =>
  visit("", async (page) => {
    await page.locator('[data-pinned] [data-setting="email-allowed"] button').click();
    await page.locator("[data-settings]").waitFor();
    await heading(page, "Turn on Allow Emails").waitFor();
  }));

test("controls of every kind change the menu", () =>
  visit("#person/contact?who=priya", async (page) => {
    await openGroups(page);
    const shown = () => page.locator("#pane-menu .head .count").textContent();
    const before = await shown();
    await row(page, "users").getByRole("radio", { name: "Modify" }).check({ force: true });
    assert.notEqual(await shown(), before);
    await row(page, "service-numbers").getByText("Can allocate").click();
    assert.equal(await row(page, "service-numbers").getByRole("checkbox", { name: "Can allocate" }).isChecked(), true);
    await row(page, "assign-roles").getByRole("switch").click();
    assert.equal(await row(page, "assign-roles").getByRole("switch").getAttribute("aria-checked"), "true");
  }));

test("a grant without effect says so in its row, and aloud", () =>
  visit("#person/dotdigital?who=finn", async (page) => {
    await sentence(page).waitFor();
    const row1 = page.locator('[data-privilege="can-approve-campaigns"]').last();
    await row1.getByText("No effect until Can send without approval is granted").waitFor();
    await row1.getByRole("switch").click();
    await row1.getByText("Granted, no effect: needs Can send without approval").waitFor();
    assert.match(await live(page), /no effect|No change/);
  }));

test("what a role gives is locked, and names the role", () =>
  visit("#person/contact?who=sam", async (page) => {
    await openGroups(page);
    const assign = row(page, "assign-chats");
    await assign.getByText("through Supervisor").waitFor();
    assert.equal(await assign.getByRole("switch").isDisabled(), true);
    // Of a level the rungs below it are locked, and clicks there are no steps
    const agents = row(page, "wallboards");
    await agents.getByText("through Supervisor").waitFor();
    assert.equal(await agents.getByRole("radio", { name: "None" }).isDisabled(), true);
    assert.equal(await agents.getByRole("radio", { name: "View only" }).isChecked(), true);
    await agents.locator("label").first().click({ force: true });
    await agents.locator("label").nth(1).click({ force: true });
    assert.equal(await page.locator("[data-undo]").isDisabled(), true);
  }));

test("filters privileges by words in any order, and by what they open", () =>
  visit("#person/vicidial", async (page) => {
    await page.locator("#search").fill("accounts email");
    await row(page, "modify-email-accounts").waitFor();
    assert.equal(await page.getByText("Nothing matches").count(), 0);
    await page.locator("#search").fill("qqqq zz");
    await page.getByText("Nothing matches “qqqq zz”.").waitFor();
  }));

test("one search finds operations, roles, levels, people and places", () =>
  visit("#person/contact?who=sam", async (page) => {
    const find = async (words) => {
      await page.keyboard.press("/");
      await page.locator("dialog.palette input").fill(words);
      return page.locator("dialog.palette [data-found]");
    };
    const found = await find("schedule reports");
    await found.first().waitFor();
    assert.match(await found.first().textContent(), /Schedule report generation.*not allowed/);
    await page.keyboard.press("Enter");
    await heading(page, "Why can’t Sam schedule report generation?").waitFor();
    // What is named by all words of the search, and by no others, comes first
    for (const [words, best] of [
      ["administrator", "Administrator"],
      ["Reports: Modify", "Reports: ModifyView only"],
      ["sam", "SamViewing as"],
    ]) {
      const all = await find(words);
      await page
        .waitForFunction((best) => document.querySelector("dialog.palette [data-found]")?.textContent === best, best)
        .catch(async () => assert.equal(await all.first().textContent(), best));
      await page.keyboard.press("Escape");
    }
    await (await find("flow editor")).filter({ hasText: "Access to Flow Editor" }).click();
    await row(page, "flow-editor").first().waitFor(); // a fact about the person, not a setting
    await (await find("settings")).filter({ hasText: "Installation" }).waitFor();
    await page.keyboard.press("Escape");
    await (await find("alex")).first().click();
    assert.equal(await chosen(page, "Viewing as"), "Alex");
    await find("schedul rexx");
    await page.getByText("Nothing matches “schedul rexx”.").waitFor();
    assert.equal(await page.locator("dialog.palette [data-found]").count(), 3);
  }));

test("a search that is opened before the browser told that the last one closed stays open", () =>
  visit("#person/contact?who=sam", async (page) => {
    await page.keyboard.press("/");
    await page.locator("dialog.palette input").fill("reports");
    await page.evaluate(() => {
      document.querySelector("dialog.palette").close();
      dispatchEvent(new KeyboardEvent("keydown", { key: "/" }));
    });
    const input = page.locator("dialog.palette input");
    await page.waitForFunction(() => document.querySelector("dialog.palette input")?.value === "");
    await page.evaluate(() => new Promise((done) => setTimeout(done, 100)));
    await input.fill("alex");
    await page.locator("dialog.palette [data-found]").first().click();
    assert.equal(await chosen(page, "Viewing as"), "Alex");
  }));

test("a change is announced by one short sentence", () =>
  visit("#person/contact?who=priya", async (page) => {
    await page.locator('[data-group="Roles"]').click();
    await page.locator('[data-role="administrator"] .check').click();
    await page.waitForFunction(() =>
      /items appear, none goes\.$/.test(document.querySelector("[data-live]").textContent),
    );
    assert.ok((await live(page)).length < 60);
  }));

test("six stops of Tab at most reach the menu, and `w` moves the focus to the answer", () =>
  visit("", async (page) => {
    await sentence(page).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter"); // Skip to the menu
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute("role")), "treeitem");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("w");
    await page.waitForFunction(() => document.activeElement.id === "why-title");
    await page.keyboard.press("F6");
    assert.notEqual(await page.evaluate(() => document.activeElement.tagName), "BODY");
    await page.keyboard.press("?");
    await page.getByRole("heading", { name: "Keys" }).waitFor();
  }));

test("the list of privileges is one stop of Tab; the arrow keys move between its rows", () =>
  visit("", async (page) => {
    await sentence(page).waitFor();
    const focused = () =>
      page.evaluate(() => {
        const it = document.activeElement;
        return it.dataset.group ?? it.closest("[data-row]")?.dataset.privilege ?? it.getAttribute("role") ?? it.id;
      });
    await page.locator("#search").focus();
    await page.keyboard.press("Tab"); // the setting that is needed, then the grants below the list, and the menu
    for (let at = 0; at < 5 && (await focused()) !== "treeitem"; at++) await page.keyboard.press("Tab");
    assert.equal(await focused(), "treeitem");
    await page.locator('[data-pinned] [role="switch"]').focus();
    await page.keyboard.press("ArrowDown");
    assert.equal(await focused(), "Roles");
    await page.keyboard.press("j");
    assert.equal(await focused(), "User");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowUp");
    assert.equal(await focused(), "modify-email-accounts");
    // From another place Tab comes back to the row that had the focus
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "modify-email-accounts");
    // A place that is gone to by keys has the focus at its title
    await page.keyboard.press("g");
    await page.keyboard.press("m");
    await page.waitForFunction(() => document.activeElement.id === "view-title");
  }));

test("folds follow the person, and an own policy without groups is open", () =>
  visit("", async (page) => {
    await page.locator('#pane-privileges [data-group="Lists and leads"]').click();
    await row(page, "delete-lists").waitFor();
    await choose(page, "Viewing as", "Tom");
    await page.waitForTimeout(50);
    assert.equal(
      await page.locator('#pane-privileges [data-group="Lists and leads"]').getAttribute("aria-expanded"),
      "false",
    );
    await choose(page, "Viewing as", "Maria");
    await row(page, "delete-lists").waitFor();
    await go(page, "Policy");
    await page.locator(".cm-content").waitFor();
    await page.locator(".cm-content").fill(`{ "format": 1, "id": "desk", "title": "Desk", "version": "1",
      "privileges": [{ "id": "read", "kind": "flag", "label": "Read" }, { "id": "write", "kind": "flag", "label": "Write" }],
      "menu": [{ "id": "desk", "label": "Desk" }],
      "operations": [{ "id": "desk.read", "label": "Read the desk", "menu": ["desk"], "requires": "read or write" }] }`);
    await page.locator("[data-faults]").getByText("No problems").waitFor();
    await page.getByRole("button", { name: "Use this policy" }).click();
    await row(page, "read").last().waitFor();
    await row(page, "read").last().getByRole("switch").click();
    assert.match(await item(page, "desk").getAttribute("data-state"), /shown/);
  }));

test("a policy without a menu lists what can be done, asks about the first, and names its parts by the title", () => {
  const policy = desk({
    operations: [
      { id: "desk.read", label: "Read the desk", requires: "read" },
      { id: "desk.look", label: "Look at the desk", requires: "true" },
    ],
  });
  const d = deflateRawSync(JSON.stringify({ policy: "own", text: JSON.stringify(policy) })).toString("base64url");
  return visit(`#person/own?d=${d}`, async (page) => {
    await heading(page, "Why can’t New person read the desk?").waitFor();
    const asked = page.locator("#pane-menu [data-ask]");
    assert.deepEqual(await asked.allTextContents(), ["Read the desknot allowed", "Look at the deskallowed"]);
    // A preview is seen in this list, too
    const previewing = page.locator("[data-previewing]");
    await page.locator("[data-fix]").getByRole("button", { name: "Preview" }).click();
    await previewing.waitFor();
    assert.equal(await asked.first().textContent(), "Read the deskgainednot allowed");
    await previewing.getByRole("button", { name: "Stop" }).click();
    await page.waitForFunction(() => document.activeElement.textContent === "Preview");
    await page
      .locator("[data-fix]")
      .getByRole("button", { name: /^Apply/ })
      .click();
    await page.locator('[data-ask="desk.read"][data-state="allowed"]').waitFor();
    await asked.nth(1).click();
    await heading(page, "Why can New person look at the desk?").waitFor();
    await go(page, "Matrix");
    assert.match(await page.locator('[data-section="Desk"]').textContent(), /^Desk2$/);
  });
});
