// End-to-end tests of roles, matrix, requests, reports, comparisons and guides.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { choose, chosen, downloaded, go, item, kept, row, visit } from "./harness.mjs";

const schedule = "op=data.reports.schedule";

test("finds the role for scheduling reports, what else it opens, and prepares a narrower one", () =>
  visit(`#roles/contact?who=sam&${schedule}`, async (page) => {
    await page.locator("[data-ways]").waitFor();
    assert.match(
      await page.locator(".verdict").textContent(),
      /It needs Reports: Modify, which only Administrator gives today\./,
    );
    const ways = page.locator("[data-way]");
    assert.deepEqual(await ways.evaluateAll((all) => all.map((it) => it.dataset.way)), ["new", "raise", "give"]);
    assert.match(
      await ways.nth(2).textContent(),
      /Give Sam Administrator86 operations more than asked for\.87 operations83 menu items/,
    );
    assert.deepEqual(await page.locator("[data-adds] li").allTextContents(), [
      "Manage reports Reports",
      "Schedule report generation Reports Configuration",
      "Manage contact reports Contact Reports",
    ]);
    assert.match(await page.locator("[data-who-may]").textContent(), /Alexmay/);
    await page.getByRole("button", { name: "Save role and give to Sam" }).click();
    await page.locator(".ritem.sel").getByText("Supervisor, with Reports: Modify").waitFor();
    await page.locator(".verdict").getByText("Sam can do this already.").waitFor();
    await go(page, "Matrix");
    const cell = page.locator('[data-operation="data.reports.schedule"] [data-state="new"]');
    await cell.waitFor();
    assert.match(
      await cell.getAttribute("aria-label"),
      /^Supervisor, with Reports: Modify, Schedule report generation: new in draft$/,
    );
  }));

test("a fact because of which a role is held is not called unknown, and the role is among those of the person", () =>
  visit("#person/dotdigital?who=olu&op=campaigns.approve", async (page) => {
    await page.locator("[data-who-can]").waitFor();
    assert.equal(await page.getByText("Depends on an unknown fact").count(), 0);
    await page.getByText("1 privilege · role Account owner").waitFor();
    await page.locator('[data-role="account-owner"]').getByText("granted").waitFor();
    // It has a value where nothing is said, so that it is never unknown
    const owner = row(page, "owner").first();
    assert.deepEqual(await owner.locator(".seg > *").allTextContents(), ["Off", "On"]);
    await owner.getByRole("radio", { name: "Off" }).check({ force: true });
    await page.getByText("1 privilege · no role").waitFor();
    await page.locator('[data-role="account-owner"]').getByText("granted").waitFor({ state: "detached" });
  }));

test("the roles that open something are listed with what else they open, and who can do it through which", () =>
  visit(`#roles/contact?who=sam&${schedule}`, async (page) => {
    const opening = page.locator("[data-opening] li");
    await opening.first().waitFor();
    assert.deepEqual(await opening.allTextContents(), [
      "Administrator1 personAlso opens 107 operations: Calls Management (Administrator) 23, Staff Management 16, Agent/Supervisor 15, 8 more",
    ]);
    await page.getByRole("button", { name: "Save role and give to Sam" }).click();
    await page.locator('[data-opening] [data-opens="administrator"]').waitFor();
    assert.equal(await opening.count(), 2);
    assert.deepEqual(await page.locator("[data-able] li").allTextContents(), [
      "SSamSupervisor, with Reports: Modify",
      "AAlexAdministrator",
    ]);
    await opening.nth(1).getByRole("button", { name: "Administrator" }).click();
    await page.locator('.ritem.sel[data-role="administrator"]').waitFor();
    await page.getByRole("tab", { name: /^Opens/, selected: true }).waitFor();
  }));

