// Firefox and WebKit: the cases, places without WebAssembly, and the example in plain HTML.
import { inFirefox, inWebkit, RESULT } from "../browsers.mjs";
import { app, pageScript, ran, scratch, serving } from "../lib.mjs";
import { plain, policy } from "./chromium.mjs";
import { exampleHtmlFolder } from "./examples.mjs";
import { checkRefused, withoutWasm } from "./js.mjs";

/** WebKit as in Lockdown Mode: there is no `WebAssembly`, and JavaScript is interpreted. */
const LOCKDOWN = { JSC_useWasm: "0", JSC_useJIT: "0" };

const skipped = (browser) => ({ skipped: `no ${browser}: see scripts/browsers.sh` });

/** Plain files and an import map. */
async function cases(name, run) {
  scratch(name, { "index.html": plain, "main.mjs": pageScript("../suite.mjs") });
  return serving(app, async (url) => ran(await run(`${url}${name}/`, RESULT)));
}

export const firefox = async () => (process.env.PRIVET_FIREFOX ? cases("firefox", inFirefox) : skipped("Firefox"));
export const webkit = async () => (process.env.PRIVET_WEBKIT ? cases("webkit", inWebkit) : skipped("WebKit"));

/** A strict Content-Security-Policy without WebAssembly. */
export async function firefoxCsp() {
  if (!process.env.PRIVET_FIREFOX) return skipped("Firefox");
  const folder = withoutWasm("firefox-csp");
  const run = (url) => inFirefox(`${url}${folder}/`, RESULT, { quiet: false });
  return checkRefused(await serving(app, run, policy("")), /add 'wasm-unsafe-eval' to script-src/);
}

export async function webkitCsp() {
  if (!process.env.PRIVET_WEBKIT) return skipped("WebKit");
  const folder = withoutWasm("webkit-csp");
  const run = (url) => inWebkit(`${url}${folder}/`, RESULT);
  return checkRefused(await serving(app, run, policy("")), /add 'wasm-unsafe-eval' to script-src/);
}

export async function webkitLockdown() {
  if (!process.env.PRIVET_WEBKIT) return skipped("WebKit");
  const folder = withoutWasm("webkit-lockdown");
  const run = (url) => inWebkit(`${url}${folder}/`, RESULT, LOCKDOWN);
  return checkRefused(await serving(app, run), /Can't find variable: WebAssembly/);
}

/** What a visitor does in examples/html; runs in the page. */
const VISIT = `const see = async (what, is) => {
  for (const deadline = Date.now() + 20_000; !is(); ) {
    if (Date.now() > deadline) throw new Error("not seen: " + what);
    await new Promise((later) => setTimeout(later, 20));
  }
};
const part = (name) => document.querySelector('[data-part="' + name + '"]');
const shows = (name) => part(name)?.checkVisibility() ?? false;
const items = () => document.querySelectorAll("nav > ul > li").length;
await see("the reports", () => shows("reports") && items() === 1 && !shows("flows"));
await see("the reason", () =>
  document.getElementById(part("manage").getAttribute("aria-describedby"))?.textContent === "You may read reports only.");
const person = document.querySelector("#person");
person.value = "bob";
person.dispatchEvent(new Event("change", { bubbles: true }));
await see("bob's menu", () => items() > 1 && !part("manage").hasAttribute("aria-describedby"));
document.querySelector("#switch").click();
await see("the flows", () => shows("flows"));
document.querySelector("#out").click();
await see("nothing", () => document.querySelector("#signed-out").checkVisibility() && !shows("reports") && items() === 0);
return "import map, menu, reason, facts, signing out";`;

export const exampleFirefox = async () =>
  process.env.PRIVET_FIREFOX ? serving(exampleHtmlFolder(), (url) => inFirefox(url, VISIT)) : skipped("Firefox");
export const exampleWebkit = async () =>
  process.env.PRIVET_WEBKIT ? serving(exampleHtmlFolder(), (url) => inWebkit(url, VISIT)) : skipped("WebKit");
