// Lists what the package contains that others wrote, as two files of the package: LICENSE-THIRD-PARTY.txt has the texts of their licences,
// sbom.cdx.json is a bill of materials (CycloneDX 1.6). Both have the libraries that are bundled into dist and into the preview, and the crates
// and the standard library that are compiled into the WebAssembly modules. Neither has a date or a random number, so that builds are equal.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const json = (path) => JSON.parse(readFileSync(join(root, path), "utf8"));
const LICENCE_FILE = /^(?:un)?licen[cs]e|^copying/i;

/**
 * The texts of the licences in a folder. Of several that one may choose from, MIT is chosen where it is one.
 * @param {string} folder
 * @param {string} expression the licence as an SPDX expression
 */
function textsIn(folder, expression) {
  const files = readdirSync(folder).filter((file) => LICENCE_FILE.test(file) && !/\.(?:json|html)$/.test(file));
  const mit = files.filter((file) => /mit/i.test(file));
  const chosen = /\bOR\b|\//.test(expression) && mit.length > 0 ? mit : files;
  return chosen.sort().map((file) => readFileSync(join(folder, file), "utf8").trim());
}

/** A library of npm, installed in this folder of node_modules. */
function library(modules, name) {
  const folder = join(root, modules, "node_modules", name);
  const { version, license } = json(join(modules, "node_modules", name, "package.json"));
  return { name, version, purl: purlOf("npm", name, version), licence: license, texts: textsIn(folder, license) };
}
const purlOf = (type, name, version) => `pkg:${type}/${name.replace("@", "%40")}@${version}`;

/** The crates that a module of these features has: reached by ordinary dependencies, and no macros, which run in the compiler. */
function crates(features) {
  const { packages, resolve } = JSON.parse(
    execFileSync(
      "cargo",
      [
        "metadata",
        "--locked",
        "--format-version=1",
        "--filter-platform=wasm32-unknown-unknown",
        "--no-default-features",
        `--features=${features}`,
      ],
      { cwd: root, encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "inherit"] },
    ),
  );
  const byId = new Map(packages.map((crate) => [crate.id, crate]));
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
  const isMacro = ({ targets }) => targets.some(({ kind }) => kind.includes("proc-macro"));
  const reached = new Set();
  const visit = (id) => {
    if (reached.has(id) || isMacro(byId.get(id))) return;
    reached.add(id);
    for (const { pkg, dep_kinds } of nodes.get(id).deps) if (dep_kinds.some(({ kind }) => kind === null)) visit(pkg);
  };
  visit(resolve.root);
  reached.delete(resolve.root);
  return [...reached].map((id) => byId.get(id));
}

const fromCargo = [
  ...new Map([...crates("wasm,studio"), ...crates("component")].map((crate) => [crate.id, crate])).values(),
].map(({ name, version, license, manifest_path }) => ({
  name,
  version,
  purl: purlOf("cargo", name, version),
  licence: license.replaceAll("/", " OR "), // how SPDX expressions were written in manifests before
  texts: textsIn(dirname(manifest_path), license),
}));
const rust = /^release: (.+)$/m.exec(execFileSync(process.env.RUSTC ?? "rustc", ["-vV"], { encoding: "utf8" }))[1];
const std = {
  name: "rust-std",
  version: rust,
  purl: `pkg:generic/rust-std@${rust}`,
  licence: "MIT OR Apache-2.0",
  texts: [
    "The standard library of Rust, copyright (c) The Rust Project Contributors, is used under the Apache License 2.0, whose text is in LICENSE-APACHE.",
  ],
};
const fromNpm = json("target/bundled.json").map((name) => library("pkg", name));
const inPage = json("target/www/page/licenses.json")
  .filter(({ name }) => name !== "privet")
  .map(({ name }) => library("www", name));

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const contained = [
  ...new Map([...fromNpm, ...inPage, ...fromCargo, std].map((component) => [component.purl, component])).values(),
].sort((a, b) => compare(a.purl, b.purl));
const silent = contained.filter(({ licence, texts }) => !licence || texts.length === 0);
if (silent.length > 0) throw new Error(`no licence or no text of it: ${silent.map(({ purl }) => purl).join(", ")}`);

writeFileSync(
  join(root, "pkg/LICENSE-THIRD-PARTY.txt"),
  `The npm package \`privet\` contains these libraries, in dist and wasm. Its own licences are LICENSE-MIT and LICENSE-APACHE.\n\n${contained
    .map(
      ({ name, version, licence, texts }) =>
        `${"=".repeat(80)}\n${name} ${version} (${licence})\n\n${texts.join("\n\n")}\n`,
    )
    .join("\n")}`,
);

const { name, version, license, description, dependencies } = json("pkg/package.json");
const lock = json("pkg/package-lock.json").packages;
const needed = Object.keys(dependencies).map((dependency) => {
  const { version, license } = lock[`node_modules/${dependency}`];
  return { name: dependency, version, purl: purlOf("npm", dependency, version), licence: license, installed: true };
});
const purl = purlOf("npm", name, version);
const component = ({ name, version, purl, licence, installed }) => ({
  type: "library",
  "bom-ref": purl,
  name,
  version,
  scope: "required",
  licenses: [/ (?:OR|AND|WITH) /.test(licence) ? { expression: licence } : { license: { id: licence } }],
  purl,
  // What npm installs beside the package, and what is in its files
  properties: [{ name: "privet:delivery", value: installed ? "installed" : "bundled" }],
});
const components = [...contained, ...needed].sort((a, b) => compare(a.purl, b.purl));
const bom = {
  $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
  bomFormat: "CycloneDX",
  specVersion: "1.6",
  version: 1,
  metadata: {
    component: {
      type: "library",
      "bom-ref": purl,
      name,
      version,
      description,
      licenses: [{ expression: license }],
      purl,
    },
  },
  components: components.map(component),
  dependencies: [{ ref: purl, dependsOn: components.map(({ purl }) => purl) }],
};
writeFileSync(join(root, "pkg/sbom.cdx.json"), `${JSON.stringify(bom, null, 2)}\n`);
