// End-to-end tests of importing people: mapping, problems by Excel's rows, groups, exports, and 100,000 people.
import assert from "node:assert/strict";
import { test } from "node:test";
import { utf16, windows1252, workbookOf } from "../../pkg/test/support/sheets.mjs";
import { choose, chosen, desk, downloaded, drop, go, importPeople, kept, linked, visit } from "./harness.mjs";

const problems = (page) =>
  page
    .locator("[data-problems] .prob")
    .evaluateAll((all) => all.map((it) => it.textContent.replace(/\s+/g, " ").trim()));

// A quoted comma and line break, a label as header, an unknown column, levels as spreadsheets write them, and invalid rows
const csv = [
  "Login,User Level,Modify Email Accounts,Allow Emails,Shoe size",
  'a1,"9.0",X,on,"38\nwide"',
  "b2,8,,on,",
  "c3,eight,yes,on,41",
  "d4,9,maybe,on,36",
  "e5,9,yes",
  "f6,#REF!,yes,on,40",
].join("\r\n");

test("columns are matched, wrong rows have Excel's numbers and can be mended, settings are set once", () =>
  visit("#import/vicidial", async (page) => {
    await drop(page, "staff.csv", csv);
    const column = (name) => page.locator(`[data-column="${name}"]`);
    await column("User Level").getByText("2 values fail").waitFor();
    assert.match(await column("Shoe size").textContent(), /Keep, don’t use.*in exports only/);
    assert.match(await column("Allow Emails").textContent(), /Installation: Allow Emails/);
    assert.deepEqual(await problems(page), [
      "Row 4, User Level“eight” is not a level from 1 to 9. Did you mean 8?Use 8",
      "Row 5, Modify Email Accounts“maybe” is neither yes nor no",
      "Row 6the row has 3 cells, the titles 5",
      "Row 7, User Level“#REF!” is an Excel error",
    ]);
    await page.getByText("These people are not imported and not counted.").waitFor();
    await page.getByRole("button", { name: "Use 8" }).click();
    await page.locator("[data-problems]").getByText("3 rows with problems").waitFor();
    await page.getByRole("button", { name: "Save mapping" }).click();
    await page.getByText("Mapping saved.").waitFor();
    await importPeople(page).click();
    assert.match(await page.locator("[data-summary]").textContent(), /^3 people, 3 rows with problems\./);
    // The setting belongs to everybody now
    await go(page, "Installation");
    assert.equal(
      await page.locator('[data-settings] [data-fact="email-allowed"]').getByRole("radio", { name: "On" }).isChecked(),
      true,
    );
    await go(page, "Import");
    const wrong = await downloaded(page, () => page.getByRole("button", { name: "Export rows" }).click());
    assert.match(wrong.text, /^\uFEFFRow,Login/);
    assert.match(wrong.text, /\r\n5,d4,9,maybe,on,36,/);
    const all = await downloaded(page, () => page.getByRole("button", { name: "Export with decisions" }).click());
    assert.match(all.text, /^\uFEFFLogin,User Level,Modify Email Accounts,Allow Emails,Shoe size,Group,Problem,/);
    assert.match(all.text, /\r\nb2,8,,on,,Group \d,/);
    await drop(page, "again.csv", csv);
    await page.getByText("The saved mapping for these titles is used.").waitFor();
  }));

test("German yes and no are read; a setting whose cells are neither stays as it is", () =>
  visit("#import/vicidial", async (page) => {
    await drop(page, "staff.csv", "Login,Modify Email Accounts,Allow Emails\nada,ja,maybe\nben,nein,maybe\n");
    await page.locator('[data-column="Allow Emails"]').getByText("set it once").waitFor();
    assert.deepEqual(await problems(page), []);
    // Cells that say no grant nothing; each person is shown as they are read
    await page.locator('[data-column="Modify Email Accounts"]').getByText("1 granted").waitFor();
    assert.deepEqual(await page.locator("[data-first-people] li").allTextContents(), [
      "adaModify Email Accounts: granted",
      "benModify Email Accounts: not granted",
    ]);
    await importPeople(page).click();
    await page.locator("[data-summary]").getByText("2 people").waitFor();
    await go(page, "Installation");
    const setting = page.locator('[data-settings] [data-fact="email-allowed"]');
    assert.equal(await setting.getByRole("radio", { name: "Off" }).isChecked(), true);
    assert.equal(await page.getByRole("button", { name: "Undo: Installation" }).count(), 0);
  }));

