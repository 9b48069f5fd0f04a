#!/usr/bin/env bash
# Shows Privet at work as its users get it: packs the npm package, installs the packed file into the scratch folder
# target/demo, and runs scripts/demo.mjs there, where nothing but the package can be imported.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
bash "$ROOT/scripts/pack.sh" || exit 1
install_packed "$ROOT/target/demo"
cp "$ROOT/scripts/demo.mjs" "$ROOT/target/demo/demo.mjs"
cd "$ROOT/target/demo"
node demo.mjs "$@" || die "the demo failed (exit status $?)" "read its message above; 'make test' shows what else fails"
