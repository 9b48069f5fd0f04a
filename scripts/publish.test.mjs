// What would be published: no file that does not belong there, no secret, no path of this machine, sizes within bounds. Run by scripts/publish.sh.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { test } from "node:test";

const { PRIVET_TGZ: tarball, PRIVET_CRATE: listing } = process.env;
if (!tarball || !listing) throw new Error("PRIVET_TGZ and PRIVET_CRATE are not set; run `bash scripts/publish.sh`");
const root = new URL("..", import.meta.url).pathname;
const tar = (...args) => execFileSync("tar", args, { encoding: "latin1", maxBuffer: 1 << 28 });

/** Every path of the npm package matches one of these. */
const IN_NPM = [
  /^package\.json$/,
  /^(README|LICENSE-(MIT|APACHE|THIRD-PARTY))(\.(md|txt))?$/,
  /^sbom\.cdx\.json$/,
  /^(schema|record\.schema)\.json$/,
  /^dist\/(entries|cedar|core|studio|edge|adapters|authzen|live|frameworks|sheets|shared|policies|messages|cli)\/[\w./-]+\.(js|cjs|d\.ts|d\.cts)$/,
  /^dist\/(why|hot|language|devtools|bundlers)\/[\w./-]+\.(js|cjs|d\.ts|d\.cts)$/,
  /^dist\/preview\/(assets\/[\w.-]+\.(js|css|svg|jsonc)|[\w-]+\.(html|js|svg|png|webmanifest|json))$/,
  /^dist\/schemas\/(test|cli)\.schema\.json$/,
  /^svelte\/Can\.svelte(\.d\.ts)?$/,
  /^wasm\/\w+\.(wasm|js|d\.ts)$/,
  /^wasm\/\w+\.wasm\.d\.ts$/,
];
/** And of the crate one of these. */
const IN_CRATE = [
  /^(Cargo\.(toml|toml\.orig|lock)|README\.md|CHANGELOG\.md|LICENSE-(MIT|APACHE)|\.cargo_vcs_info\.json)$/,
  /^src\/[\w/-]+\.rs$/,
  /^src\/policies\/\w+\.jsonc$/,
  /^src\/(studio\/messages\/(en|de)|util\/messages)\.json$/,
  /^schema\/(policy|record)\.schema\.json$/,
  /^wit\/privet\.wit$/,
];
/** What looks like a secret: private keys, tokens of registries and of GitHub, keys of AWS. */
const SECRET =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----|\bnpm_[A-Za-z0-9]{36}|\bgh[pousr]_[A-Za-z0-9]{36}|\bAKIA[0-9A-Z]{16}\b|_authToken=/;

const foreign = (paths, allowed) => paths.filter((path) => !allowed.some((pattern) => pattern.test(path)));

test("the npm package has its files and no others, no secret, and no path of this machine", () => {
  const paths = tar("-tzf", tarball).trim().split("\n");
  const own = paths.map((path) => path.replace(/^package\//, ""));
  assert.deepEqual(foreign(own, IN_NPM), []);
  for (const needed of [
    "package.json",
    "README.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "LICENSE-THIRD-PARTY.txt",
    "sbom.cdx.json",
    "dist/cli/main.js",
    "wasm/core_bg.wasm",
  ])
    assert.ok(own.includes(needed), `${needed} is missing`);
  const contents = tar("-xzOf", tarball);
  assert.equal(SECRET.exec(contents)?.[0], undefined);
  for (const path of [root, `${homedir()}/`]) assert.ok(path === "/" || !contents.includes(path), `it names ${path}`);
  const manifest = JSON.parse(tar("-xzOf", tarball, "package/package.json"));
  assert.deepEqual(Object.keys(manifest.dependencies), ["jose"]);
  assert.equal(manifest.publishConfig?.provenance, true);
  const size = readFileSync(tarball).length;
  assert.ok(size < 2_500_000 && contents.length < 8_200_000, `${size} bytes, ${contents.length} unpacked`);
  console.log(
    `# npm: ${own.length} files, ${(size / 1e6).toFixed(2)} MB, ${(contents.length / 1e6).toFixed(2)} MB unpacked`,
  );
});

test("the crate has its files and no others, and no secret", () => {
  const paths = readFileSync(listing, "utf8").trim().split("\n");
  assert.deepEqual(foreign(paths, IN_CRATE), []);
  for (const needed of ["Cargo.toml", "README.md", "LICENSE-MIT", "src/lib.rs", "src/policies/contact.jsonc"])
    assert.ok(paths.includes(needed), `${needed} is missing`);
  const { version } = JSON.parse(tar("-xzOf", tarball, "package/package.json"));
  const crate = `${root}target/package/privet-${version}.crate`;
  assert.equal(SECRET.exec(tar("-xzOf", crate))?.[0], undefined);
  const size = readFileSync(crate).length;
  assert.ok(size < 600_000, `${size} bytes`);
  console.log(`# crate: ${paths.length} files, ${(size / 1e6).toFixed(2)} MB`);
});
