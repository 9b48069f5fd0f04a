#!/usr/bin/env bash
# trust.sh [PART]..: does what finds faults, prints the figures as a table, and fails where a figure that must be 0 is not. docs/trust.md describes
# the parts. Without names, all of them run, in two lanes: one for each of two cores. PART is a name of `parts` in scripts/trust/run.mjs.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
need_cargo
need_node
PRIVET_TGZ=$ROOT/target/npm/privet.tgz PRIVET_INSTALLED=$ROOT/target/npm/installed exec node scripts/trust/run.mjs "$@"
