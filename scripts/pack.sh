#!/usr/bin/env bash
# Builds the npm package and leaves it as target/npm/privet.tgz: the file that is tested, shown by the demo and published.
# The file is replaced only when its content changes, so that what was installed from it stays fresh.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
bash "$ROOT/scripts/build.sh" || exit 1
cd "$ROOT"
rm -rf target/npm/new
mkdir -p target/npm/new
cp LICENSE-MIT LICENSE-APACHE pkg/
quietly "packing target/npm/privet.tgz" "read npm's message above; the package's content is listed in pkg/package.json (files)" \
  npm pack ./pkg --ignore-scripts --pack-destination target/npm/new
mv target/npm/new/*.tgz target/npm/new/privet.tgz
cmp -s target/npm/new/privet.tgz target/npm/privet.tgz || mv target/npm/new/privet.tgz target/npm/privet.tgz
rm -rf target/npm/new