test("a title that has a part of one label only is suggested, where all its cells are values of it", () =>
  visit("#import/vicidial", async (page) => {
    const meaning = (title) => chosen(page, `${title}: Means`);
    const titles = "Who,Full name,Level,Call Times,Email Accounts,Emails,Recordings";
    await drop(page, "staff.csv", `${titles}\nada,Ada,8.0,x,3 of them,yes,x\nben,Ben,1,,none,yes,wahr\n`);
    await page.locator('[data-column="Level"]').waitFor();
    assert.equal(await meaning("Full name"), "Name");
    assert.equal(await meaning("Level"), "User Level");
    assert.equal(await meaning("Recordings"), "Access Recordings");
    // Several labels that fit, cells that are no values, and a setting of everybody
    for (const title of ["Call Times", "Email Accounts", "Emails", "Who"])
      assert.equal(await meaning(title), "Keep, don’t use", title);
    await page.locator('[data-column="Recordings"]').getByText("2 granted").waitFor();
    assert.deepEqual(await problems(page), []);
  }));

/** The meanings that are suggested for the columns of a file with one value each; empty for none. */
async function suggested(page, columns) {
  await drop(page, "staff.csv", `Name,${Object.keys(columns).join(",")}\nAda,${Object.values(columns).join(",")}\n`);
  await page.locator('[data-column="Name"]').waitFor();
  const all = {};
  for (const title of Object.keys(columns)) {
    const meaning = await chosen(page, `${title}: Means`);
    all[title] = meaning === "Keep, don’t use" ? "" : meaning;
  }
  await page.reload();
  return all;
}
const ofProducts = {
  vicidial: [
    { "Mod. email acc.": "x", "Exp. rep": "x", "Download inv": "yes", "AGC adm. acc.": "x", "Sched. callb.": "x" },
    ["Modify Email Accounts", "Export Reports", "Download Invalid Files", "AGC Admin Access", "Scheduled Callbacks"],
    // Several labels, also of a setting; a word of many; two letters; the middle of words
    {
      "Del. list": "x",
      "Access rec": "yes",
      "Mod. user": "x",
      "Auto. rep.": "x",
      Active: "x",
      QC: "x",
      "Em. ac.": "x",
      "mail counts": "x",
    },
  ],
  contact: [
    { "Ext. dest": "Modify", "Sched. callback": "x", "Hol. lists": "View only", "Prog. camp.": "x", Prof: "Modify" },
    ["External destinations", "Schedule Callback", "Holiday lists", "Progress of Active Campaigns", "Profiles"],
    {
      "Handle out": "x",
      Rep: "Modify",
      "Email conf.": "Modify",
      "Sched. report gen": "Modify",
      "Ext. users": "Modify",
      Act: "x",
    },
  ],
  dotdigital: [
    {
      "Can appr. camp.": "x",
      "Cross-acc. analytics": "x",
      "Template admin": "x",
      "Rep. drill": "x",
      "Acc. own.": "yes",
    },
    [
      "Can approve campaigns",
      "Cross-account analytics",
      "Template administrator",
      "Reporting drill down",
      "Account owner",
    ],
    { Contact: "x", Surv: "x", Acc: "x", "Send appr. maybe": "x" },
  ],
};
for (const [product, [clear, labels, unclear]] of Object.entries(ofProducts))
  test(`shortened titles are suggested where they fit one label, and else none: ${product}`, () =>
    visit(`#import/${product}`, async (page) => {
      assert.deepEqual(Object.values(await suggested(page, clear)), labels);
      assert.deepEqual([...new Set(Object.values(await suggested(page, unclear)))], [""]);
    }));

test("shortened titles of an own policy are suggested", () => {
  const flag = (id, label) => ({ id, kind: "flag", label });
  const policy = desk({
    privileges: [
      flag("generate", "Schedule report generation"),
      flag("external", "External users"),
      flag("users", "Users"),
    ],
    operations: [{ id: "desk.read", label: "Read the desk", requires: "generate and external and users" }],
  });
  return visit(`#import/own?d=${linked(policy)}`, async (page) =>
    assert.deepEqual(await suggested(page, { "Sched. report gen": "x", "Ext. users": "x", User: "x" }), {
      "Sched. report gen": "Schedule report generation",
      "Ext. users": "External users",
      User: "",
    }),
  );
});