test("what no role gives has to hold first: a setting of everybody, or a fact about the person", async () => {
  await visit("#roles/vicidial?who=ben", async (page) => {
    const first = page.locator("[data-first] li");
    await first.waitFor();
    assert.equal(await first.locator(".grow").textContent(), "Turn on Allow EmailsEverybody’s setting.");
    const way = page.locator("[data-way]").first();
    assert.match(await way.textContent(), /^1Give Ben Agent, as a new user is created, with Modify Email Accounts/);
    assert.deepEqual(await way.getByRole("button").allTextContents(), ["Preview"]);
    await first.getByRole("button", { name: "Installation" }).click();
    await page.getByRole("button", { name: "Apply for everybody" }).click();
    await go(page, "Roles");
    await way.getByRole("button", { name: "Save role and give to Ben" }).click();
    await page.locator(".verdict").getByText("Ben can do this already.").waitFor();
  });
  await visit("#roles/contact?who=alex&op=calls.flows.define", async (page) => {
    await page.locator("[data-first]").waitFor();
    assert.match(await page.locator("[data-first] .grow").textContent(), /^Make sure that .* is onA fact about Alex/);
    assert.match(await page.locator(".verdict").textContent(), /Routing Flows: Modify, which only Administrator gives/);
    await page.getByText("Alex already holds what a role can give for this.").waitFor();
  });
});

test("giving a role can be previewed and applied by keyboard", () =>
  visit(`#roles/contact?who=sam&${schedule}`, async (page) => {
    await page.locator('[data-way="give"]').getByRole("button", { name: "Preview" }).focus();
    await page.keyboard.press("Enter");
    await page.locator("[data-previewing]").getByText("Previewing: Give Administrator to Sam").waitFor();
    await page.locator("[data-previewing]").getByRole("button", { name: "Apply" }).click();
    await page.getByRole("heading", { name: "Why can Sam schedule report generation?" }).waitFor();
  }));

test("a role of the policy is changed, touches who holds it, and is restored", () =>
  visit("#roles/contact?role=supervisor&who=sam", async (page) => {
    await page
      .locator('[data-holds] [data-privilege="reports"]')
      .getByRole("radio", { name: "Modify" })
      .check({ force: true });
    await page.locator('[data-holds] tr.sel[data-privilege="reports"]').waitFor();
    await page.locator("[data-definition-review]").getByText("Alex: may.").waitFor();
    await page.getByRole("tab", { name: /^People/ }).click();
    await page.getByRole("tabpanel").getByText("Sam", { exact: true }).click();
    await page.locator('[data-item="data"]').waitFor();
    assert.equal(await page.getByRole("button", { name: "Undo: Reports Modify in Supervisor" }).isEnabled(), true);
    await go(page, "Roles");
    await page.locator('.ritem[data-role="supervisor"]').click();
    await page.getByRole("button", { name: "Restore the policy’s grants" }).click();
    assert.equal(await page.locator(".ritem.sel .tag").count(), 0);
  }));

test("a new role holds what it is given, and deleting it says whom it touches", () =>
  visit("#roles/vicidial", async (page) => {
    await page.getByRole("button", { name: "New role" }).click();
    await choose(page, "Add a privilege", "View Reports");
    await page.locator('[data-holds] [data-privilege="view-reports"]').waitFor();
    await page.getByRole("tab", { name: /^People/ }).click();
    assert.equal(await chosen(page, "Give this role to"), "Choose…");
    await choose(page, "Give this role to", "Ben");
    await page.getByRole("button", { name: "Delete role" }).click();
    await page
      .locator("dialog")
      .getByText(/1 person holds this role\. Together they lose \d+ operations?\./)
      .waitFor();
    await page.keyboard.press("Enter"); // the safe choice has the focus
    assert.equal(await page.locator("dialog[open]").count(), 0);
    await page.getByRole("button", { name: "Delete role" }).click();
    await page.locator("dialog").getByRole("button", { name: "Delete role" }).click();
    await page.locator(".ritem", { hasText: "New role" }).waitFor({ state: "detached" });
  }));

