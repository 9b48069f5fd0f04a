#!/usr/bin/env bash
# What the tests of the package and parts of `make trust` need: the package, installed as a project does, the frameworks of its tests, and the results of the Rust library that they
# compare it with.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
need_cargo
need_node
bash scripts/pack.sh || exit 1
install_packed "$ROOT/target/npm/installed"
npm_ci pkg/test/frameworks "the frameworks that the adapters are tested with (once)"
# The features are those of the other tests, so that they share a build
run "recording the results of the Rust library" "see the failing test above" cargo test --locked --features parallel --quiet --test it core_cases_are_recorded >&2
