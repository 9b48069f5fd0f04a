// End-to-end tests of what two versions of a policy make of people, those here and the imported ones.
import assert from "node:assert/strict";
import { test } from "node:test";
import { chosen, desk, drop, go, importPeople, linked, visit } from "./harness.mjs";

const flag = (id, label) => ({ id, kind: "flag", label });
/** A desk that is read with one privilege and painted with another. */
const version = (reads, paints, privileges) =>
  desk({
    privileges,
    menu: [{ id: "desk", label: "Desk" }],
    operations: [
      { id: "desk.read", label: "Read the desk", menu: ["desk"], requires: reads },
      { id: "desk.paint", label: "Paint the desk", requires: paints },
    ],
  });
const privileges = [flag("read", "Read"), flag("write", "Write"), flag("brush", "Brush")];

/** Chooses a file as a version. */
async function bring(page, label, name, policy) {
  await page.locator(`[data-choice="${label}"]`).click();
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.locator(".pop").getByRole("button", { name: "Open a file…" }).click(),
  ]);
  await chooser.setFiles({ name, mimeType: "application/json", buffer: Buffer.from(JSON.stringify(policy)) });
  await page.locator(`[data-choice="${label}"]`, { hasText: name }).waitFor();
}
/** Goes from a view to the comparison of versions. */
async function compare(page) {
  await go(page, "Person");
  await page.getByRole("button", { name: "Compare" }).click();
  await page.getByRole("radio", { name: "Versions" }).check({ force: true });
}
const imported = (page) => page.locator("[data-affected-imported=done]");
/** The heading and the people of each kind of change. */
const kinds = (page) =>
  imported(page)
    .locator("[data-kind]")
    .evaluateAll((all) =>
      all.map((kind) => [
        kind.querySelector("h4").textContent,
        ...[...kind.querySelectorAll("li")].map((it) => it.textContent.replace(/\s+/g, " ").trim()),
      ]),
    );

test("the imported people who gain, lose or do not fit another version are counted and named by their rows", () =>
  visit(`#import/own?d=${linked(version("read", "brush", privileges))}`, async (page) => {
    const rows = ["Ada,x,,", "Ben,,x,", "Cem,x,x,x", "Dora,,,", "Ben,,x,", "Eva,maybe,,"];
    await drop(page, "staff.csv", ["Name,Read,Write,Brush", ...rows].join("\n"));
    await importPeople(page).click();
    await page.locator("[data-summary]").getByText("5 people, 1 row with problems.").waitFor();
    await compare(page);
    // Without the brush, Cem fits the second version no more
    await bring(page, "After", "next.json", version("write", "write", privileges.slice(0, 2)));
    await imported(page).waitFor();
    assert.equal(await imported(page).getByRole("heading", { level: 3 }).first().textContent(), "Imported people");
    assert.match(await imported(page).textContent(), /staff\.csv, 5 people/);
    assert.equal(await imported(page).locator("[data-affected-count]").textContent(), "4 of 5 affected");
    assert.deepEqual(await kinds(page), [
      ["2 people gain", "BBen Row 32 operationsDesk appears", "BBen Row 62 operationsDesk appears"],
      ["1 person loses", "AAda Row 21 operationDesk goes"],
      [
        "1 person does not fit one of the versions",
        "CCem Row 4does not fitunknown privilege `brush` in `grants`; the policy has no such privilege",
      ],
    ]);
    // The people here have a count of their own
    assert.match(await page.locator("[data-affected]").textContent(), /People here0 of 1 affected/);
    await imported(page).getByRole("button", { name: "Open in Person: Ada" }).click();
    await page.getByRole("heading", { name: /^Why can Ada / }).waitFor();
    assert.equal(await chosen(page, "Viewing as"), "Ada");
    // As they are now: Ada has written the second version's privilege down, and so loses nothing
    await page.locator('#pane-privileges [data-privilege="write"]').last().getByRole("switch").click();
    await page.goBack();
    await page.getByText("1 person loses").waitFor({ state: "detached" });
    await imported(page).getByText("3 people gain").waitFor();
  }));

