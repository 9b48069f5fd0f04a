// examples/react, vue, svelte, angular and html: built, and driven in Chromium. A copy of each uses the packed package.
import { cpSync, readFileSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import assert from "node:assert/strict";
import { build, createServer } from "vite";
import { app, link, program, serving, sh, tabs } from "../lib.mjs";

const sources = fileURLToPath(new URL("../../../../examples/", import.meta.url));

/** Copies an example into the project, with links to the packages that it names. */
function copy(name, packages) {
  const folder = join(app, `example-${name}`);
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(sources, name), folder, {
    recursive: true,
    filter: (path) => !/node_modules|dist$/.test(path),
  });
  link(...packages);
  return folder;
}

/** What a page shows: its parts, its menu, and the description of the disabled button. */
const look = (page) =>
  page.evaluate(() => {
    const shown = (part) => document.querySelector(`[data-part="${part}"]`)?.checkVisibility() ?? false;
    const button = document.querySelector('[data-part="manage"]');
    const reason = button?.getAttribute("aria-describedby");
    return {
      parts: ["reports", "manage", "flows", "no-flows"].filter(shown),
      reason: reason ? document.getElementById(reason).textContent : null,
      menu: [...document.querySelectorAll("nav > ul > li")].map((item) => item.firstChild.textContent.trim()),
      announced: document.querySelector("[role=status]")?.textContent,
    };
  });

const ANN = {
  parts: ["reports", "manage", "no-flows"],
  reason: "You may read reports only.",
  menu: ["Data"],
  announced: "",
};

/** Plays the same scene in an example; `counts` says whether it counts renders. */
async function scene(url, counts) {
  return tabs(url, 2, async ([page, other]) => {
    const sees = async (one, expected) => {
      const deadline = Date.now() + 5_000;
      for (;;) {
        const found = await look(one);
        try {
          return assert.deepEqual(found, { ...found, ...expected });
        } catch (error) {
          if (Date.now() > deadline) throw error;
        }
        await new Promise((done) => setTimeout(done, 20));
      }
    };
    const rendered = () => page.evaluate(() => ({ ...globalThis.renders }));
    await sees(page, ANN);
    await sees(other, ANN);
    const first = await rendered();
    await page.selectOption("#person", "bob");
    await sees(page, { parts: ["reports", "manage", "no-flows"], reason: null });
    await sees(other, { parts: ["reports", "manage", "no-flows"], reason: null }); // the other tab follows
    const { menu, announced } = await look(page);
    assert.ok(menu.length > 1 && /^\d+ more, 0 fewer$/.test(announced), `${menu} ${announced}`);
    if (counts) assert.deepEqual(await rendered(), first); // the parents of what changed are not rendered again
    await page.click("#switch");
    await sees(page, { parts: ["reports", "manage", "flows"] });
    await sees(other, { parts: ["reports", "manage", "flows"] });
    if (counts) {
      const { reports, flows } = await rendered();
      const per = first.flows; // in strict mode React renders twice in development
      assert.deepEqual([reports, flows], [first.reports, first.flows + per]);
    }
    await page.focus('[data-part="flows"]');
    await other.click("#switch");
    await sees(page, { parts: ["reports", "manage", "no-flows"] });
    await page.waitForFunction(() => document.querySelector("main").contains(document.activeElement)); // it is not lost
    await page.click("#out");
    for (const one of [page, other]) {
      await one.waitForFunction(() => document.querySelector("#signed-out")?.checkVisibility());
      const { parts, menu: left } = await look(one);
      assert.deepEqual([parts.filter((part) => part !== "no-flows"), left], [[], []]);
    }
  });
}

/** Production builds have nothing of the devtools, nor of the studio that they load. */
function withoutDevtools(dist) {
  for (const file of readdirSync(dist, { recursive: true }).filter((name) => /\.(js|wasm)$/.test(name)))
    assert.doesNotMatch(readFileSync(join(dist, file), "latin1"), /privet-devtools|data-privet\b|Outline what/, file);
  assert.equal(readdirSync(dist, { recursive: true }).filter((name) => /studio.*\.wasm$/.test(name)).length, 0);
}

/** Builds an example with its own configuration and plays the scene. */
async function built(name, packages) {
  const root = copy(name, packages);
  await build({ root, logLevel: "error", build: { outDir: "dist", chunkSizeWarningLimit: 4096 } });
  withoutDevtools(join(root, "dist"));
  await serving(join(root, "dist"), (url) => scene(url, true));
  return "built, 2 tabs, renders counted";
}