test("a fact about a person with a default is read from the rows, since it is no setting", () => {
  const policy = {
    format: 1,
    id: "desk",
    title: "Desk",
    version: "1",
    facts: [{ id: "on-duty", kind: "switch", label: "On duty", scope: "subject", default: false }],
    operations: [{ id: "desk.read", label: "Read the desk", requires: "on-duty" }],
  };
  return visit(`#import/own?d=${linked(policy)}`, async (page) => {
    await drop(page, "staff.csv", "Name,On duty\nAda,yes\nBen,no\n");
    await importPeople(page).click();
    await page.locator("[data-summary]").waitFor();
    await go(page, "Matrix");
    const cells = page.locator('[data-operation="desk.read"] td');
    await cells.nth(2).waitFor();
    const names = await cells.evaluateAll((all) => all.map((it) => it.getAttribute("aria-label")));
    assert.deepEqual(names.slice(-2), ["Ada, Read the desk: can", "Ben, Read the desk: cannot"]);
  });
});

test("nothing mapped is no success, and a file that is no table is refused", () =>
  visit("#import/vicidial", async (page) => {
    await drop(page, "titles.csv", "Who,Shoe size\nAda,38\nBen,44\n");
    await page.getByText("Say what at least one column means").waitFor();
    assert.equal(await page.getByRole("button", { name: /^Import \d/ }).isDisabled(), true);
    await choose(page, "Who: Means", "View Reports");
    await choose(page, "Shoe size: Means", "View Reports");
    await page.getByText("Two columns mean “View Reports”. Choose one.").waitFor();
    await page.reload();
    await drop(page, "staff.xlsx", [0x50, 0x4b, 3, 4, 0, 0, 0, 0]);
    await page.getByText("This file is not read: it is a workbook that cannot be read").waitFor();
    await drop(page, "old.xls", [0xd0, 0xcf, 0x11, 0xe0]);
    await page.getByText("it is a workbook of the old format").waitFor();
    await drop(page, "faulty.json", '[{"name":"Ada",]');
    await page.getByText("This file is not valid JSON.").waitFor();
    await drop(page, "people.json", '{"name":"Ada"}');
    await page.getByText("This file is no list of people").waitFor();
    await drop(page, "empty.csv", "name\n");
    await page.getByText("This file has no people").waitFor();
    await drop(page, "database.csv", "[Name],[User Level]\nAda,8\n");
    await page.locator('[data-column="[User Level]"]').getByText("1 granted").waitFor();
  }));

test("workbooks and encoded text are read; encoding, separator, sheet and row of titles are shown and can be changed", () =>
  visit("#import/vicidial", async (page) => {
    const rows = [["Staff of Görlitz"], ["Name", "User Level"], ["Zoë", "9"], ["Bo", "nine"]];
    const words = (separator) => rows.map((row) => row.join(separator)).join("\r");
    const first = async () => (await page.locator('[data-column="Name"] > :nth-child(2)').textContent()).trim();
    const wrong = ["Row 4, User Level“nine” is not a level from 1 to 9. Did you mean 9?Use 9"];
    for (const [name, content, encoding, separator] of [
      ["staff.xlsx", workbookOf({ Empty: [], Staff: rows })],
      ["sep.csv", `\ufeffsep=;\n${words(";")}`, "UTF-8", "Semicolon"],
      ["utf16.csv", utf16(`\ufeff${words(";")}`, true), "UTF-16, big-endian", "Semicolon"],
      ["latin.csv", windows1252(words("\t")), "Western European (Windows-1252)", "Tab"],
    ]) {
      await drop(page, name, content);
      await page.getByRole("heading", { name: `Import ${name}` }).waitFor();
      await page.locator('[data-column="User Level"]').getByText("1 value fails").waitFor();
      assert.equal(await first(), "Zoë · Bo", name);
      assert.deepEqual(await problems(page), wrong, name);
      assert.match(await chosen(page, "Titles in"), /Row 2/);
      if (encoding === undefined) assert.match(await chosen(page, "Sheet"), /Staff/);
      else {
        assert.equal(await chosen(page, "Encoding"), encoding, name);
        assert.equal(await chosen(page, "Separator"), separator, name);
      }
      await page.reload();
    }
    // What the file does not say is chosen, and kept with it
    const two = [
      ["Who", "Level"],
      ["Łucja", "8"],
    ];
    const polish = two.map((row) => row.join(";")).join("\n");
    await drop(
      page,
      "polish.csv",
      Uint8Array.from(polish, (char) => (char === "Ł" ? 0xa3 : char.charCodeAt(0))),
    );
    const who = page.locator('[data-column="Who"]');
    await who.getByText("£ucja").waitFor();
    const reading = page.locator("[data-reading]");
    await reading.getByText("Encoding detected").waitFor();
    await choose(page, "Encoding", "Central European");
    await reading.getByText("Encoding chosen").waitFor();
    await who.getByText("Łucja").waitFor();
    await choose(page, "Separator", "Comma");
    await page.locator('[data-column="Who;Level"]').waitFor();
    await choose(page, "Separator", "Semicolon");
    await choose(page, "Titles in", "Row 2");
    await page.getByRole("alert").getByText("This file has no people").waitFor();
    await choose(page, "Titles in", "Row 1");
    await choose(page, "Who: Means", "Name");
    await choose(page, "Level: Means", "User Level");
    await importPeople(page).click();
    await page.locator("[data-summary]").waitFor();
    await kept(page);
    await page.reload();
    await page.locator("[data-summary]").waitFor();
    await page.getByRole("button", { name: "Columns" }).click();
    await who.getByText("Łucja").waitFor();
    assert.equal(await chosen(page, "Encoding"), "Central European (Windows-1250)");
  }));

