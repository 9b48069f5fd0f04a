// Compiles the built-in policies to modules of the package.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { open } from "../dist/entries/core-inline.js";
import { studio } from "../dist/entries/studio-node.js";
import { moduleOf } from "../dist/cli/module.js";

const documents = new URL("../../src/policies/", import.meta.url);
const modules = new URL("../dist/policies/", import.meta.url);
const tools = await studio();

mkdirSync(modules, { recursive: true });
for (const file of readdirSync(documents).filter(
  (name) => name.endsWith(".jsonc") && !name.endsWith(".privet-test.jsonc"),
)) {
  const id = file.slice(0, -".jsonc".length);
  const pack = tools.compile(readFileSync(new URL(file, documents), "utf8"));
  const { js, dts } = moduleOf(tools.describe(open(pack)), pack, { types: "../core/types.js" });
  writeFileSync(new URL(`${id}.js`, modules), js);
  writeFileSync(new URL(`${id}.d.ts`, modules), dts);
}
