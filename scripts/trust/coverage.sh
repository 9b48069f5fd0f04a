#!/usr/bin/env bash
# Coverage of src by tests/it (cargo-llvm-cov), and of pkg/src by the tests of the package in Node.js (the libraries of c8). Prints two lines of JSON;
# a share of lines below 95 % is a fault. By file: target/coverage/{rust,pkg}.json. It needs PRIVET_INSTALLED, as the tests of the package do (scripts/trust.sh).
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
cd "$ROOT"
need_cargo
LEAST=95
faults=0
out=$ROOT/target/coverage
mkdir -p "$out"
# summary PART FILE JAVASCRIPT: prints the figures that the expression `[lines, branches]` gives of the file, as shares of 100
summary() {
  node -e '
    const [part, file, expression, least] = process.argv.slice(1);
    const report = JSON.parse(require("fs").readFileSync(file, "utf8"));
    const [lines, branches] = new Function("report", `return ${expression}`)(report);
    const percent = (value) => Math.round(10 * value) / 10;
    const faults = lines < Number(least) ? 1 : 0;
    console.log(JSON.stringify({ part, "lines %": percent(lines), "branches %": percent(branches), faults }));
    process.exitCode = faults;
  ' "$@" "$LEAST"
}

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
unset RUSTC_BOOTSTRAP CARGO_LLVM_COV_TARGET_DIR
summary "coverage of src" "$out/rust.json" '[report.data[0].totals.lines.percent, report.data[0].totals.branches.percent]' || faults=$((faults + 1))

npm_ci pkg "the npm tools"
npm_ci pkg/test/frameworks "the frameworks that the adapters are tested with (once)"
app=$(bash scripts/trust/package-again.sh "$out" "--inlineSourceMap --inlineSources") || exit 1
rm -rf "$out/v8"
# Without tests that run for long, or compile examples and types, and reach nothing that others do not
tests=$(cd pkg && ls test/*.test.mjs | grep -vE 'test/(adapter-types|api|architecture|bounds|cedar|ci|component|docs-edge|docs-start|edge-model|forged|memory|readme.*|recovery|third-party|types)\.')
# shellcheck disable=SC2086 # a list of files
(cd pkg && NODE_V8_COVERAGE=$out/v8 PRIVET_TGZ=$ROOT/target/npm/privet.tgz PRIVET_INSTALLED=$app \
  quietly "testing pkg/src with counters" "see the failing tests above" node --test --test-reporter=./test/support/reporter.mjs $tests)
node scripts/trust/package-coverage.mjs "$app" "$out/v8" || faults=$((faults + 1))
[ "$faults" = 0 ]