test("5,000 people are imported after a setting was switched on for everybody, and counted with it", () =>
  visit("", async (page) => {
    await page.locator("[data-fix]").getByRole("button", { name: "Apply both" }).click();
    await page.locator('[data-sentence="allowed"]').waitFor();
    await go(page, "Import");
    const people = Array.from({ length: 5000 }, (_, index) => `p${index},${index % 4 === 0 ? "x" : ""},8.0`);
    await drop(page, "staff.csv", ["Login,Modify Email Accounts,User Level", ...people].join("\r\n"));
    await importPeople(page).click();
    await page.locator("[data-summary]").getByText("5,000 people, all rows were read.").waitFor();
    await go(page, "Matrix");
    await page.locator("[data-who]").getByText("1,250 of 5,000").waitFor();
    await page.locator("[data-who]").getByText("Through").waitFor();
  }));

test("imported people are counted with the installation's settings, and stay after Back and a reload", () =>
  visit("#import/vicidial?op=email-accounts.open", async (page) => {
    await drop(page, "staff.csv", "Login,Modify Email Accounts\na1,x\nb2,\n");
    await importPeople(page).click();
    await page.locator("[data-summary]").waitFor();
    await go(page, "Matrix");
    await page.locator("[data-who]").getByText("0 of 2").waitFor();
    await go(page, "Installation");
    await page
      .locator('[data-settings] [data-fact="email-allowed"]')
      .getByRole("radio", { name: "On" })
      .check({ force: true });
    await page
      .locator("[data-imported-effect]")
      .getByText("1 gain")
      .waitFor({ timeout: 5000 })
      .catch(() => undefined);
    assert.match(await page.locator("[data-imported-effect]").textContent(), /^\d gain · 0 lose/);
    await page.getByRole("button", { name: "Apply for everybody" }).click();
    await go(page, "Matrix");
    await page.locator("[data-who]").getByText("1 of 2").waitFor();
    await page.locator("[data-who]").getByRole("button", { name: "Open in Person: a1" }).click();
    await page.locator('[data-sentence="allowed"]').waitFor();
    await page.goBack();
    await page.locator("[data-who]").getByText("1 of 2").waitFor();
    await kept(page);
    await page.reload();
    await page.locator("[data-who]").getByText("1 of 2").waitFor();
  }));