test("the matrix is searched, read by keyboard, and exported for Excel", () =>
  visit("#matrix/contact", async (page) => {
    await page.getByLabel("Find operations or menu paths").fill("schedule reports");
    await page.locator('[data-operation="data.reports.schedule"]').waitFor();
    assert.equal(await page.locator("[data-operation]").count(), 1);
    await page.locator('[data-matrix] [tabindex="0"]').focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    assert.equal(
      await page.evaluate(() => document.activeElement.getAttribute("aria-label")),
      "Administrator, Schedule report generation: can",
    );
    const file = await downloaded(page, () => page.getByRole("button", { name: "Export CSV" }).click());
    assert.equal(file.text.charCodeAt(0), 0xfeff);
    assert.match(file.text, /Schedule report generation,can,/);
    await page.getByRole("radio", { name: "People" }).check({ force: true });
    await page.locator('[data-operation="data.reports.schedule"] td').nth(1).click();
    await page.getByRole("heading", { name: "Why can’t Sam schedule report generation?" }).waitFor();
  }));

test("a request has its steps in the order of the rules, who may make them, and a text with a link", () =>
  visit("", async (page, context) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.locator("[data-fix]").getByRole("button", { name: "Send request" }).click();
    await page.getByRole("heading", { name: "Let Maria open Email Accounts" }).waitFor();
    assert.deepEqual(
      await page.locator("[data-steps] [data-step]").evaluateAll((all) => all.map((it) => it.dataset.step)),
      ["email-allowed", "modify-email-accounts"],
    );
    assert.match(await page.locator("[data-steps]").textContent(), /Refused until step 1 is done\./);
    await page.getByText("Ada may make both changes. One person is enough.").waitFor();
    const cells = (name) => page.locator(`[data-actor="${name}"] [data-allowed]`).allTextContents();
    assert.deepEqual(await cells("Ada"), ["May", "May, after step 1"]);
    assert.match((await cells("Maria"))[0], /^May notSystem settings need Modify Servers/);
    assert.doesNotMatch(await page.locator("main").textContent(), /actor/);
    await page
      .locator("[data-message]")
      .getByText(/Review it here: http/)
      .waitFor();
    const message = await page.locator("[data-message]").textContent();
    assert.match(
      message,
      /^Hi Ada,\n\nplease let Maria open Email Accounts\. It takes 2 changes, in this order:\n\n1\. Admin › System Settings: Turn on Allow Emails\.\n2\. .*Grant Modify Email Accounts to Maria\./,
    );
    assert.match(message, /Allow Emails also changes access for Tom, Ada and Ben\./);
    await page.waitForFunction(() => document.querySelector("[data-message]").textContent.includes("http"));
    await page.getByRole("button", { name: "Send request" }).click();
    await page.getByText("Request saved as sent.").waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    const [address] = /http\S+/.exec(copied);
    const other = await context.newPage();
    await other.goto(address);
    await other.getByRole("heading", { name: "Let Maria open Email Accounts" }).waitFor();
    await other.locator(".top .tag", { hasText: "Received" }).waitFor();
    await other.getByRole("button", { name: "Apply all steps" }).click();
    await other.locator(".top .tag", { hasText: "Done" }).waitFor();
    await other.close();
    await kept(page);
    await page.reload();
    await page.locator(".top .tag", { hasText: "Sent" }).waitFor();
  }));

test("a request for a fact about a person says what has to be true, not what to grant", () =>
  visit("#person/contact?who=priya", async (page) => {
    await row(page, "flow-editor").first().getByRole("radio", { name: "On" }).check({ force: true });
    await page
      .getByText("1 change since save point")
      .or(page.getByText(/changes since save point/))
      .first()
      .waitFor();
    await go(page, "Requests");
    await page
      .locator('[data-step="flow-editor"]')
      .getByText(/^Make sure that .* is on$/)
      .waitFor();
    assert.match(await page.locator("[data-message]").textContent(), /\n1\. .*Make sure that .* is on\.\n/);
  }));

