#!/usr/bin/env bash
# Measures the packed npm package beside what else a product would take: the same questions about the same people to every
# engine, all answers compared before any time is printed. Leaves bench.json and bench.svg in target/bench.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need_node
bash "$ROOT/scripts/pack.sh" || exit 1
install_packed "$ROOT/target/npm/installed"
npm_ci benches/node "the engines that Privet is measured beside (once)"
mkdir -p "$ROOT/target/bench"
PRIVET_INSTALLED=$ROOT/target/npm/installed node "$ROOT/benches/node/bench.mjs" "$ROOT/target/bench" ||
  die "the benchmark found answers that differ, or did not run" "read its message above"
say "target/bench/bench.json, target/bench/bench.svg"