test("groups of identical access have members, a difference and a name, which exports use", () =>
  visit("#import/contact", async (page) => {
    await drop(page, "staff.csv", "Name,Roles\nAda,Supervisor\nBen,Base Agent; Voice\nCem,Base Agent; Voice\n");
    await page.locator('[data-column="Roles"]').getByText("3 roles found").waitFor();
    await importPeople(page).click();
    // What was read, and the groups that came of it
    await page.locator("[data-columns-read]").getByText("2 of 2").waitFor();
    assert.deepEqual(await page.locator("[data-columns-read] li").allTextContents(), [
      "Name3 names",
      "Roles3 roles found",
    ]);
    assert.deepEqual(await page.locator("[data-largest-groups] .num").allTextContents(), ["2", "1"]);
    await page.getByRole("button", { name: "Open in matrix" }).click();
    await page.locator("[data-groups-count]").getByText("3 imported people, 2 groups").waitFor();
    const group = page.locator("[data-group]").first();
    await group.getByRole("button").first().click();
    await group.getByText(/^Only in /).waitFor();
    await group.getByRole("button", { name: "Open members" }).click();
    await group.locator("[data-members]").getByText("Cem").waitFor();
    await group.getByRole("button", { name: "Rename" }).click();
    await page.getByLabel("Name of the group").fill("Voice agents");
    await page.keyboard.press("Enter");
    await page.locator("[data-group] b", { hasText: "Voice agents" }).waitFor();
    const file = await downloaded(page, () => page.getByRole("button", { name: "Export CSV" }).click());
    assert.match(file.text, /\r\nBen,Base Agent; Voice,Voice agents,/);
    // The heat map is read by keyboard
    await page.locator("[data-heat]").focus();
    await page.keyboard.press("ArrowRight");
    assert.match(await page.locator("[data-heat-cell]").textContent(), /^Voice agents, .+: (can|cannot)$/);
  }));

test("a JSON list with invalid people", () =>
  visit("#import/dotdigital", async (page) => {
    const people = [
      { name: "Lena", grants: { "can-approve-campaigns": true } },
      { name: "Olu", facts: { owner: true } },
      { name: "Ada", roles: ["no-such-role"] },
      7,
    ];
    await drop(page, "people.json", JSON.stringify(people));
    await importPeople(page).click();
    assert.match(await page.locator("[data-summary]").textContent(), /^2 people, 2 rows with problems\./);
    await page.getByText("unknown role `no-such-role`").waitFor();
    await page.getByText("Can approve campaigns").waitFor(); // granted, no effect
  }));

test("100,000 sample people: with progress, cancel, and in few groups", () =>
  visit("#import/vicidial", async (page) => {
    await page.getByRole("button", { name: "Try 100,000 sample people" }).click();
    await page.locator("[data-summary]").waitFor({ timeout: 60_000 });
    assert.match(await page.locator("[data-summary]").textContent(), /^100,000 people, all rows were read\./);
    await page.getByRole("button", { name: "Open in matrix" }).click();
    await page.locator("[data-groups-count]").getByText("100,000 imported people").waitFor();
    // Each of them has a column: page by page, or found by name
    await page.getByRole("radio", { name: "People" }).check({ force: true });
    const shown = page.locator("[data-people-pages]");
    await shown.getByText("1 to 50 of 100,004 people").waitFor();
    await shown.getByRole("button", { name: "Next" }).click();
    await shown.getByText("51 to 100 of 100,004 people").waitFor();
    await page.getByLabel("Find people").fill("person-77777");
    await shown.getByText("1 to 1 of 1 person").waitFor();
    const column = page.locator("[data-matrix] thead th").nth(1);
    assert.match(await column.textContent(), /^person-77777/);
    await page.locator("[data-operation] td").first().click();
    await page.locator("[data-sentence]").waitFor();
    assert.equal(await chosen(page, "Viewing as"), "person-77777");
    // The search finds them, too
    await page.keyboard.press("/");
    await page.locator("dialog.palette input").fill("person-88888");
    await page.locator("dialog.palette [data-found]").getByText("person-88888").click();
    await page.waitForFunction(() =>
      /person-88888/.test(document.querySelector('[data-choice="Viewing as"]')?.textContent),
    );
  }));

