// Accessibility (axe) of every view in both themes and at two widths; saves screenshots.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { test } from "node:test";
import { item, visit, violations } from "./harness.mjs";

const pictures = process.env.PRIVET_PICTURES;
if (pictures) mkdirSync(pictures, { recursive: true });

/** Each view in a representative state, with the selector to wait for. */
const views = {
  preview: ["#preview/vicidial?op=email-accounts.open", "[data-fix]"],
  "preview-privileges": ["#preview/vicidial?pane=privileges&search=email", "[data-privilege]"],
  "preview-why": ["#preview/vicidial?op=email-accounts.open&pane=why", "[data-fix]"],
  "preview-contact": ["#preview/contact?who=1", "[role=treeitem]"],
  "preview-dotdigital": ["#preview/dotdigital?pane=privileges", "[role=treeitem]"],
  guide: ["#guide/vicidial", "[data-step]"],
  compare: ["#compare/vicidial", "[data-summary]"],
  review: ["#review/vicidial?kind=delete", "[data-actor]"],
  organisation: ["#organisation/vicidial", "[data-drop]"],
  "organisation-map": ["#organisation/vicidial?crowd=2000", "[data-groups]"],
  "organisation-who": ["#organisation/vicidial?crowd=500&op=reports.open", "[data-who]"],
  policy: ["#policy/vicidial", "[data-difference]"],
};

for (const [name, [hash, ready]] of Object.entries(views)) {
  for (const width of [1280, 390]) {
    test(`${name} at ${width} px has no accessibility violations`, () =>
      visit(
        hash,
        async (page) => {
          await page.locator(ready).first().waitFor({ state: "attached" });
          for (const colorScheme of width === 390 ? ["light"] : ["light", "dark"]) {
            await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
            assert.deepEqual(await violations(page), [], colorScheme);
            if (pictures) await page.screenshot({ path: `${pictures}/${name}-${width}-${colorScheme}.png` });
          }
          assert.equal(
            await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
            true,
            "the page scrolls sideways",
          );
        },
        { width, height: width === 390 ? 844 : 800 },
      ));
  }
}

test("the theme follows the system until one is chosen, and the choice persists", () =>
  visit("", async (page) => {
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await page.emulateMedia({ colorScheme: "dark" });
    assert.notEqual(await background(), light);
    await page.getByLabel("Theme").selectOption("light");
    await page.waitForSelector("html[data-theme=light]");
    assert.equal(await background(), light);
    await page.reload();
    await page.waitForSelector("html[data-ready][data-theme=light]");
    assert.equal(await background(), light);
  }));

test("on a narrow screen the panels are tabs, by touch and by keyboard", () =>
  visit(
    "",
    async (page) => {
      assert.equal(await page.locator("#pane-why").isVisible(), false);
      await item(page, "email-accounts").click();
      await page.locator("#pane-why [data-sentence]").waitFor();
      await page.getByRole("tab", { name: "Why" }).focus();
      await page.keyboard.press("ArrowLeft");
      assert.equal(await page.locator("#pane-menu").isVisible(), true);
      assert.equal(await page.getByRole("tab", { name: "Menu" }).getAttribute("aria-selected"), "true");
    },
    { width: 390, height: 844 },
  ));
