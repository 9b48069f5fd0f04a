#!/usr/bin/env bash
# Prints the path of a binary that is both wasm-bindgen (first argument `bindgen`) and its test runner; builds it if missing.
# Its version must equal that of the library in Cargo.lock, so it is pinned in tools/wasm-bindgen and built once per version
# into the cache, without `cargo install` and without rebuilding the project.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
TOOL=$ROOT/tools/wasm-bindgen

version() { # version PACKAGE LOCKFILE
  awk -v name="name = \"$1\"" '$0 == name { getline; gsub(/version = |"/, ""); print; exit }' "$2"
}
tool=$(version wasm-bindgen-cli "$TOOL/Cargo.lock")
if [ -f "$ROOT/Cargo.lock" ]; then
  library=$(version wasm-bindgen "$ROOT/Cargo.lock")
  [ "$tool" = "$library" ] || die "wasm-bindgen is ${library:-missing} in Cargo.lock, but wasm-bindgen-cli is $tool in tools/wasm-bindgen/Cargo.lock; they must be equal" \
    "set wasm-bindgen-cli = \"=${library:-VERSION}\" in tools/wasm-bindgen/Cargo.toml, run 'cargo update --manifest-path tools/wasm-bindgen/Cargo.toml', commit both files"
fi

key=$(digest "$tool" "$(cat "$TOOL/Cargo.toml" "$TOOL/Cargo.lock" "$TOOL/src/main.rs")")
bin=$CACHE/tools/wasm-bindgen-$tool-${key:0:12}
if [ ! -x "$bin" ]; then
  need_cargo
  lock tools
  if [ ! -x "$bin" ]; then
    mkdir -p "$CACHE/tools"
    run "building wasm-bindgen $tool and its test runner (once, about a minute)" \
      "read cargo's message above; it downloads crates from crates.io and needs a C linker (Debian: apt-get install gcc)" \
      env -u RUSTC -u RUSTDOC -u RUSTFLAGS -u CARGO_ENCODED_RUSTFLAGS -u CARGO_BUILD_TARGET \
      cargo build --locked --manifest-path "$TOOL/Cargo.toml" --target-dir "$CACHE/tools/build" >&2
    mv "$CACHE/tools/build/debug/privet-wasm-bindgen" "$bin"
    rm -rf "$CACHE/tools/build"
  fi
fi
printf '%s\n' "$bin"
