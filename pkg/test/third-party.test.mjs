// What the package contains that others wrote: its bill of materials is valid, its licences are listed, and both name the same libraries.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { parse } from "yaml";
import { installed } from "./support/package.mjs";

const root = new URL("../../", import.meta.url);
const read = (path) => readFileSync(fileURLToPath(installed(path)), "utf8");
const bom = JSON.parse(read("sbom.cdx.json"));
const named = bom.components.map(({ purl }) => purl);

test("the bill of materials is CycloneDX 1.6 and says the package's own version", async () => {
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  assert.equal(await validator.validate(read("sbom.cdx.json")), null);
  assert.notEqual(await validator.validate(JSON.stringify({ ...bom, components: [{ name: "x" }] })), null);
  const { name, version, dependencies } = JSON.parse(read("package.json"));
  assert.equal(bom.metadata.component.purl, `pkg:npm/${name}@${version}`);
  assert.deepEqual(
    bom.components.filter(({ properties }) => properties[0].value === "installed").map(({ name }) => name),
    Object.keys(dependencies),
  );
});

test("it has nothing that changes from build to build", () => {
  assert.equal(bom.serialNumber, undefined);
  assert.equal(bom.metadata.timestamp, undefined);
  assert.deepEqual(named, [...named].sort());
});

test("it names what is bundled, what is in the page and what is compiled into WebAssembly", () => {
  const has = (pattern) =>
    assert.ok(
      named.some((purl) => pattern.test(purl)),
      String(pattern),
    );
  for (const name of ["commander", "jsonc-parser", "papaparse", "unplugin", "vscode-languageserver", "preact", "jose"])
    has(new RegExp(`^pkg:npm/${name}@`));
  has(/^pkg:npm\/%40codemirror\/view@/);
  for (const name of ["serde_json", "wasm-bindgen", "jsonc-parser", "hashbrown"])
    has(new RegExp(`^pkg:cargo/${name}@`));
  has(/^pkg:generic\/rust-std@1\./);
  for (const never of [/\/serde_derive@/, /\/typescript@/, /\/vite@/, /\/rayon@/])
    assert.ok(!named.some((purl) => never.test(purl)), `${never} is a tool of the build`);
});

test("every library that the package contains has its licence in the list", () => {
  const text = read("LICENSE-THIRD-PARTY.txt");
  const headings = [...text.matchAll(/^={80}\n(\S+) (\S+) \((.+)\)\n\n(.+)$/gm)];
  assert.deepEqual(
    headings.map(([, name, version]) => `${name} ${version}`),
    bom.components
      .filter(({ properties }) => properties[0].value === "bundled")
      .map(({ name, version }) => `${name} ${version}`),
  );
  assert.ok(headings.every(([, , , , text]) => text.length > 3));
});

test("workflows use actions of others by their commits", () => {
  const files = readdirSync(new URL(".github/workflows/", root)).map((name) => `.github/workflows/${name}`);
  let pinned = 0;
  for (const file of [...files, "action.yml"]) {
    const text = readFileSync(new URL(file, root), "utf8");
    const { jobs, runs } = parse(text);
    for (const { uses } of jobs ? Object.values(jobs).flatMap(({ steps }) => steps) : runs.steps) {
      if (uses === undefined) continue;
      pinned++;
      assert.match(uses, /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/, `${file}: a tag can be moved to another commit`);
      assert.match(text, new RegExp(`${uses} # v\\d+\\.\\d+\\.\\d+\\n`), `${file}: the version beside ${uses}`);
    }
  }
  assert.ok(pinned >= 15);
});
