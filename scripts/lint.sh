#!/usr/bin/env bash
# Static checks: formatting, clippy, rustdoc and the TypeScript types; warnings are errors. clippy checks the crate with all
# features, with default features and without any, always with the default toolchain for the host: the rustc of the wasm
# target can be another version (scripts/setup-wasm.sh) without clippy.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
need_cargo
need_node
cargo clippy --version >/dev/null 2>&1 || die "cargo clippy is not installed" "run 'rustup component add clippy rustfmt'"
FIX="read the messages above"

run "checking the formatting" "run 'cargo fmt'" cargo fmt --check
run "clippy: the whole library, its tests and benches" "$FIX" cargo clippy --locked --features parallel --all-targets -- -D warnings
run "clippy: the library with default features" "$FIX" cargo clippy --locked --lib -- -D warnings
run "clippy: the library without default features" "$FIX" cargo clippy --locked --no-default-features --lib -- -D warnings
server=(--manifest-path examples/server/Cargo.toml)
run "checking the formatting of the server example" "run 'cargo fmt ${server[*]}'" cargo fmt --check "${server[@]}"
run "clippy: the server example" "$FIX" cargo clippy --locked "${server[@]}" --target-dir target/server -- -D warnings
RUSTDOCFLAGS="-D warnings" run "rustdoc" "$FIX" cargo doc --locked --no-deps
bash scripts/api.sh || exit 1
npm_ci pkg "the npm tools (TypeScript, wasm-opt, esbuild, Biome)"
run "checking the formatting of TypeScript and JavaScript" "run 'npm run format --prefix pkg'" \
  pkg/node_modules/.bin/biome format --reporter=summary .
run "linting TypeScript and JavaScript" "$FIX" pkg/node_modules/.bin/biome lint --error-on-warnings .
bash scripts/build.sh wasm || exit 1 # generates the types of the WebAssembly modules
run "checking the TypeScript types" "$FIX" pkg/node_modules/.bin/tsc --noEmit -p pkg
