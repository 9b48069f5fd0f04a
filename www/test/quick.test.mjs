// Keys and clicks that follow each other faster than the page is drawn: none is lost, and none goes to what was there before.
import assert from "node:assert/strict";
import { test } from "node:test";
import { choose, chosen, drop, go, importPeople, item, row, visit } from "./harness.mjs";

const asked = (page) => page.getByRole("heading", { level: 2, name: /^Why/ });
/** Presses keys in one task each, without waiting for anything between them. */
const press = (page, keys) =>
  page.evaluate(async (keys) => {
    for (const key of keys) {
      const target = document.activeElement ?? document.body;
      const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
      if (target.dispatchEvent(event) && target.matches("input") && key.length === 1) {
        target.value += key;
        target.dispatchEvent(new InputEvent("input", { bubbles: true }));
      }
      await new Promise((soon) => queueMicrotask(() => queueMicrotask(() => queueMicrotask(soon))));
    }
  }, keys);

test("letters typed right after `/` are the search's, not keys of the page", () =>
  visit("#person/contact?who=sam", async (page) => {
    await asked(page).waitFor();
    await press(page, ["/", ..."gpalex"]);
    await page.waitForFunction(() => document.querySelector("dialog.palette input")?.value === "gpalex");
    await press(page, ["Escape", "/", ..."alex"]);
    await page.locator("dialog.palette [data-found]").first().click();
    assert.equal(await chosen(page, "Viewing as"), "Alex");
  }));

test("the list of keys closes and opens again at once, and the focus is where it was", () =>
  visit("", async (page) => {
    await asked(page).waitFor();
    await item(page, "inbound").focus();
    await press(page, ["?", "Escape", "?", "Escape", "?"]);
    await page.waitForTimeout(100); // what a browser tells of closed dialogs comes later
    assert.equal(await page.locator("dialog[open]").count(), 1);
    await page.keyboard.press("Escape");
    assert.equal(await page.locator("dialog").count(), 0);
    assert.equal(await page.evaluate(() => document.activeElement.dataset.item), "inbound");
  }));

test("z pressed twice at once undoes two steps", () =>
  visit("", async (page) => {
    const flag = (id) => row(page, id).getByRole("switch").first();
    const on = async () =>
      Promise.all(["view-reports", "modify-users"].map((id) => flag(id).getAttribute("aria-checked")));
    await flag("view-reports").click();
    await flag("modify-users").click();
    assert.deepEqual(await on(), ["false", "false"]);
    await press(page, ["z", "z"]);
    assert.deepEqual(await on(), ["true", "true"]);
  }));

test("p right after Escape previews again", () =>
  visit("", async (page) => {
    await page.locator("[data-preview]").waitFor();
    await press(page, ["p"]);
    await page.locator('[data-preview][aria-pressed="true"]').waitFor(); // the answer is drawn after the rest of the page
    await press(page, ["Escape", "p"]);
    await page.waitForTimeout(100);
    assert.equal(await page.locator("[data-previewing]").count(), 1);
  }));

