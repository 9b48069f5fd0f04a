#!/usr/bin/env bash
# Searches for documents that make a question slow (fuzz/src/bounds.rs), for BOUNDS_SECONDS (20), and prints the worst of each question on
# standard error, and the figures as a line of JSON. The worst that were found are cases of `make test`: tests/bounds.json.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
cd "$ROOT"
need_cargo
run "building the search" "read the compiler's message above" cargo build --locked --profile measured --manifest-path fuzz/Cargo.toml --target-dir target/bounds --bin bounds
say "searching documents that are slow, for ${BOUNDS_SECONDS:-20} s"
exec target/bounds/measured/bounds