test("compares two roles, the person in view, and before with after", () =>
  visit("#compare/contact?mode=roles&left=supervisor&right=administrator", async (page) => {
    assert.equal(
      await page.locator("[data-summary]").textContent(),
      "87 operations only with Administrator, 10 only with Supervisor. Both open 21.",
    );
    await page.getByText("Replacing Supervisor by Administrator takes 10 operations away.").waitFor();
    const reports = page.locator('[data-compared="reports"]');
    assert.deepEqual((await reports.locator("td").allTextContents()).slice(0, 3), ["Reports", "View only", "Modify"]);
    await go(page, "Person");
    await choose(page, "Viewing as", "Alex");
    await page.getByRole("button", { name: "Compare" }).click();
    assert.match(await page.locator("[data-summary]").textContent(), /Alex/);
    await page.getByRole("radio", { name: "Before and after" }).check({ force: true });
    assert.equal(
      await page.locator("[data-summary]").textContent(),
      "Nothing has changed for Alex since the save point.",
    );
  }));

test("a guide is done by several people, and its progress stays", () =>
  visit("#guides/vicidial?as.email-administrator=maria", async (page) => {
    const step = (id) => page.locator(`[data-step="${id}"]`);
    const states = () => page.locator("[data-step]").evaluateAll((all) => all.map((it) => it.dataset.state).join(" "));
    await step("allow-email").waitFor();
    assert.equal(await states(), "ready blocked blocked blocked blocked blocked");
    assert.match(await step("allow-email").textContent(), /Ada, as system administrator/);
    await step("allow-email").getByRole("button", { name: "Mark as done" }).click();
    await page.locator('[data-step="grant-modify-email-accounts"][data-state="ready"]').waitFor();
    await step("grant-modify-email-accounts").getByRole("button", { name: "Mark as done" }).click();
    await page.getByRole("heading", { name: "2 of 6 done" }).waitFor();
    await go(page, "Person");
    await page.goBack();
    await page.getByRole("heading", { name: "2 of 6 done" }).waitFor();
    await go(page, "Person");
    assert.equal(await item(page, "email-accounts").getAttribute("data-state"), "shown");
  }));

test("a blocked step offers the changes that unblock it; a policy without guides says so", () =>
  visit("#guides/vicidial?as.system-administrator=maria", async (page) => {
    const step = page.locator('[data-step="allow-email"]');
    await step.getByText("Modify Servers").first().waitFor();
    assert.equal(await step.getAttribute("data-state"), "blocked");
    await step.getByRole("button", { name: "Apply" }).first().click();
    await page.locator('[data-step="allow-email"][data-state="ready"]').waitFor();
    await choose(page, "System", "Contact");
    await page.getByText("This policy has no guides").waitFor();
  }));

test("two people make a change together where no one may make all of it", () => {
  const flags = (...ids) => Object.fromEntries(ids.map((id) => [id, true]));
  const people = [
    { name: "Mia", subject: { grants: { "user-level": "7" } } },
    { name: "Sys", subject: { grants: { "user-level": "8", ...flags("modify-servers") } } },
    {
      name: "Boss",
      subject: { grants: { "user-level": "9", ...flags("modify-users", "alter-admin-interface-options") } },
    },
  ];
  const d = deflateRawSync(JSON.stringify({ policy: "vicidial", people })).toString("base64url");
  return visit(
    `#requests/vicidial?request=suggested&item=email-accounts&op=email-accounts.open&d=${d}`,
    async (page) => {
      await page.getByText("Sys and Boss can make these changes together, step by step.").waitFor();
      const cells = (name) =>
        page.locator(`[data-actor="${name}"] [data-allowed]`).evaluateAll((all) => all.map((it) => it.dataset.allowed));
      assert.deepEqual(await cells("Sys"), ["yes", "no"]);
      assert.deepEqual(await cells("Boss"), ["no", "yes"]);
    },
  );
});