test("a system that opens slowly does not replace the one that was asked for after it", () =>
  visit("", async (page) => {
    await page.route(/\/assets\/contact-.*\.js$/, async (route) => {
      await new Promise((late) => setTimeout(late, 400));
      await route.continue();
    });
    await page.evaluate(() => {
      location.hash = "#person/contact";
      setTimeout(() => (location.hash = "#person/dotdigital"), 50);
    });
    await page.getByRole("heading", { name: /^Why can’t Lena/ }).waitFor();
    await page.waitForTimeout(700);
    assert.match(await page.evaluate(() => location.hash), /^#person\/dotdigital/);
    assert.equal(await chosen(page, "Viewing as"), "Lena");
  }));

test("a place that is gone to while a system opens is where that system opens", () =>
  visit("#roles/vicidial", async (page) => {
    await page.locator("[data-holds]").waitFor();
    await page.route(/\/assets\/contact-.*\.js$/, async (route) => {
      await new Promise((late) => setTimeout(late, 400));
      await route.continue();
    });
    await choose(page, "System", "Contact");
    await go(page, "Person");
    await page.getByRole("heading", { name: /^Why can’t Priya/ }).waitFor();
    assert.match(await page.evaluate(() => location.hash), /^#person\/contact/);
  }));

test("a name that is being typed is dropped by Escape and kept by Enter, and the focus returns", () =>
  visit("#roles/contact?role=supervisor", async (page) => {
    await page.getByRole("button", { name: "Copy", exact: true }).click();
    const rename = page.getByRole("button", { name: "Rename" });
    const field = page.getByRole("textbox", { name: "Name of the role" });
    await rename.click();
    await field.fill("Quokka");
    await page.keyboard.press("Escape");
    assert.equal(await page.getByText("Quokka").count(), 0);
    assert.notEqual(await page.evaluate(() => document.activeElement.tagName), "BODY");
    await rename.click();
    await field.fill("Reporting");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Reporting" }).waitFor();
    assert.notEqual(await page.evaluate(() => document.activeElement.tagName), "BODY");
  }));

test("the focus waits for the title of a view that is being loaded", () =>
  visit("#person/contact?who=sam", async (page) => {
    await asked(page).waitFor();
    await page.keyboard.press("/");
    await page.locator("dialog.palette input").fill("supervisor");
    await page.locator('dialog.palette [data-found="supervisor"]').click();
    await page.waitForFunction(() => document.activeElement.id === "view-title");
    await go(page, "Person");
  }));

test("on a phone a view opens with its answer, and the sheet of further places closes", () =>
  visit(
    "",
    async (page) => {
      const shown = (selector) => page.locator(selector).first().isVisible();
      const more = page.getByRole("button", { name: "More" });
      for (const [name, answer] of [
        ["Installation", "[data-settings]"],
        ["Reports", "[data-report]"],
        ["Compare", "[data-compare]"],
      ]) {
        await more.click();
        await page.locator(".sheet-up").getByRole("link", { name }).click();
        await page.locator(answer).first().waitFor();
        assert.equal(await shown(".sheet-up"), false);
      }
      await more.click();
      await page.locator(".sheet-up").getByRole("link", { name: "Compare" }).click();
      assert.equal(await shown(".sheet-up"), false, "the place where one is");
      await more.click();
      await page.locator(".sheet-up a").first().focus();
      await page.keyboard.press("Escape");
      assert.equal(await shown(".sheet-up"), false);
      assert.equal(await page.evaluate(() => document.activeElement.textContent), "More");
      await page.locator(".bottomnav").getByRole("link", { name: "Person" }).click();
      await asked(page).waitFor();
    },
    { width: 390, height: 844 },
  ));

test("a change that is applied before the answer to a new question is drawn leaves that question", () =>
  visit("", async (page) => {
    await page.locator("[data-fix]").waitFor();
    await page.evaluate(() => {
      document.querySelector('[role=treeitem][data-item="users"]').click();
      document.querySelector("[data-fix] .btn.primary").click();
    });
    await page.waitForFunction(() => !document.querySelector("[data-undo]").disabled);
    await page.waitForTimeout(100);
    assert.match(await page.evaluate(() => location.hash), /item=users/);
    assert.equal(await item(page, "users").getAttribute("aria-selected"), "true");
  }));

test("a request that is sent twice at once is kept once, and a person who is opened twice is added once", () =>
  visit("", async (page) => {
    await page.locator("[data-fix]").waitFor();
    await page.evaluate(() => {
      const send = [...document.querySelectorAll("[data-fix] button")].find((it) =>
        /Send request/.test(it.textContent),
      );
      send.click();
      send.click();
    });
    await page.getByRole("heading", { name: "Let Maria open Email Accounts" }).waitFor();
    await page.locator('[data-choice="Requests"]').click();
    // The one that is kept, and what is suggested anyway
    assert.equal(await page.getByRole("listbox", { name: "Requests" }).getByRole("option").count(), 2);
    await page.keyboard.press("Escape");
    await go(page, "Import");
    await drop(page, "staff.csv", "Login,Modify Email Accounts\na1,x\nb2,x\n");
    await importPeople(page).click();
    await page.locator("[data-summary]").waitFor();
    await page.getByRole("button", { name: "Open in matrix" }).click();
    const group = page.locator("[data-group]").first();
    await group.getByRole("button").first().click();
    await group.getByRole("button", { name: "Open members" }).click();
    await group.getByRole("button", { name: "Open in Person: a1" }).dblclick();
    await page.waitForFunction(() => /a1/.test(document.querySelector('[data-choice="Viewing as"]')?.textContent));
    await page.locator('[data-choice="Viewing as"]').click();
    assert.equal(await page.getByRole("listbox", { name: "Viewing as" }).getByRole("option").count(), 5);
  }));

test("a system that cannot be loaded is told, and the page stays", () =>
  visit(
    "",
    async (page) => {
      await page.locator("[data-fix]").waitFor();
      await page.route(/\/assets\/contact-.*\.js$/, (route) => route.abort());
      await choose(page, "System", "Contact");
      await page.locator("[data-toast]").getByText("This part of the page could not be loaded.").waitFor();
      assert.equal(await chosen(page, "Viewing as"), "Maria");
      await page.unroute(/\/assets\/contact-.*\.js$/);
      await choose(page, "System", "Contact");
      await page.getByRole("heading", { name: /^Why can’t Priya/ }).waitFor();
    },
    { expected: /net::ERR_FAILED/ },
  ));

test("the focus is never lost: a button that leads to another place leaves it at that place's title", () =>
  visit("", async (page) => {
    await page.locator("[data-fix]").waitFor();
    for (const [name, title] of [
      ["Compare", "Compare"],
      ["Request", "Let Maria open Email Accounts"],
    ]) {
      await page.locator(".top").getByRole("button", { name }).focus();
      await page.keyboard.press("Enter");
      await page.waitForFunction(
        (title) => document.activeElement.id === "view-title" && document.activeElement.textContent === title,
        title,
      );
      await go(page, "Person");
      await page.locator("[data-fix]").waitFor();
    }
    await page.locator('[data-privilege="modify-users"]').getByRole("switch").first().click();
    await page.getByRole("button", { name: "Return to save point" }).focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement.matches("[data-since]"));
  }));

test("a link to an operation shows it at its own menu item, and leads to the roles that open it", () =>
  visit("#person/contact?who=sam&op=data.reports.schedule", async (page) => {
    await page.getByText("Needed for Reports Configuration").waitFor();
    assert.equal(await item(page, "data.reports-configuration").getAttribute("aria-selected"), "true");
    await page.getByRole("button", { name: "Which roles open this?" }).click();
    await page.locator('[data-opens="administrator"]').waitFor();
    assert.equal(await chosen(page, "Operation"), "Schedule report generation");
  }));

test("the focus stays near a control that goes away", async () => {
  const focused = (page) => page.evaluate(() => document.activeElement.closest("[data-privilege]")?.dataset.privilege);
  const isKept = (page) => page.waitForFunction(() => document.activeElement !== document.body);
  await visit("#roles/contact?role=supervisor", async (page) => {
    const row = (id) => page.locator(`[data-holds] [data-privilege="${id}"]`);
    await row("assign-chats").getByRole("switch").focus();
    await page.keyboard.press("Enter");
    await row("assign-chats").waitFor({ state: "detached" });
    await isKept(page);
    assert.equal(await focused(page), "assign-emails"); // the row behind it
    await page.getByRole("button", { name: "Copy", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement.textContent === "Supervisor, copy");
  });
  await visit("#requests/vicidial?request=suggested", async (page) => {
    await page.getByRole("button", { name: "2 more rules" }).first().focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "2 more rules" }).nth(1).waitFor({ state: "detached" });
    await isKept(page);
    assert.equal(await page.evaluate(() => document.activeElement.closest("[data-allowed]") !== null), true);
  });
});
