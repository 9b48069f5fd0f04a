// package-coverage.mjs APP V8: the coverage of pkg/src from what V8 wrote into the folder V8 while tests ran on the package in APP, which has source maps,
// or on bundles of it with frameworks. Writes target/coverage/pkg.json, by file, with the files that have code and were not loaded; prints one line of JSON.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const LEAST = Number(process.env.COVERAGE_LEAST ?? 95);
const root = fileURLToPath(new URL("../../", import.meta.url));
// The libraries of c8
const fromPackage = createRequire(join(root, "pkg/package.json"));
const { transformSync } = fromPackage("esbuild");
const require = createRequire(fromPackage.resolve("c8"));
const { mergeScriptCovs } = require("@bcoe/v8-coverage");
const { createCoverageMap } = require("istanbul-lib-coverage");
const v8ToIstanbul = require("v8-to-istanbul");

const [app, folder] = process.argv.slice(2);
const home = join(app, "node_modules/privet");
const ours = [join(home, "dist"), join(root, "pkg/test/frameworks/node_modules/.cache/privet")].map(
  (folder) => `${pathToFileURL(folder)}/`,
);

/** The coverage of each script, merged as it is read: the files are large and many. */
const scripts = new Map();
for (const file of readdirSync(folder)) {
  let found;
  try {
    found = JSON.parse(readFileSync(join(folder, file), "utf8"));
  } catch {
    continue; // a process that was ended while it wrote
  }
  for (const script of found.result) {
    if (!ours.some((folder) => script.url.startsWith(folder))) continue;
    const url = script.url.replace(/[?#].*$/, "");
    const known = scripts.get(url);
    scripts.set(url, known ? mergeScriptCovs([known, { ...script, url }]) : { ...script, url });
  }
}

const map = createCoverageMap({});
for (const [url, { functions }] of scripts) {
  const converter = v8ToIstanbul(fileURLToPath(url), 0, undefined, (path) =>
    path.includes("node_modules/privet/node_modules"),
  );
  await converter.load();
  converter.applyCoverage(functions);
  for (const [path, data] of Object.entries(converter.toIstanbul())) {
    const name = relative(home, path);
    if (/^src\/.*\.ts$/.test(name)) map.merge({ [name]: { ...data, path: name } });
  }
}
const sources = readdirSync(join(root, "pkg/src"), { recursive: true })
  .map((file) => join("src", String(file)))
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"));
const files = map
  .files()
  .map((name) => {
    const { lines, branches } = map.fileCoverageFor(name).toSummary().data;
    return {
      name,
      lines: lines.total,
      covered: lines.covered,
      "lines %": lines.pct,
      "branches %": branches.pct,
      branches: branches.total,
      taken: branches.covered,
    };
  })
  .sort((a, b) => a["lines %"] - b["lines %"]);
const sum = (key) => files.reduce((total, file) => total + file[key], 0);
const share = (part, whole) => Math.round((1000 * part) / Math.max(1, whole)) / 10;
const loaded = new Set(files.map(({ name }) => name));
/** Whether a file has more than types, and names that it passes on. */
const hasCode = (name) => {
  const { code } = transformSync(readFileSync(join(root, "pkg", name), "utf8"), { loader: "ts" });
  return code.replaceAll(/^(import|export)\b[^;]*\bfrom\b[^;]*;$|^export \{\s*\};$/gm, "").trim() !== "";
};
const never = sources.filter((name) => !loaded.has(name) && hasCode(name));
writeFileSync(join(root, "target/coverage/pkg.json"), `${JSON.stringify({ files, never }, null, 1)}\n`);
const lines = share(sum("covered"), sum("lines"));
console.error(
  `privet: least covered: ${files
    .slice(0, 8)
    .map((file) => `${file.name} ${file["lines %"]} %`)
    .join(", ")}`,
);
console.log(
  JSON.stringify({
    part: "coverage of pkg/src",
    files: files.length,
    "lines %": lines,
    "branches %": share(sum("taken"), sum("branches")),
    "never loaded": never.length,
    faults: lines < LEAST ? 1 : 0,
  }),
);
process.exitCode = lines < LEAST ? 1 : 0;
