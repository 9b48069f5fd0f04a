// End-to-end tests of Organisation: import and export, column mapping, errors, groups, and 100,000 people.
import assert from "node:assert/strict";
import { test } from "node:test";
import { utf16, workbookOf } from "../../pkg/test/support/sheets.mjs";
import { downloaded, link, visit } from "./harness.mjs";

/** Drops a file, as text or bytes, with a synthetic drag event. */
async function drop(page, name, content) {
  const bytes = [...(typeof content === "string" ? new TextEncoder().encode(content) : content)];
  const data = await page.evaluateHandle(
    ([name, bytes]) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(bytes)], name));
      return data;
    },
    [name, bytes],
  );
  await page.locator("[data-drop]").dispatchEvent("drop", { dataTransfer: data });
}
const summary = (page) => page.locator("[data-summary]").textContent();

// A quoted comma and line break, a label as header, an unknown column, a level given by label, and three invalid rows
const csv = [
  "Login,Who,User Level,Modify Email Accounts,Allow Emails,Shoe size",
  'a1,"Ada, of ""IT""\nand more",9,yes,on,38',
  "b2,Ben,8,,on,",
  "c3,Cem,eleven,yes,on,41",
  "d4,Dee,9,maybe,on,36",
  "e5,Eve,9,yes",
  "f6,Fay,9,yes,off,40",
].join("\r\n");

test("a dropped CSV: suggested columns can be corrected, invalid rows are reported and exported", () =>
  visit("#organisation/vicidial", async (page) => {
    await drop(page, "staff.csv", csv);
    const means = (column) => page.getByLabel(`${column}: Meaning`);
    assert.equal(await means("User Level").inputValue(), "privilege:user-level");
    assert.equal(await means("Allow Emails").inputValue(), "fact:email-allowed");
    assert.equal(await means("Shoe size").inputValue(), "");
    assert.equal(await means("Login").inputValue(), "name");
    await means("Who").selectOption({ label: "Name" });
    await page.getByText("Two columns mean “Name”. Choose one.").waitFor();
    await means("Login").selectOption({ label: "Ignored" });
    await page.getByRole("button", { name: "Import people" }).click();
    await page.locator("[data-summary]").waitFor();
    assert.match(await summary(page), /^6 people in 3 groups with identical access · 3 rows with errors/);
    await page.getByRole("tab", { name: "Errors (3)" }).click();
    const errors = await page
      .locator("[data-errors] tbody tr")
      .evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));
    // The numbers are those of a spreadsheet program, in which the line break is inside of row 2
    assert.deepEqual(errors, [
      ["4", "Cem", "column `User Level`: `eleven` is not one of `1`, `2`, `3`, `4`, `5`, `6`, `7`, `8`, `9`"],
      ["5", "Dee", "column `Modify Email Accounts`: `maybe` is neither yes nor no"],
      ["6", "Eve", "the row has 4 cells; the header has 6"],
    ]);
    const kept = await downloaded(page, () => page.getByRole("button", { name: "Export these rows as CSV" }).click());
    assert.match(kept.text, /c3,Cem,eleven,yes,on,41,/);
    await page.getByRole("tab", { name: "Map" }).click();
    const all = await downloaded(page, () => page.getByRole("button", { name: "Export as CSV" }).click());
    // The export has every row, the ignored columns, and the line break inside a cell
    assert.match(all.text, /a1,"Ada, of ""IT""\nand more",9,yes,on,38,/);
    assert.equal(all.text.split("\r\n").length, 8);
    assert.match(all.text, /f6,Fay,9,yes,off,40,/);
  }));

