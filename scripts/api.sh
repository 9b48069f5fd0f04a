#!/usr/bin/env bash
# Compares api.txt, the listing of the crate's public surface, with the code: `api.sh` fails and prints the difference, `api.sh write`
# writes the file. rustdoc's JSON is unstable and differs between compilers, so only the compiler version named here is checked.
# pkg/build/api.mjs does the same for TypeScript.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
need_cargo
VERSION=1.95
case $(rustc --version) in
  "rustc $VERSION."*) ;;
  *)
    say "notice: the public surface is compared with rustc $VERSION only, and this is $(rustc --version)"
    exit 0
    ;;
esac
RUSTC_BOOTSTRAP=1 run "documenting the public surface" "read the messages above" \
  cargo rustdoc --locked --lib --target-dir target/api -- -Z unstable-options --output-format json --document-hidden-items
run "building the tool that lists the public surface (once)" "read the messages above" \
  cargo build --locked --manifest-path tools/api/Cargo.toml --target-dir target/tools
target/tools/debug/privet-api target/api/doc/privet.json >target/api/api.txt
if [ "${1:-}" = write ]; then
  cp target/api/api.txt api.txt
elif ! diff -u api.txt target/api/api.txt >&2; then
  die "api.txt is not current" "review the difference, and run 'bash scripts/api.sh write'"
fi
