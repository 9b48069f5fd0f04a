#!/usr/bin/env bash
# Every check that needs no test run: formatting, clippy, rustdoc and the TypeScript types; warnings are errors.
# clippy reads the crate thrice, with every feature, as it is by default and as the no_std core; all by the default toolchain, for the
# host: the wasm target's rustc can be another version (scripts/setup-wasm.sh) that clippy does not work with.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
need_cargo
need_node
cargo clippy --version >/dev/null 2>&1 || die "cargo has no clippy" "run 'rustup component add clippy rustfmt'"
FIX="read the messages above"

run "checking the formatting" "run 'cargo fmt'" cargo fmt --check
run "clippy: the whole library, its tests and benches" "$FIX" cargo clippy --locked --features parallel --all-targets -- -D warnings
run "clippy: the library as it is by default" "$FIX" cargo clippy --locked --lib -- -D warnings
run "clippy: the no_std core" \
  "read the messages above (if they ask for a panic handler: crate-type in Cargo.toml must be rlib alone, the build asks for the cdylib itself)" \
  cargo clippy --locked --no-default-features --lib -- -D warnings
server=(--manifest-path examples/server/Cargo.toml)
run "checking the formatting of the server example" "run 'cargo fmt ${server[*]}'" cargo fmt --check "${server[@]}"
run "clippy: the server example" "$FIX" cargo clippy --locked "${server[@]}" --target-dir target/server -- -D warnings
RUSTDOCFLAGS="-D warnings" run "rustdoc" "$FIX" cargo doc --locked --no-deps
npm_ci pkg "the npm tools (TypeScript, wasm-opt, esbuild, Biome)"
run "checking the formatting of TypeScript and JavaScript" "run 'npm run format --prefix pkg'" \
  pkg/node_modules/.bin/biome format --reporter=summary .
bash scripts/build.sh wasm || exit 1 # the types of the two modules are made from them
run "checking the TypeScript types" "$FIX" pkg/node_modules/.bin/tsc --noEmit -p pkg
