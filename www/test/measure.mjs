// Measures first-load size and response time. Runs alone, so that other tests do not distort the figures.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { base, browser, downloaded, row, visit } from "./harness.mjs";

const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

test("first load", async () => {
  const answers = [];
  let files = new Map();
  for (let run = 0; run < 5; run++) {
    const page = await browser.newPage();
    files = new Map();
    const bodies = [];
    page.on("response", (response) =>
      bodies.push(
        response
          .body()
          .then((body) =>
            files.set(
              response.url().slice(base.length).replace(/\?.*/, "") || "index.html",
              gzipSync(body, { level: 9 }).length,
            ),
          ),
      ),
    );
    await page.goto(base);
    await page.waitForSelector("[data-sentence]");
    answers.push(await page.evaluate(() => performance.now()));
    await page.waitForTimeout(300);
    await Promise.all(bodies);
    await page.close();
  }
  // The studio follows after the first answer is drawn
  for (const name of [...files.keys()]) if (/studio/.test(name)) files.delete(name);
  const total = [...files.values()].reduce((sum, size) => sum + size, 0);
  console.log([...files].map(([name, size]) => `#   ${name} ${(size / 1000).toFixed(1)} kB`).join("\n"));
  console.log(
    `# first load: ${(total / 1000).toFixed(0)} kB gzip in ${files.size} files; the first answer is there ${median(answers).toFixed(0)} ms after navigation (median of ${answers.length})`,
  );
  assert.deepEqual(
    [...files.keys()].filter((name) => /editor|table/.test(name)),
    [],
  );
  assert.ok(total <= 150_000, `${total} bytes`);
});

test("time from a toggle to the repaint", () =>
  visit("", async (page) => {
    await row(page, "view-reports").getByRole("switch").waitFor();
    const times = await page.evaluate(async () => {
      const times = [];
      for (let run = 0; run < 20; run++) {
        await new Promise((rested) => setTimeout(rested, 30));
        const flag = document.querySelector('[data-privilege="view-reports"] [role=switch]');
        const was = flag.getAttribute("aria-checked");
        const start = performance.now();
        flag.click();
        while (
          document.querySelector('[data-privilege="view-reports"] [role=switch]').getAttribute("aria-checked") === was
        )
          await new Promise((soon) => setTimeout(soon));
        const changed = performance.now();
        document.body.getBoundingClientRect();
        times.push({ changed: changed - start, laidOut: performance.now() - start });
      }
      return times;
    });
    console.log(
      `# toggle: the menu is redrawn after ${median(times.map((it) => it.changed)).toFixed(1)} ms, laid out after ${median(times.map((it) => it.laidOut)).toFixed(1)} ms (median of ${times.length}; a frame is 16.7 ms)`,
    );
  }));

test("100,000 people: a CSV file to its mapping, and made-up people to their groups", () =>
  visit("#import/vicidial", async (page) => {
    const until = async (act, ready) => {
      const start = performance.now();
      await act();
      await page.locator(ready).first().waitFor({ timeout: 60_000 });
      return ((performance.now() - start) / 1000).toFixed(2);
    };
    const made = await until(
      () => page.getByRole("button", { name: "Try 100,000 sample people" }).click(),
      "[data-summary]",
    );
    const { text } = await downloaded(page, () => page.getByRole("button", { name: "Download a sample" }).click());
    const [titles, ...people] = text.trimEnd().split("\r\n");
    const rows = Array.from({ length: 100_000 }, (_, row) => `${row}-${people[row % people.length]}`);
    const file = join(mkdtempSync(join(tmpdir(), "privet-csv-")), "staff.csv");
    writeFileSync(file, [titles, ...rows].join("\r\n"));
    const { size } = statSync(file);
    const [chooser] = await Promise.all([
      page.waitForEvent("filechooser"),
      page.getByRole("button", { name: "Choose a file" }).click(),
    ]);
    const mapped = await until(() => chooser.setFiles(file), "[data-column]");
    rmSync(dirname(file), { recursive: true });
    console.log(
      `# 100,000 people: made up and grouped in ${made} s; a CSV file of ${(size / 1e6).toFixed(1)} MB is ready to map in ${mapped} s`,
    );
  }));

test("heap after 1,000 toggles", () =>
  visit("", async (page) => {
    const flag = '[data-privilege="view-reports"] [role=switch]';
    await page.locator("[data-fix]").waitFor();
    const devtools = await page.context().newCDPSession(page);
    const toggle = (times) =>
      page.evaluate(
        async ([flag, times]) => {
          for (let run = 0; run < times; run++) {
            document.querySelector(flag).click();
            await new Promise((soon) => setTimeout(soon));
          }
        },
        [flag, times],
      );
    const heap = async () => {
      await page.waitForTimeout(500);
      await devtools.send("HeapProfiler.collectGarbage");
      return (await devtools.send("Runtime.getHeapUsage")).usedSize / 1e6;
    };
    const start = await heap();
    // The first toggles have the browser compile what they run, which is no memory of the page: about 1.5 MB, once
    await toggle(500);
    const before = await heap();
    await toggle(1000);
    const after = await heap();
    console.log(
      `# heap: ${start.toFixed(1)} MB at first, ${before.toFixed(1)} MB once compiled, ${after.toFixed(1)} MB after 1,000 more toggles`,
    );
    assert.ok(after <= before * 1.1, `${before} → ${after} MB`);
  }));
