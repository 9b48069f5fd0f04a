#!/usr/bin/env bash
# Rehearses publishing: what cargo and npm would upload is listed, checked and built, and nothing is uploaded. docs/releasing.md says how a release is made.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
need_cargo
need_node
READ="read the message above"

# Uncommitted changes are allowed: what CI checks out has none
quietly "rehearsing cargo publish" "$READ" cargo publish --dry-run --locked --allow-dirty
quietly "packing the crate" "$READ" cargo package --locked --allow-dirty --no-verify
cargo package --list --locked --allow-dirty >target/crate-files.txt
# As docs.rs builds it ([package.metadata.docs.rs] in Cargo.toml). Its --cfg docsrs needs a nightly compiler, and the crate does not use it.
RUSTDOCFLAGS="-D warnings" quietly "building the crate's documentation with the settings of docs.rs" "$READ" \
  cargo doc --locked --no-deps --features studio,schema,parallel --target-dir target/docs-rs
bash scripts/pack.sh || exit 1
quietly "rehearsing npm publish" "$READ" npm publish --dry-run --ignore-scripts target/npm/privet.tgz
npm_ci pkg "the npm tools"
PRIVET_TGZ=$ROOT/target/npm/privet.tgz PRIVET_CRATE=$ROOT/target/crate-files.txt \
  run "checking the contents of both packages" "$READ" node --test --test-reporter="$ROOT/pkg/test/support/reporter.mjs" scripts/publish.test.mjs
