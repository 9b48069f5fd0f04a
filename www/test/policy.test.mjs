// End-to-end tests of the editor: diagnostics, completion, hover help, differences, and using the result.
import assert from "node:assert/strict";
import { test } from "node:test";
import { choose, chosen, kept, visit } from "./harness.mjs";

const content = (page) => page.locator(".cm-content");
const difference = (page) => page.locator("[data-difference]");

/** Replaces a piece of the document, as find and replace would. */
async function replace(page, from, to) {
  await content(page).evaluate(
    (element, [from, to]) => {
      const view = element.cmTile?.view ?? element.cmView?.rootView?.view ?? element.cmView?.view;
      const at = view.state.doc.toString().indexOf(from);
      if (at < 0) throw new Error(`no ${from}`);
      view.dispatch({
        changes: { from: at, to: at + from.length, insert: to },
        selection: { anchor: at + to.length },
        scrollIntoView: true,
      });
      view.focus();
    },
    [from, to],
  );
}

test("a typo is underlined and explained; changes in meaning appear when the document compiles", () =>
  visit("#policy/vicidial", async (page) => {
    await page.locator('[data-difference="equal"]').waitFor();
    await replace(
      page,
      '"requires": "email-allowed and modify-email-accounts"',
      '"requires": "email-allowed and modify-email-acounts"',
    );
    await page.getByText("did you mean `modify-email-accounts`?").first().waitFor();
    assert.equal(await page.locator(".cm-lintRange-error").first().textContent(), "modify-email-acounts");
    assert.equal(await page.getByRole("button", { name: "Use this policy" }).isDisabled(), true);
    await replace(page, "email-allowed and modify-email-acounts", "modify-email-accounts");
    await page.locator('[data-difference="some"]').waitFor();
    const shown = await difference(page).textContent();
    assert.match(shown, /Open Email Accounts/);
    assert.match(shown, /before: not allowednow: allowed.*Allow Emails off/);
    assert.match(shown, /For example, with Modify Email Accounts/);
  }));

test("a rewritten requirement with the same meaning is no change", () =>
  visit("#policy/vicidial", async (page) => {
    await page.locator('[data-difference="equal"]').waitFor();
    await replace(
      page,
      '"requires": "email-allowed and modify-email-accounts"',
      '"requires": "not (not modify-email-accounts or not email-allowed)"',
    );
    await page.waitForTimeout(400);
    await page.locator('[data-difference="equal"]').waitFor();
  }));

test("completes ids in requirements and levels after a comparison, and explains them on hover", () =>
  visit("#policy/vicidial", async (page) => {
    await page.locator('[data-difference="equal"]').waitFor();
    await choose(page, "Start from", "A small example");
    await page.locator('[data-difference="other"]').waitFor();
    await replace(page, '"requires": "refund and returns-on"', '"requires": "refund and "');
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.type("ret");
    const options = page.locator(".cm-tooltip-autocomplete li");
    await options.first().waitFor();
    assert.match((await options.allTextContents()).join("|"), /returns-on/);
    await page.keyboard.press("Escape");
    await replace(page, '"requires": "refund and ret"', '"requires": "orders >= "');
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Control+Space");
    await options.first().waitFor();
    assert.deepEqual(await options.allTextContents(), ["viewView · level of orders", "editEdit · level of orders"]);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    const place = page.locator(".cm-line", { hasText: '"refund", "kind"' }).getByText('"orders >= edit"');
    // The hover must rest; a layout change meanwhile may move the text away from the pointer
    for (let tries = 0; tries < 8 && !(await page.locator(".hover-help").isVisible()); tries++) {
      await page.getByRole("heading", { level: 1 }).hover();
      await place.hover({ position: { x: 20, y: 8 } });
      await page.waitForTimeout(700);
    }
    assert.match(await page.locator(".hover-help").textContent(), /^Orders level privilege /);
  }));

test("a condition that cannot hold is reported where it stands; a trailing comma hides no other fault", () =>
  visit("#policy/vicidial", async (page) => {
    await page.locator('[data-difference="equal"]').waitFor();
    await choose(page, "Start from", "A small example");
    await page.locator('[data-difference="other"]').waitFor();
    const faults = () =>
      page
        .locator("[data-fault]")
        .evaluateAll((all) => all.map((it) => `${it.dataset.fault}, ${it.querySelector("button").textContent}`));
    await replace(page, '"requires": "refund and returns-on"', '"requires": "refund and not refund"');
    await page.locator('[data-fault="never-allowed"]').getByText("contradict each other").waitFor();
    assert.deepEqual(await faults(), ["never-allowed, line 20"]);
    await replace(page, '"requires": "refund and not refund" }', '"requires": "refnd" },');
    await page.locator('[data-fault="syntax"]').getByText("trailing comma").waitFor();
    assert.deepEqual(await faults(), ["unknown-id, line 20", "syntax, line 20"]);
  }));

test("a user's own policy is compiled and used, and is a workspace of its own", () =>
  visit("#policy/vicidial", async (page) => {
    await page.locator('[data-difference="equal"]').waitFor();
    await choose(page, "Start from", "A small example");
    // Another policy is told as such, without hundreds of names
    await page.locator('[data-difference="other"]').waitFor();
    assert.match((await page.locator("[data-policy-contents] li").allTextContents()).join(", "), /^Privileges2, Roles/);
    await page.getByRole("button", { name: "Use this policy" }).click();
    await page.locator('[data-item="returns"]').waitFor();
    assert.match(await chosen(page, "System"), /Shop/);
    assert.match(await page.title(), /Shop/);
    await page.locator('[data-item="returns"]').click();
    await page
      .locator("[data-fix]")
      .getByRole("button", { name: /^Apply/ })
      .click();
    await page.locator('[data-sentence="allowed"]').waitFor();
    await kept(page);
    await page.reload();
    await page.locator('[data-sentence="allowed"]').waitFor();
    // Another system leaves it as it is
    await choose(page, "System", "Contact");
    await page.locator('[data-item="staff"]').waitFor();
    await choose(page, "System", "Shop");
    await page.locator('[data-sentence="allowed"]').waitFor();
  }));

test("two versions: meaning, with the settings that a witness assumes, and the people affected", () =>
  visit("#policy/vicidial", async (page) => {
    await page.locator('[data-difference="equal"]').waitFor();
    await replace(page, '"requires": "email-allowed and modify-email-accounts"', '"requires": "modify-email-accounts"');
    await page.locator('[data-difference="some"]').waitFor();
    await page.getByRole("button", { name: "Compare two" }).click();
    await page.locator("[data-versions] [data-difference=some]").waitFor();
    assert.match(
      await page.locator("[data-versions]").textContent(),
      /For example, with Modify Email Accounts.*It assumes Allow Emails off\./,
    );
    await page.locator("[data-affected]").getByText("Tom").waitFor();
    // The menus side by side, as one of them sees them
    await page.locator("[data-affected] li", { hasText: "Tom" }).getByRole("button", { name: "Menus" }).click();
    const cells = page.locator('[data-menus] [data-compared="email-accounts"] td');
    await cells.first().waitFor();
    assert.deepEqual(await cells.allTextContents(), ["Admin › Email Accounts", "–", "shown", "After has more"]);
    assert.equal(await page.locator('[data-menus] [data-compared="users"]').count(), 0);
    await page.locator("[data-menus]").getByText("Only differences").click();
    await page.locator('[data-menus] [data-compared="users"]').waitFor();
    assert.match(await page.locator("[data-affected]").textContent(), /Email Accounts appear/);
  }));