test("two files are compared: meaning, and the people affected", () =>
  visit("#compare/vicidial?mode=versions", async (page) => {
    await page.getByText("Choose a second version").waitFor();
    const version = (requires) =>
      JSON.stringify({
        format: 1,
        id: "desk",
        title: "Desk",
        version: "1",
        privileges: [
          { id: "view-reports", kind: "flag", label: "View" },
          { id: "modify-users", kind: "flag", label: "Change" },
        ],
        operations: [{ id: "desk.read", label: "Read the desk", requires }],
      });
    const bring = async (label, name, requires) => {
      await page.locator(`[data-choice="${label}"]`).click();
      const [chooser] = await Promise.all([
        page.waitForEvent("filechooser"),
        page.locator(".pop").getByRole("button", { name: "Open a file…" }).click(),
      ]);
      await chooser.setFiles({ name, mimeType: "application/json", buffer: Buffer.from(version(requires)) });
      await page.locator(`[data-choice="${label}"]`, { hasText: name }).waitFor();
    };
    await bring("Before", "one.jsonc", "view-reports");
    await bring("After", "two.jsonc", "modify-users or view-reports");
    await page.locator("[data-versions]").getByText("Read the desk").waitFor();
    assert.match(
      await page.locator("[data-versions]").textContent(),
      /before: not allowednow: allowedFor example, with Change\./,
    );
  }));

test("who holds a lower level than is needed does not hold it in vain", () =>
  visit("#person/contact?who=jo&op=data.reports.schedule", async (page) => {
    await page.locator("[data-who-can]").waitFor();
    assert.match(await page.locator("[data-who-can]").textContent(), /1 of 4 people/);
    assert.equal(await page.locator("[data-who-can]").getByText("Sam").count(), 0);
  }));

test("two other policies are not compared: no tab counts what it does not show", () =>
  visit("#compare/dotdigital?mode=versions&left=contact&right=current", async (page) => {
    await page.locator('[data-difference="other"]').waitFor();
    assert.equal(await page.getByRole("tab").count(), 0);
    assert.equal(await chosen(page, "Before"), "Contact, built in");
    assert.equal(await page.locator("[data-affected]").count(), 0);
  }));

test("whose a fact is, its scope says, and without one its default", () => {
  const fact = (id, more) => ({ id, kind: "switch", label: id, ...more });
  const text = JSON.stringify({
    format: 1,
    id: "desk",
    title: "Desk",
    version: "1",
    facts: [
      fact("shop-open", { scope: "installation" }),
      fact("lights-on", { default: true }),
      fact("on-duty", { scope: "subject", default: false }),
      fact("trained"),
    ],
    menu: [{ id: "desk", label: "Desk" }],
    operations: [
      { id: "desk.read", label: "Read", menu: ["desk"], requires: "shop-open and lights-on and on-duty and trained" },
    ],
  });
  const d = deflateRawSync(JSON.stringify({ policy: "own", text })).toString("base64url");
  return visit(`#installation/own?d=${d}`, async (page) => {
    const ids = (selector) => page.locator(selector).evaluateAll((all) => all.map((it) => it.dataset.fact));
    await page.locator("[data-settings]").waitFor();
    assert.deepEqual(await ids("[data-settings] [data-fact]"), ["shop-open", "lights-on"]);
    assert.match(await page.locator('[data-settings] [data-fact="shop-open"]').textContent(), /Unknown/);
    await go(page, "Person");
    await page.locator('#pane-privileges [data-fact="trained"]').first().waitFor();
    const own = new Set(await ids("#pane-privileges [data-fact]"));
    assert.ok(own.has("on-duty") && own.has("trained"));
  });
});

test("a step of a guide that only waits does not repeat the change that it waits for", () =>
  visit("#guides/vicidial", async (page) => {
    const step = (id) => page.locator("[data-step]").nth(id);
    await step(3).getByText("Waits for").waitFor();
    assert.equal(await page.locator("[data-step] [data-fix]").count(), 0);
  }));

test("a grant without effect is said once with all that it waits for", () =>
  visit("#person/dotdigital", async (page) => {
    assert.equal(
      await page.locator("[data-sentence]").textContent(),
      "Lena can’t approve or decline campaigns because Can approve campaigns has no effect without Can send without approval and Sender.",
    );
    const test = page.locator('#pane-why [data-test="can-approve-campaigns"]');
    await test.getByText("granted, no effect").waitFor();
    const pinned = page.locator("[data-pinned] [data-privilege]");
    assert.deepEqual(await pinned.evaluateAll((all) => all.map((it) => it.dataset.privilege)), [
      "can-approve-campaigns",
      "can-send-without-approval",
      "sender",
    ]);
  }));
