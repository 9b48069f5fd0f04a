#!/usr/bin/env bash
# Builds the npm package as target/npm/privet.tgz: the file that the tests and the demo use and that is published. The file is
# replaced only if its content changes, so that installations of it stay valid.
# The package has the permission preview, for `privet serve`; the page imports the package without it, target/npm/page.tgz.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
bash "$ROOT/scripts/build.sh" || exit 1
cd "$ROOT"
cp LICENSE-MIT LICENSE-APACHE pkg/
cp schema/policy.schema.json pkg/schema.json
cp schema/record.schema.json pkg/record.schema.json
# pack NAME: packs the folder pkg as target/npm/NAME.tgz
pack() {
  rm -rf target/npm/new
  mkdir -p target/npm/new
  quietly "packing target/npm/$1.tgz" "read npm's message above; 'files' in pkg/package.json lists the contents of the package" \
    npm pack ./pkg --ignore-scripts --pack-destination target/npm/new
  mv target/npm/new/*.tgz target/npm/new/packed.tgz
  cmp -s target/npm/new/packed.tgz "target/npm/$1.tgz" || mv target/npm/new/packed.tgz "target/npm/$1.tgz"
  rm -rf target/npm/new
}
rm -rf pkg/dist/preview pkg/LICENSE-THIRD-PARTY.txt pkg/sbom.cdx.json
pack page
bash scripts/page.sh
node pkg/build/preview.mjs
wasm_setup
# The list names the version of the standard library, so it asks the compiler that built the modules
(eval "$WASM_ENV" && node pkg/build/third-party.mjs) || die "listing the licences of what the package contains: failed" "read the message above"
pack privet
