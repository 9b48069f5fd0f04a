#!/usr/bin/env bash
# Builds the npm package as target/npm/privet.tgz: the file that the tests and the demo use and that is published. The file is
# replaced only if its content changes, so that installations of it stay valid.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
bash "$ROOT/scripts/build.sh" || exit 1
cd "$ROOT"
rm -rf target/npm/new
mkdir -p target/npm/new
cp LICENSE-MIT LICENSE-APACHE pkg/
cp schema/policy.schema.json pkg/schema.json
cp schema/record.schema.json pkg/record.schema.json
quietly "packing target/npm/privet.tgz" "read npm's message above; 'files' in pkg/package.json lists the contents of the package" \
  npm pack ./pkg --ignore-scripts --pack-destination target/npm/new
mv target/npm/new/*.tgz target/npm/new/privet.tgz
cmp -s target/npm/new/privet.tgz target/npm/privet.tgz || mv target/npm/new/privet.tgz target/npm/privet.tgz
rm -rf target/npm/new
