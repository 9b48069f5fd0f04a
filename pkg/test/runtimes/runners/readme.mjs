// Verifies the package's README: the output of its example, the runners in its table, and the sizes.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { measure } from "../../../build/sizes.mjs";
import { app, installed, scratch, sh } from "../lib.mjs";

/** The accepted relative difference between a size in the README and the measured size. */
const TOLERANCE = 0.1;

export async function readme(runners) {
  const text = readFileSync(join(installed, "README.md"), "utf8");
  const [, example] = /```js\n([\s\S]*?)```/.exec(text);
  const documented = [...example.matchAll(/^console\.log.*\/\/ (.*)$/gm)].map(([, value]) => value);
  const printed = await sh(process.execPath, ["main.mjs"], { cwd: scratch("readme", { "main.mjs": example }) });
  if (!documented.length || printed.trim() !== documented.join("\n")) throw new Error(`the example prints ${printed}`);

  const sizes = await measure(app);
  const gzip = (name) => sizes[name].gzip / 1000;
  const studio = gzip("privet/studio");
  const inlined = gzip("privet (core, module inlined)");
  const separate = gzip("privet (core, separate module)");
  const translated = gzip("privet/js");
  const rows = text.split("\n").filter((line) => /^\|.*\b(inlined|module|JavaScript), [\d.]+ kB/.test(line));
  const named = new Set();
  for (const row of rows) {
    const [, , by, core, its] = row.split("|");
    for (const [, name] of by.matchAll(/`(.*?)`/g)) named.add(name);
    for (const [cell, is] of [
      [core, core.includes("inlined") ? inlined : core.includes("JavaScript") ? translated : separate],
      [its, studio],
    ]) {
      const kilobytes = /([\d.]+) kB/.exec(cell)?.[1];
      if (kilobytes && Math.abs(kilobytes - is) > TOLERANCE * is)
        throw new Error(`the README says${cell}but it is ${is.toFixed(1)} kB: ${row}`);
    }
  }
  const unknown = [...named].filter((name) => !runners.includes(name));
  const checks = [
    "exports",
    "publint",
    "attw",
    "reach",
    "guard-types",
    "readme",
    "workerd-refused",
    "edge-answers",
    "edge-elsewhere",
    "edge-mutations",
    "edge-load",
    "authzen-node",
    "authzen-workerd",
    "authzen-nginx",
    "plugins",
    "plugin-types",
    "plugin-vite",
    "plugin-hot",
    "plugin-docs",
    "serve",
    "page-firefox",
    "page-webkit",
    "everywhere",
    "vitest-policies",
    "jest-policies",
  ];
  const missing = runners.filter((name) => !named.has(name) && !checks.includes(name));
  if (unknown.length || missing.length)
    throw new Error(`rows without a runner: ${unknown}; runners without a row: ${missing}`);
  return `${documented.length} lines of the example, ${rows.length} rows`;
}
