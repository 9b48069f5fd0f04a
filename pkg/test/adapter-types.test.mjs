// The types of the adapters: the compiler checks test/frameworks/types as apps that have the frameworks and the packed package.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { folderOf, privet } from "./support/cli.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const project = join(here, "../../target/adapter-types");
const modules = join(project, "node_modules");
const frameworks = join(here, "frameworks/node_modules");
const tsc = join(here, "../node_modules/typescript/bin/tsc");

rmSync(project, { recursive: true, force: true });
cpSync(join(here, "frameworks/types"), project, { recursive: true });
mkdirSync(modules, { recursive: true });
for (const name of readdirSync(frameworks)) {
  if (!name.startsWith(".")) symlinkSync(join(frameworks, name), join(modules, name), "junction");
}
// The package as a folder of this project, so that its declarations find the frameworks
symlinkSync(join(process.env.PRIVET_INSTALLED, "node_modules/privet"), join(modules, "privet"), "junction");

for (const name of ["registered", "several"]) {
  test(`wrong ids are compile errors in every adapter: ${name}`, () => {
    const compilerOptions = {
      noEmit: true,
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      target: "ES2022",
      module: "ESNext",
      moduleResolution: "Bundler",
      lib: ["ES2022", "DOM"],
      types: [],
      jsx: "react-jsx",
      skipLibCheck: true,
      preserveSymlinks: true,
    };
    writeFileSync(join(project, name, "tsconfig.json"), JSON.stringify({ compilerOptions }));
    const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, "-p", join(project, name)], {
      encoding: "utf8",
    });
    assert.equal(status, 0, `${stdout}${stderr}`);
  });
}

/** Compiles an app with the oldest version of Angular, in a project of its own: what the compiler says. */
function compileAngular(folder, files) {
  const angular = join(here, "../angular/node_modules");
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  for (const name of ["@angular", "rxjs", "tslib"])
    symlinkSync(join(angular, name), join(folder, "node_modules", name), "junction");
  symlinkSync(
    join(process.env.PRIVET_INSTALLED, "node_modules/privet"),
    join(folder, "node_modules/privet"),
    "junction",
  );
  const config = {
    compilerOptions: {
      noEmit: true,
      strict: true,
      target: "ES2022",
      module: "ES2022",
      moduleResolution: "Bundler",
      lib: ["ES2022", "DOM"],
      types: [],
      skipLibCheck: true,
      preserveSymlinks: true,
    },
    files,
    angularCompilerOptions: { strictTemplates: true },
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const ngc = join(angular, "@angular/compiler-cli/bundles/src/bin/ngc.js");
  const { stdout, stderr } = spawnSync(process.execPath, [ngc, "-p", folder], { encoding: "utf8" });
  return stripVTControlCharacters(`${stdout}${stderr}`);
}

test("wrong ids in templates of Angular are compile errors", () => {
  const folder = `${project}-angular`;
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(here, "frameworks/types/angular"), folder, { recursive: true });
  const said = compileAngular(folder, ["app.ts"]);
  const lines = readFileSync(join(folder, "app.ts"), "utf8").split("\n");
  const wrong = lines.flatMap((line, index) => (line.includes(">wrong<") ? [index + 1] : []));
  const found = [...said.matchAll(/app\.ts:(\d+):\d+ - error/g)];
  assert.deepEqual([...new Set(found.map(([, line]) => Number(line)))], wrong, said);
});

test("the app in Angular of docs/getting-started.md compiles, and a wrong id in it does not", (context) => {
  const page = readFileSync(join(here, "../../docs/getting-started.md"), "utf8");
  const [, name, document] = /```jsonc\n\/\/ ([\w./-]+)\n([\s\S]*?)```/.exec(page);
  const [, section] = /^## In Angular$([\s\S]*?)^## /m.exec(page);
  const [, command] = /^\$ npx privet (.*)$/m.exec(section);
  const files = [...section.matchAll(/```ts\n\/\/ angular\/([\w./-]+)\n([\s\S]*?)```/g)];
  const paths = files.map(([, file]) => `src/app/${file}`);
  assert.deepEqual(paths, ["src/app/app.config.ts", "src/app/app.ts"]);
  for (const [id, expected] of [
    ["findings.write", /^$/],
    ["findings.wirte", /app\.ts:\d+:\d+ - error[\s\S]*"findings\.wirte"/],
  ]) {
    const texts = files.map(([, , text], index) => [paths[index], text.replaceAll("findings.write", id)]);
    const folder = folderOf(context, Object.fromEntries([[name, document], ...texts]));
    const { status, out, err } = privet(folder, command.split(" "));
    assert.equal(status, 0, `${out}${err}`);
    assert.match(compileAngular(folder, paths), expected);
  }
});
