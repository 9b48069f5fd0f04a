#!/usr/bin/env bash
# Runs scripts/demo.mjs against the packed npm package, installed into target/demo, where only the package can be imported.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
bash "$ROOT/scripts/pack.sh" || exit 1
install_packed "$ROOT/target/demo"
cp "$ROOT/scripts/demo.mjs" "$ROOT/target/demo/demo.mjs"
cd "$ROOT/target/demo"
node demo.mjs "$@" || die "the demo failed (exit status $?)" "read its message above; 'make test' shows other failures"
