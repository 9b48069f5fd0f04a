// Accessibility (axe) of every view in both themes and at two widths; saves screenshots.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { test } from "node:test";
import { item, visit, violations } from "./harness.mjs";

const pictures = process.env.PRIVET_PICTURES;
if (pictures) mkdirSync(pictures, { recursive: true });

/** Each view in a representative state, with the selector to wait for. */
const views = {
  person: ["#person/vicidial", "[data-fix]"],
  "person-privileges": ["#person/vicidial?pane=privileges&search=email", "[data-privilege]"],
  "person-menu": ["#person/contact?who=sam&pane=menu", "[role=treeitem]"],
  "person-dotdigital": ["#person/dotdigital", "[data-fix]"],
  roles: ["#roles/contact?who=sam&op=data.reports.schedule&pane=why", "[data-ways]"],
  "roles-holds": ["#roles/contact?role=supervisor&pane=menu", "[data-holds]"],
  matrix: ["#matrix/contact?pane=menu", "[data-matrix]"],
  installation: ["#installation/vicidial?pane=why", "[data-who-may]"],
  "installation-settings": ["#installation/vicidial?pane=menu", "[data-settings]"],
  requests: ["#requests/vicidial?pane=menu", "[data-steps]"],
  guides: ["#guides/vicidial?pane=why", "[data-step]"],
  reports: ["#reports/dotdigital?pane=menu", "[data-report]"],
  compare: ["#compare/contact?mode=roles&left=supervisor&right=administrator&pane=menu", "[data-compare]"],
  import: ["#import/vicidial", "[data-drop]"],
  policy: ["#policy/dotdigital?pane=why", "[data-faults]"],
};

for (const [name, [hash, ready]] of Object.entries(views)) {
  for (const width of [1440, 768, 390]) {
    test(`${name} at ${width} px has no accessibility violations`, () =>
      visit(
        hash,
        async (page) => {
          await page.locator(ready).first().waitFor({ state: "attached" });
          for (const colorScheme of ["light", "dark"]) {
            await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
            if (width !== 768) assert.deepEqual(await violations(page), [], colorScheme);
            if (pictures) await page.screenshot({ path: `${pictures}/${name}-${width}-${colorScheme}.png` });
          }
          assert.equal(
            await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
            true,
            "the page scrolls sideways",
          );
        },
        { width, height: width === 390 ? 844 : 900 },
      ));
  }
}

for (const language of ["en", "de"])
  test(`at 360 px, as at a zoom of 200 %, nothing but tables and code scrolls sideways: ${language}`, () =>
    visit(
      "",
      async (page) => {
        await page.evaluate((language) => localStorage.setItem("privet.language", language), language);
        await page.reload();
        for (const [name, [hash, ready]] of Object.entries(views)) {
          for (const pane of ["menu", "why"]) {
            const address = `${hash}${hash.includes("?") ? "&" : "?"}`.replace(/pane=\w+&/, "");
            await page.evaluate((hash) => (location.hash = hash), `${address}pane=${pane}`);
            await page.waitForSelector(`html[data-ready=${hash.slice(1).split("/")[0]}]`);
            await page.locator(ready).first().waitFor({ state: "attached" });
            const wide = await page.evaluate(() =>
              [...document.querySelectorAll("html, main, main *")]
                .filter((it) => it.checkVisibility() && !it.closest(".mx, .cm-editor, .wide-table, .heat-frame"))
                .filter((it) => it === document.documentElement || /auto|scroll/.test(getComputedStyle(it).overflowX))
                .filter((it) => it.scrollWidth > it.clientWidth + 1)
                .map((it) => `${it.tagName}.${it.className}: ${it.scrollWidth} > ${it.clientWidth}`),
            );
            assert.deepEqual(wide, [], `${name}, ${pane}`);
          }
        }
      },
      { width: 360, height: 740 },
    ));

test("the theme follows the system until one is chosen, and the choice persists", () =>
  visit("", async (page) => {
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await page.emulateMedia({ colorScheme: "dark" });
    assert.notEqual(await background(), light);
    await page.locator(".side").getByRole("radio", { name: "Light" }).check({ force: true });
    await page.waitForSelector("html[data-theme=light]");
    assert.equal(await background(), light);
    await page.reload();
    await page.waitForSelector("html[data-ready][data-theme=light]");
    assert.equal(await background(), light);
  }));

test("on a narrow screen the panes are tabs; the answer's is open first", () =>
  visit(
    "",
    async (page) => {
      await page.locator("#pane-why [data-sentence]").waitFor();
      assert.equal(await page.locator("#pane-menu").isVisible(), false);
      const pane = (name) => page.locator(".ptabs").getByRole("radio", { name });
      await pane("Menu").check({ force: true });
      assert.equal(await page.locator("#pane-menu").isVisible(), true);
      await item(page, "email-groups").click();
      await page.locator("#pane-why [data-sentence]").waitFor();
      await page.getByRole("button", { name: "More" }).click();
      await page.locator(".sheet-up").getByRole("link", { name: "Installation" }).click();
      await page.locator("[data-settings]").waitFor({ state: "attached" });
    },
    { width: 360, height: 740 },
  ));

test("forced colours: on and off, and the current place, differ", () =>
  visit("", async (page) => {
    await page.emulateMedia({ forcedColors: "active" });
    const ground = (selector) =>
      page
        .locator(selector)
        .first()
        .evaluate((it) => getComputedStyle(it).backgroundColor);
    assert.notEqual(await ground(".sw.on"), await ground(".sw:not(.on)"));
    const outline = (selector) =>
      page
        .locator(selector)
        .first()
        .evaluate((it) => getComputedStyle(it).outlineStyle);
    assert.equal(await outline(".side .nav a.on"), "solid");
    assert.equal(await outline(".side .nav a:not(.on)"), "none");
  }));

test("in print the controls of a list are their values", () =>
  visit("#installation/vicidial", async (page) => {
    const setting = page.locator('[data-settings] [data-fact="email-allowed"]');
    await setting.waitFor();
    await page.emulateMedia({ media: "print" });
    assert.deepEqual(
      await setting
        .locator(".seg > *")
        .evaluateAll((all) => all.filter((it) => it.checkVisibility()).map((it) => it.textContent)),
      ["Off"],
    );
    assert.equal(await page.locator(".pane.p2 > .head .field").isVisible(), false);
    await page.emulateMedia({ media: "screen" });
    await page.goto(`${page.url().split("#")[0]}#roles/contact?role=supervisor`);
    await page.locator("[data-holds] .sw").first().waitFor();
    await page.emulateMedia({ media: "print" });
    const value = (selector) =>
      page
        .locator(`[data-holds] ${selector}`)
        .first()
        .evaluate((it) => getComputedStyle(it, "::after").content);
    assert.equal(await value('.sw[aria-checked="true"]'), '"✓"');
    const pdf = await page.pdf({ format: "A4" });
    assert.ok(pdf.length > 1000);
  }));

test("print has the menu and the reason without the controls", () =>
  visit("", async (page) => {
    await page.locator("[data-sentence]").waitFor();
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator("[data-sentence]").isVisible(), true);
    assert.equal(await page.locator("#pane-menu [role=tree]").isVisible(), true);
    for (const hidden of [".side", "#pane-privileges", ".fix .btn"])
      assert.equal(await page.locator(hidden).first().isVisible(), false, hidden);
  }));