test("lists who can open Email Accounts, and opens one of them in the preview", () =>
  visit("#organisation/vicidial?op=email-accounts.open", async (page) => {
    await drop(page, "staff.csv", csv);
    await page.getByLabel("Who: Meaning").selectOption({ label: "Ignored" });
    await page.getByRole("button", { name: "Import people" }).click();
    await page.getByRole("heading", { name: "Who can: Open Email Accounts" }).waitFor();
    assert.deepEqual(
      (await page.locator(".names li").allTextContents()).map((it) => it.split(" ")[0]),
      ["a1"],
    );
    const who = await downloaded(page, () => page.getByRole("button", { name: "Export as CSV" }).click());
    assert.equal(who.name, "vicidial-who-can-email-accounts.open.csv");
    await page.getByRole("button", { name: "Open in the preview: a1" }).click();
    assert.equal(
      await page.locator('[data-item="email-accounts"]').evaluate((it) => it.className.includes("shown")),
      true,
    );
    // The people are still loaded
    await page.getByRole("link", { name: "Organisation" }).click();
    assert.match(await summary(page), /^6 people/);
  }));

test("a JSON list with invalid people; dormant grants", () =>
  visit("#organisation/dotdigital", async (page) => {
    const people = [
      { name: "Lena", grants: { "can-approve-campaigns": true } },
      { name: "Olu", facts: { owner: true } },
      { name: "Typo", grants: { sendr: true } },
      7,
    ];
    await page.locator("input[type=file]").setInputFiles({
      name: "people.json",
      mimeType: "application/json",
      buffer: Buffer.from(JSON.stringify(people)),
    });
    await page.locator("[data-summary]").waitFor();
    assert.match(await summary(page), /^4 people in 2 groups with identical access · 2 rows with errors/);
    await page.getByRole("tab", { name: "Without effect" }).click();
    assert.match(await page.locator("#org-panel tbody").textContent(), /Can approve campaigns1/);
    await page.getByRole("tab", { name: "Errors (2)" }).click();
    const text = await page.locator("[data-errors]").textContent();
    assert.match(text, /unknown privilege `sendr` in `grants`; did you mean `sender`\?/);
    assert.match(text, /expected an object with `name`, `roles`, `grants` and `facts`/);
  }));

test("a workbook, and text in UTF-16 and Windows-1252 with titles, are read as the command line reads them", () =>
  visit("#organisation/vicidial", async (page) => {
    const rows = [["Staff of Görlitz"], ["Who", "User Level"], ["Zoë", "9"], ["Bo", "nine"]];
    const text = rows.map((row) => row.join(";")).join("\r");
    const latin = Uint8Array.from(text, (char) => char.charCodeAt(0));
    for (const [name, content] of [
      ["staff.xlsx", workbookOf({ Empty: [], Staff: rows })],
      ["staff.csv", utf16(`\ufeff${text}`, true)],
      ["latin.csv", latin],
    ]) {
      await drop(page, name, content);
      await page.getByRole("button", { name: "Import people" }).click();
      await page.locator("[data-summary]").waitFor();
      assert.match(await summary(page), /^2 people in 1 group with identical access · 1 row with errors/, name);
      assert.match(await page.locator("#org-panel").textContent(), /Zoë/, name);
      await page.getByRole("tab", { name: "Errors (1)" }).click();
      assert.match(await page.locator("[data-errors] tbody").textContent(), /^4Bocolumn `User Level`/, name);
      await page.getByRole("button", { name: "Open another file" }).click();
    }
    await drop(page, "old.xls", new Uint8Array([0xd0, 0xcf, 0x11, 0xe0]));
    await page.getByRole("alert").getByText("the file is not read: it is a workbook of the old format").waitFor();
  }));

test("other files are rejected with the reason", () =>
  visit("#organisation/vicidial", async (page) => {
    await drop(page, "empty.csv", "Name,User Level\r\n");
    await page.getByRole("alert").getByText("the file contains no people").waitFor();
    await drop(page, "people.json", '{"name":"Ada"}');
    await page.getByRole("alert").getByText("the file is not a list of people").waitFor();
  }));

