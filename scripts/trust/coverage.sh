#!/usr/bin/env bash
# Coverage of src by tests/it (cargo-llvm-cov). Prints a line of JSON; a share of lines below 95 % is a fault. By file: target/coverage/rust.json.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
cd "$ROOT"
need_cargo
out=$ROOT/target/coverage
mkdir -p "$out"
llvm=$(bash scripts/tools.sh cargo-llvm-cov) || exit 1
if ! compgen -G "$(rustc --print sysroot)/lib/rustlib/*/bin/llvm-profdata" >/dev/null && [ -z "${LLVM_COV:-}" ]; then
  quietly "installing llvm-tools for the default toolchain (once)" "run 'rustup component add llvm-tools', or set LLVM_COV and LLVM_PROFDATA to those of the compiler's LLVM" \
    rustup component add llvm-tools
fi
# Branches are an option that the compiler calls unstable
export RUSTC_BOOTSTRAP=1 CARGO_LLVM_COV_TARGET_DIR=$out/rust CARGO_PROFILE_DEV_DEBUG=0
# One thread: threads that count the same lines wait for each other's caches. Without the tests of scripts/trust/slow-tests.txt, which ask the same
# questions about many policies or packs, and those of built examples and of the sources: they reach nothing that others do not.
mapfile -t slow <scripts/trust/slow-tests.txt
slow+=(architecture:: examples::)
RAYON_NUM_THREADS=1 quietly "testing src with counters" "see the failing tests above" \
  "$llvm" llvm-cov test --branch --no-report --features parallel --test it -- --test-threads 1 "${slow[@]/#/--skip=}"
quietly "counting" "read the message above" "$llvm" llvm-cov report --branch --json --summary-only --output-path "$out/rust.json"
node -e '
  const { lines, branches } = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")).data[0].totals;
  const percent = (value) => Math.round(10 * value) / 10;
  const faults = lines.percent < 95 ? 1 : 0;
  console.log(JSON.stringify({ part: "coverage of src", "lines %": percent(lines.percent), "branches %": percent(branches.percent), faults }));
  process.exitCode = faults;
' "$out/rust.json"
