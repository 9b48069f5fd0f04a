// The types of the adapters: the compiler checks test/frameworks/types as apps that have the frameworks and the packed package.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

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