test("the downloaded sample is read without errors", () =>
  visit("#organisation/contact", async (page) => {
    const { name, text } = await downloaded(page, () =>
      page.getByRole("button", { name: "Download a sample CSV" }).click(),
    );
    assert.equal(name, "contact-people.csv");
    await drop(page, name, text);
    await page.getByRole("button", { name: "Import people" }).click();
    await page.locator("[data-summary]").waitFor();
    assert.match(await summary(page), /^20 people .* · 0 rows with errors/);
  }));

test("100,000 people, with progress and cancellation, while the page stays responsive", () =>
  visit("#organisation/vicidial", async (page) => {
    await page.getByRole("button", { name: "Try 100,000 sample people" }).click();
    await page.locator("progress").waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByText("Cancelled. No people were loaded.").waitFor();
    await page.getByRole("button", { name: "Try 100,000 sample people" }).click();
    await page.locator("progress").waitFor();
    // The page keeps painting frames meanwhile
    const longest = await page.evaluate(async () => {
      let [last, longest] = [performance.now(), 0];
      while (document.querySelector("progress")) {
        const now = await new Promise(requestAnimationFrame);
        longest = Math.max(longest, now - last);
        last = now;
      }
      return longest;
    });
    await page.locator("[data-summary]").waitFor({ timeout: 60_000 });
    const line = await summary(page);
    assert.match(line, /^100,000 people in \d+ groups with identical access · 0 rows with errors/);
    console.log(`# 100,000 people: ${line.split(" · ").at(-1)}, the longest frame meanwhile ${longest.toFixed(0)} ms`);
    // The heat map and the table agree: the coloured columns at the top are the operations of the first group
    const first = await page.locator("[data-groups] tbody tr").first().locator("td").nth(1).textContent();
    const coloured = await page.locator("canvas").evaluate((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 2, canvas.width, 1);
      const at = (column) => data.slice((column * 5 + 1) * 4, (column * 5 + 1) * 4 + 3).join();
      const background = getComputedStyle(canvas).backgroundColor.match(/\d+/g).slice(0, 3).join();
      return Array.from({ length: canvas.width / 5 }, (_, column) => at(column)).filter(
        (colour) => colour !== background,
      ).length;
    });
    assert.equal(coloured, Number(first));
    assert.match(await page.locator("canvas").getAttribute("aria-label"), /Heat map of 100000 people/);
    assert.match(await link(page), /crowd=100000/);
    // Clicking a column lists who can do that operation
    await page.locator("canvas").click({ position: { x: 2, y: 5 } });
    await page.getByRole("heading", { name: "Who can: Open Email Accounts" }).waitFor();
  }));

test("cells that a spreadsheet could read as formulas have an apostrophe in the export", () =>
  visit("#organisation/vicidial", async (page) => {
    const signs = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫"];
    const before = ["", " ", "\u00a0", "\u200b", "\ufeff", "\u3000", "\u2060 ", "\u00ad"];
    const names = [
      ...signs.flatMap((sign) => before.map((invisible) => `${invisible}${sign}cmd`)),
      "\nnext",
      "\rnext",
      "\tnext",
      "\n=cmd",
    ];
    const plain = ["Anna", "O'Neil", "'quoted", "a=b", "5-1", "名前", " spaced", "é"];
    const cells = [...names, ...plain];
    const quoted = (cell) => `"${cell.replaceAll('"', '""')}"`;
    const file = ["Name,Shoe size,User Level", ...cells.map((cell) => `x,${quoted(cell)},9`)].join("\r\n");
    await drop(page, "staff.csv", file);
    await page.getByLabel("User Level: Meaning").waitFor();
    await page.getByRole("button", { name: "Import people" }).click();
    await page.locator("[data-summary]").waitFor();
    const exported = await downloaded(page, () => page.getByRole("button", { name: "Export as CSV" }).click());
    for (const cell of names) assert.ok(exported.text.includes(`,"'${cell}",`), JSON.stringify(cell));
    for (const cell of plain) assert.ok(new RegExp(`^x,"?${cell}"?,9,`, "m").test(exported.text), JSON.stringify(cell));
  }));