export const exampleReact = () => built("react", ["vite", "react", "react-dom"]);
export const exampleVue = () => built("vue", ["vite", "vue", "@vitejs/plugin-vue"]);
export const exampleSvelte = () => built("svelte", ["vite", "svelte", "@sveltejs/vite-plugin-svelte"]);

export async function exampleAngular() {
  const names = ["common", "compiler", "core", "platform-browser", "router", "build", "cli", "compiler-cli"];
  const root = copy("angular", [...names.map((name) => `@angular/${name}`), "rxjs", "tslib", "typescript"]);
  await sh(process.execPath, [program("@angular/cli", "ng"), "build", "--progress=false"], {
    cwd: root,
    env: { NG_CLI_ANALYTICS: "false", CI: "1" },
    seconds: 300,
  });
  withoutDevtools(join(root, "dist"));
  await serving(join(root, "dist"), async (url) => {
    await scene(url, true);
    await tabs(`${url}#/reports`, 1, async ([page]) => {
      await page.waitForSelector("h1");
      await page.evaluate(() => {
        location.hash = "#/manage";
      });
      await page.waitForSelector("#denied");
    });
  });
  return "compiled ahead, 2 tabs, checks counted, routes guarded";
}

/** A copy of examples/html that uses the packed package. */
export function exampleHtmlFolder() {
  const root = copy("html", []);
  symlinkSync(join(app, "node_modules"), join(root, "node_modules"));
  return root;
}

export async function exampleHtml() {
  await serving(exampleHtmlFolder(), (url) => scene(url, false));
  return "import map, 2 tabs";
}

/** The devtools in an example that Vite serves for development. */
async function developed(name, packages) {
  const root = copy(name, packages);
  const server = await createServer({
    root,
    configFile: join(root, "vite.config.js"),
    logLevel: "error",
    mode: "development",
    server: { host: "127.0.0.1", port: 0, hmr: false, fs: { strict: false } },
  });
  try {
    await server.listen();
    await tabs(server.resolvedUrls.local[0], 1, devtoolsScene, { ignores: /React DevTools|\[vite\]/ });
  } finally {
    await server.close();
  }
}

/** What is outlined, explained and listed; and what another person sees. */
async function devtoolsScene([page]) {
  const tools = page.locator("privet-devtools");
  await tools.locator(".panel > summary").click();
  const hidden = tools.locator(".box.hidden");
  const shown = tools.getByLabel("item.reports.view: shown");
  await shown.waitFor({ state: "attached" });
  const [box, link] = [await shown.boundingBox(), await page.locator("[data-part=reports]").boundingBox()];
  // A space beside the link may be part of what the decision concerns
  assert.ok(Math.abs(box.x - link.x) < 8 && Math.abs(box.width - link.width) < 8, JSON.stringify([box, link]));
  await page.mouse.move(link.x + link.width / 2, link.y + link.height / 2);
  const tip = tools.locator(".tip");
  await tip.getByText("item.reports.view: allowed").waitFor();
  await tip.locator("p", { hasNotText: "…" }).waitFor();
  assert.match(await tip.locator("p").textContent(), /: allowed/); // by the studio, which is loaded now
  assert.equal(await hidden.count(), 0);
  await tools.locator("#person").selectOption("bob");
  await page.waitForFunction(() => !document.querySelector("[data-part=manage]").hasAttribute("aria-disabled"));
  await tools.locator("#renders summary", { hasText: "as bob" }).first().click();
  await tools.locator(".changed", { hasText: "data.reports.manage: denied → allowed" }).waitFor();
  await tools.locator("#person").selectOption("another person …");
  await tools.locator("textarea").fill("{}");
  await tools.locator("#apply").click();
  await page.waitForFunction(() => !document.querySelector("[data-part=reports]"));
  await tools.getByLabel("item.reports.view: hidden").hover(); // its place
  await tip.getByText("item.reports.view: denied").waitFor();
  await tip.getByText(/denied, because/).waitFor();
  await tools.locator("#outline").uncheck();
  await tools.locator(".box").first().waitFor({ state: "detached" });
}

export async function devtools() {
  await developed("react", ["vite", "react", "react-dom"]);
  await developed("vue", ["vite", "vue", "@vitejs/plugin-vue"]);
  await developed("svelte", ["vite", "svelte", "@sveltejs/vite-plugin-svelte"]);
  return "React, Vue and Svelte, by Vite's server: outlines, explanations, other people, renders";
}
