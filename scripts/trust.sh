#!/usr/bin/env bash
# trust.sh [PART]..: does what finds faults, prints the figures as a table, and fails where a figure that must be 0 is not. docs/trust.md describes
# the parts. Without names, all of them run, in two lanes: one for each of two cores. PART is a name of `parts` in scripts/trust/run.mjs.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
need_cargo
need_node
bash scripts/pack.sh || exit 1
install_packed "$ROOT/target/npm/installed"
# What the package is compared with, by several parts. The features are those of the other tests, so that they share a build
run "recording the results of the Rust library" "see the failing test above" cargo test --locked --features parallel --quiet --test it core_cases_are_recorded >&2
PRIVET_TGZ=$ROOT/target/npm/privet.tgz PRIVET_INSTALLED=$ROOT/target/npm/installed exec node scripts/trust/run.mjs "$@"
