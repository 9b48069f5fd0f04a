// A fresh app by the text of "Getting started" alone: its commands, its files, in an empty folder. Only the package is the packed one.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { chromium } from "playwright-core";
import { serve } from "./serve.mjs";

const { PRIVET_TGZ: tarball, PRIVET_CHROMIUM: executablePath, STARTS = "react" } = process.env;
if (!tarball || !executablePath)
  throw new Error("PRIVET_TGZ and PRIVET_CHROMIUM are not set; run `bash scripts/site.sh test`");
/** The version of create-vite, so that the test is the same tomorrow. */
const CREATE = "9.3.0";
const TITLES = { react: "React", vue: "Vue", svelte: "Svelte", solid: "Solid", vanilla: "plain HTML" };

const page = readFileSync(new URL("../../docs/getting-started.md", import.meta.url), "utf8");
const [start] = page.split(/^## In Vue$/m);
const blocksOf = (text) =>
  [...text.matchAll(/```\w+\n(?:\/\/|<!--) ([\w./-]+)(?: -->)?\n([\s\S]*?)```/g)].map(([, name, body]) => [name, body]);
const sectionOf = (title) => page.split(`## In ${title}\n`)[1].split(/^## /m)[0];

describe("a fresh app", () => {
  let browser;
  before(async () => {
    browser = await chromium.launch({
      executablePath,
      args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
    });
  });
  after(() => browser?.close());

  for (const framework of STARTS.split(" "))
    test(`with ${TITLES[framework]}, has typed ids and shows what the nurse may do`, async (context) => {
      const parent = mkdtempSync(join(tmpdir(), "privet-start-"));
      context.after(() => rmSync(parent, { recursive: true, force: true }));
      let folder = parent;
      const run = (line) => {
        const command = line
          .replace("npm create vite@latest", `npm create --yes vite@${CREATE}`)
          .replace("npm install privet", `npm install ${tarball}`)
          .replace(/^npm install\b/, "npm install --no-audit --no-fund --prefer-offline");
        return spawnSync("bash", ["-c", command], {
          cwd: folder,
          encoding: "utf8",
          env: { ...process.env, CI: "true" },
        });
      };
      const must = (line) => {
        if (line.startsWith("cd ")) {
          folder = join(folder, line.slice(3));
          return;
        }
        const { status, stdout, stderr } = run(line);
        assert.equal(status, 0, `${line}\n${stdout}${stderr}`);
      };
      const write = ([name, body]) => {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), body);
      };
      const own = framework === "react" ? "" : sectionOf(TITLES[framework]);
      const [, create] = /After `(npm create [^`]+)`/.exec(own) ?? [];
      // The text from top to bottom: commands run and files are written where they stand
      for (const [block, , name, body, commands] of start.matchAll(
        /```(\w+)\n(?:(?:\/\/) ([\w./-]+)\n([\s\S]*?)|((?:\$ .*\n)+))```/g,
      )) {
        assert.ok(block);
        if (name && !(create && name === "src/App.tsx")) write([name, body]);
        for (const line of (commands ?? "").trim().split("\n").filter(Boolean)) {
          const command = line.replace(/^\$ /, "");
          const isBuild = command === "npm run build";
          if (isBuild && create) for (const [file, text] of blocksOf(own)) write([file.replace(/^\w+\//, ""), text]);
          must(create && command.startsWith("npm create") ? create : command);
        }
      }
      const server = await serve(join(folder, "dist"));
      context.after(() => server.close());
      const tab = await browser.newPage();
      await tab.goto(server.url);
      await tab.getByText("You may read findings.").waitFor();
      assert.equal(await tab.getByRole("button", { name: "New finding" }).isVisible(), false);
      await tab.close();
      // An id that the policy lacks is a compile error
      const [file, text] =
        framework === "react" ? blocksOf(start).find(([name]) => name.endsWith("App.tsx")) : blocksOf(own).at(-1);
      if (framework === "vanilla") return; // its ids are attributes
      write([file.replace(create ? /^\w+\// : "", ""), text.replaceAll("findings.write", "findings.wirte")]);
      // The build of Svelte's template checks no types
      const { status, stdout } = run(framework === "svelte" ? "npm run check" : "npm run build");
      assert.ok(status !== 0 && /findings\.wirte/.test(stdout), stdout);
    });
});
