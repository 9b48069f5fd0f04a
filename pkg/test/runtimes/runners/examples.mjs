// examples/react, vue, svelte, angular and html: built, and driven in Chromium. A copy of each uses the packed package.
import { cpSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import assert from "node:assert/strict";
import { build } from "vite";
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

/** Builds an example with its own configuration and plays the scene. */
async function built(name, packages) {
  const root = copy(name, packages);
  await build({ root, logLevel: "error", build: { outDir: "dist", chunkSizeWarningLimit: 4096 } });
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

export async function exampleHtml() {
  const root = copy("html", []);
  symlinkSync(join(app, "node_modules"), join(root, "node_modules"));
  await serving(root, (url) => scene(url, false));
  return "import map, 2 tabs";
}