test("who is opened from the file counts once, as they are now, in the matrix and in reports", () => {
  const policy = desk({ operations: [{ id: "desk.read", label: "Read the desk", requires: "read" }] });
  return visit(`#import/own?d=${linked(policy)}`, async (page) => {
    await drop(page, "staff.csv", "Name,Read\nAda,x\nBen,x\nCem,\n");
    await importPeople(page).click();
    await page.getByRole("button", { name: "Open in matrix" }).click();
    const who = page.locator("[data-who]");
    await who.getByText("2 of 3 imported").waitFor();
    await who.getByRole("button", { name: "Open in Person: Ada" }).click();
    await page.locator("[data-sentence=allowed]").waitFor();
    await page.locator('#pane-privileges [data-privilege="read"]').last().getByRole("switch").click();
    await go(page, "Matrix");
    await who.getByText("1 of 3 imported").waitFor();
    await go(page, "Reports");
    const report = page.locator("[data-report=operation]");
    await report.getByText(/· 4 people, as of/).waitFor();
    assert.deepEqual(await report.locator(".facts b").allTextContents(), ["1", "3", "0", "0"]);
    assert.deepEqual(
      await report.locator("[data-report-row]").evaluateAll((all) => all.map((it) => it.dataset.reportRow)),
      ["New person", "Ben"],
    );
    await report.getByText("2 imported people cannot; the export of the matrix lists them.").waitFor();
    const file = await downloaded(page, () => page.getByRole("button", { name: "CSV for Excel" }).click());
    assert.match(file.text, /\r\n2 imported people cannot;/);
    // A person of the file has a report of their own, and is no second one for the organisation
    await page.getByRole("radio", { name: "Organisation" }).check({ force: true });
    await page
      .locator("[data-report=organisation]")
      .getByText(/· 4 people, as of/)
      .waitFor();
    const [, count] = await page.locator('[data-report-row="Read the desk"] td').allTextContents();
    assert.equal(count, "1");
    await page.reload();
    await page
      .locator("[data-report=organisation]")
      .getByText(/· 4 people, as of/)
      .waitFor();
  });
});

test("the effect of a setting on imported people is said wherever it is offered", () =>
  visit("#import/vicidial", async (page) => {
    const people = Array.from({ length: 8 }, (_, index) => `p${index},${index % 2 === 0 ? "x" : ""},8`);
    await drop(page, "staff.csv", ["Login,Modify Email Accounts,User Level", ...people].join("\n"));
    await importPeople(page).click();
    await page.locator("[data-summary]").waitFor();
    await go(page, "Person");
    await page.locator("[data-imported-gain]").getByText("Of the imported people, 8 gain.").waitFor();
    await page.getByRole("button", { name: "Request" }).first().click();
    await page.locator("[data-steps]").getByText("Of the imported people, 8 gain.").waitFor();
    await page
      .locator("[data-message]")
      .getByText("Allow Emails also changes access for Tom, Ada, Ben and 8 imported people.")
      .waitFor();
    await go(page, "Installation");
    await page.locator("[data-imported-effect]").getByText("8 gain · 0 lose").waitFor();
    await page.getByRole("button", { name: "Apply for everybody" }).click();
    await page.waitForFunction(() =>
      /Allow Emails on for everybody\. 12 people gain, nobody loses\./.test(
        document.querySelector("[data-live]").textContent,
      ),
    );
  }));

test("imported people are among the holders of a role, also of one that is held because of a fact", () =>
  visit("#import/dotdigital", async (page) => {
    await drop(page, "staff.csv", "Name,Account owner\nAda,yes\nBen,no\nCem,yes\n");
    await importPeople(page).click();
    await page.locator("[data-summary]").waitFor();
    await go(page, "Roles");
    // Olu and two imported people
    await page.locator(".ritem", { hasText: "Account owner" }).getByText("3 people").waitFor();
  }));

test("another version of an own policy counts the imported people anew, and a copy of a workspace has them", () => {
  const version = (requires) =>
    desk({
      privileges: [
        { id: "read", kind: "flag", label: "Read" },
        { id: "write", kind: "flag", label: "Write" },
      ],
      operations: [{ id: "desk.read", label: "Read the desk", requires }],
    });
  return visit(`#import/own?d=${linked(version("read"))}`, async (page) => {
    await drop(page, "staff.csv", "Name,Read,Write\nAda,x,\nBen,x,x\nCem,,\n");
    await importPeople(page).click();
    await page.getByRole("button", { name: "Open in matrix" }).click();
    await page.locator("[data-who]").getByText("2 of 3 imported").waitFor();
    await go(page, "Policy");
    await page.locator(".cm-content").fill(JSON.stringify(version("read and write")));
    await page.locator('[data-difference="some"]').waitFor();
    await page.getByRole("button", { name: "Use this policy" }).click();
    await page.locator("[data-toast]").getByText("Desk is in use. Its people and drafts are kept.").waitFor();
    await go(page, "Matrix");
    await page.locator("[data-who]").getByText("1 of 3 imported").waitFor();
    await page.locator('[data-choice="System"]').click();
    await page.getByRole("button", { name: "New workspace" }).click();
    await page.waitForFunction(() => document.title.includes("copy"));
    await go(page, "Matrix");
    await page.locator("[data-who]").getByText("1 of 3 imported").waitFor();
  });
});