test("a menu that changes alone is told, and two versions that change nothing for anybody", () => {
  const first = version("read", "brush", privileges);
  const moved = {
    ...first,
    menu: [
      { id: "office", label: "Office" },
      { id: "desk", label: "Desk", parent: "office" },
    ],
  };
  return visit(`#import/own?d=${linked(first)}`, async (page) => {
    await drop(page, "staff.csv", "Name,Read\nAda,x\nBen,\n");
    await importPeople(page).click();
    await page.locator("[data-summary]").waitFor();
    await compare(page);
    await bring(page, "After", "moved.json", moved);
    await imported(page).waitFor();
    assert.deepEqual(await kinds(page), [
      ["1 person sees another menu, with the same operations", "AAda Row 2Office appears"],
    ]);
    await bring(page, "After", "same.json", { ...first, version: "2" });
    await imported(page).getByText("No imported person is affected.").waitFor();
  });
});

test("100,000 imported people are compared with progress, which can be cancelled", () =>
  visit("#import/vicidial", async (page) => {
    // With 16,384 different sets of privileges, so that it takes long enough to be cancelled
    const titles =
      "View Reports,Access Recordings,Download Lists,Export Reports,Modify Users,Delete Users,Modify Lists,Delete Lists,Load Leads,Modify Campaigns,Modify Scripts,Modify Filters,Modify Phones,Modify Email Accounts";
    const cells = (row) => titles.split(",").map((_, column) => ((row >> column) & 1 ? "x" : ""));
    const rows = Array.from({ length: 100_000 }, (_, row) => [`p${row}`, ...cells(row)].join(","));
    await drop(page, "staff.csv", [`Login,${titles}`, ...rows].join("\n"));
    await importPeople(page).click({ timeout: 60_000 });
    await page.locator("[data-summary]").getByText("100,000 people").waitFor({ timeout: 60_000 });
    await go(page, "Policy");
    await page.locator('[data-difference="equal"]').waitFor();
    await page.locator(".cm-content").evaluate((element) => {
      const view = element.cmTile?.view ?? element.cmView?.rootView?.view ?? element.cmView?.view;
      const from = '"requires": "email-allowed and modify-email-accounts"';
      const at = view.state.doc.toString().indexOf(from);
      view.dispatch({ changes: { from: at, to: at + from.length, insert: '"requires": "modify-email-accounts"' } });
    });
    await page.locator('[data-difference="some"]').waitFor();
    await page.evaluate(() => {
      window.shown = [];
      new MutationObserver(() => {
        const state = document.querySelector("[data-affected-imported]")?.dataset.affectedImported;
        if (state && window.shown.at(-1) !== state) window.shown.push(state);
      }).observe(document.body, { subtree: true, childList: true, attributes: true });
    });
    await page.getByRole("button", { name: "Compare two" }).click();
    await imported(page).waitFor();
    assert.deepEqual(await page.evaluate(() => window.shown), ["running", "done"]);
    const [gain] = await kinds(page);
    // Everybody who has the last privilege: of each 16,384 people the second half
    assert.equal(gain[0], "49,152 people gain");
    assert.equal(gain.length, 13); // twelve are named
    assert.equal(gain[1], "Pp8192 Row 81941 operationAdmin and Email Accounts appear");
    await imported(page).getByText("49,140 more").waitFor();
    await page.evaluate(() => {
      const stop = new MutationObserver(() => {
        const cancel = document.querySelector("[data-affected-imported=running] button");
        if (!cancel) return;
        stop.disconnect();
        cancel.click();
      });
      stop.observe(document.body, { subtree: true, childList: true });
    });
    await page.getByRole("button", { name: "Swap" }).click();
    await page.locator("[data-affected-imported=stopped]").getByText("Cancelled.").waitFor();
    await page.getByRole("button", { name: "Compare them" }).click();
    await imported(page).getByText("49,152 people lose").waitFor();
  }));
