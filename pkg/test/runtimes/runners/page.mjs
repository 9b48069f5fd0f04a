// The permission preview in Firefox and WebKit: the first answer, a toggle and undo, an import of a CSV file, the matrix and a report. All
// else is tested in Chromium, by www/test.
import { fileURLToPath } from "node:url";
import { serve } from "../../../../www/serve.js";
import { inFirefox, inWebkit } from "../browsers.mjs";

const page = fileURLToPath(new URL("../../../../target/www/page/", import.meta.url));

/** What a visitor does; runs in the page. */
const VISIT = `const see = async (what, find) => {
  for (const deadline = Date.now() + 40_000; ; ) {
    const found = find();
    if (found) return found;
    if (Date.now() > deadline) throw new Error("not seen: " + what + "\\n" + document.body.innerText.slice(0, 1500));
    await new Promise((later) => setTimeout(later, 20));
  }
};
const one = (selector) => document.querySelector(selector);
const says = (selector, words) => () => [...document.querySelectorAll(selector)].find((it) => it.textContent.includes(words));
const press = async (name) => (await see("the button " + name, () =>
  [...document.querySelectorAll("button")].find((it) => it.textContent.trim().startsWith(name) && !it.disabled))).click();

await see("why", says("[data-sentence=denied]", "Maria can’t open Email Accounts because she lacks Modify Email Accounts and Allow Emails is off."));
await see("the smallest change", says("[data-fix]", "Grant Modify Email Accounts to Maria"));

const flag = () => one('#pane-privileges [data-privilege="modify-users"] [role=switch]');
flag().click();
await see("the privilege taken", () => flag().getAttribute("aria-checked") === "false");
const shown = () => one("#pane-menu .head .count").textContent;
[...document.querySelectorAll('#pane-privileges [data-privilege="user-level"] label')].find((it) => it.textContent === "1").click();
await see("an empty menu", () => shown().startsWith("0 of"));
one("[data-undo]").click();
await see("the menu again", () => !shown().startsWith("0 of"));
one("[data-undo]").click();
await see("the privilege again", () => flag().getAttribute("aria-checked") === "true");

await press("Apply both");
await see("the answer after the change", says("[data-sentence=allowed]", "Maria can open Email Accounts"));
await see("that it is saved", () => document.documentElement.dataset.saving === "saved");

location.hash = "#import/vicidial";
const place = await see("the import", () => one("[data-drop]"));
const data = new DataTransfer();
data.items.add(new File(["\\uFEFFsep=;\\r\\nLogin;User Level;Modify Email Accounts\\r\\na1;8.0;X\\r\\nMüller;9;\\r\\n"], "staff.csv"));
place.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data }));
await see("the columns", () => one('[data-column="User Level"]'));
await press("Import 2 people");
await see("the people", says("[data-summary]", "2 people, all rows were read."));

location.hash = "#matrix/vicidial?op=email-accounts.open";
await see("who can", says("[data-who]", "1 of 2"));

location.hash = "#reports/vicidial?op=email-accounts.open";
await see("the report", says("[data-report-row]", "Maria"));
return "first answer, toggle, undo, fix, import, matrix, report";`;

const skipped = (browser) => ({ skipped: `no ${browser}: see scripts/browsers.sh` });

async function visited(run) {
  const server = await serve(page, { path: "/some/where/" });
  try {
    return await run(`${server.url}#person/vicidial`, VISIT);
  } finally {
    await server.close();
  }
}

export const pageFirefox = async () => (process.env.PRIVET_FIREFOX ? visited(inFirefox) : skipped("Firefox"));
export const pageWebkit = async () => (process.env.PRIVET_WEBKIT ? visited(inWebkit) : skipped("WebKit"));
