#!/usr/bin/env bash
# Fuzzes by libFuzzer: each target for FUZZ_SECONDS (10 by default), with coverage of the library, on the stable toolchain. Then the hosts in TypeScript and Python
# beside the library, and the reader of tables. Prints a line of JSON for each, and as the last line the sum.
#   fuzz.sh [policy|requirement|pack|token|subject|differential|fixes|hosts|sheets]..   (default: all)
# What is found is written to target/fuzz/found/TARGET: mend it, and put the file into fuzz/found/TARGET, where `make test` runs it.
# The corpora in fuzz/corpus are small; what a run adds is kept in target/fuzz/corpus, and the next run goes on from there.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
need_cargo
SECONDS_EACH=${FUZZ_SECONDS:-10}
FOUND="see the output above; the input is in target/fuzz/found: mend it, and keep the input in fuzz/found"
HOST=$(rustc -vV | sed -n 's/^host: //p')
BINARY=$ROOT/target/fuzz/$HOST/release/fuzz

# The instrumentation of libFuzzer. The library has no unsafe code that these targets reach, so no sanitizer is needed, and the stable compiler suffices.
build_fuzz() {
  command -v c++ >/dev/null || apt_install "a C++ compiler for libFuzzer" "install g++ or clang" g++
  local flags="--cfg fuzzing -Cpasses=sancov-module"
  for flag in level=4 inline-8bit-counters pc-table trace-compares; do flags+=" -Cllvm-args=-sanitizer-coverage-$flag"; done
  RUSTFLAGS=$flags run "building the fuzz targets" "read the compiler's message above" \
    cargo build --locked --release --manifest-path fuzz/Cargo.toml --target "$HOST" --target-dir target/fuzz --bin fuzz
}

# fuzz TARGET: runs it, and prints executions and coverage
fuzz() {
  local target=$1 log=target/fuzz/$1.log status=0 seeds=("fuzz/corpus/$1")
  mkdir -p "target/fuzz/corpus/$target" "target/fuzz/found/$target"
  if [ -d "fuzz/found/$target" ]; then seeds+=("fuzz/found/$target"); fi
  if [ "$target" = policy ]; then seeds+=(tests/diagnostics); fi
  say "fuzzing $target for $SECONDS_EACH s"
  PRIVET_FUZZ=$target "$BINARY" -max_total_time="$SECONDS_EACH" -timeout=25 -rss_limit_mb=2048 -max_len=16384 -print_final_stats=1 -seed="${FUZZ_SEED:-1}" \
    -artifact_prefix="target/fuzz/found/$target/" $([ -f "fuzz/$target.dict" ] && echo "-dict=fuzz/$target.dict") \
    "target/fuzz/corpus/$target" "${seeds[@]}" >"$log" 2>&1 </dev/null || status=$?
  local executions coverage
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  coverage=$(sed -n 's/.* cov: \([0-9]*\).*/\1/p' "$log" | tail -1)
  if [ "$status" != 0 ]; then tail -40 "$log" >&2; fi
  result "$target" "${executions:-0}" "${coverage:-0}" "$status"
}

ALL=0 CRASHES=0
# result TARGET EXECUTIONS COVERAGE STATUS
result() {
  local crashes=0
  if [ "$4" != 0 ]; then crashes=1; fi
  printf '{"part":"fuzz","target":"%s","executions":%d,"coverage":%d,"crashes":%d}\n' "$1" "$2" "$3" "$crashes"
  ALL=$((ALL + $2)) CRASHES=$((CRASHES + crashes))
}

# The results of the library for random policies of this run's seed, and the hosts that must give them
hosts() {
  local python status=0 log=target/fuzz/hosts.log seed=${FUZZ_SEED:-1}
  python=$(bash scripts/python.sh) || exit 1
  need_package
  say "recording random cases, and comparing the hosts in TypeScript and Python for $SECONDS_EACH s"
  : >"$log"
  # A file of its own: other tests read the recording of the fixed seed
  local -x PRIVET_CORE_CASES=$ROOT/target/fuzz/core-cases.jsonl
  local end=$((SECONDS + SECONDS_EACH)) count=0 compared
  while
    PROPTEST_RNG_SEED=$((seed + count)) PROPTEST_CASES=100 quietly "recording random cases" "$FOUND" \
      cargo test --features parallel --quiet --test it core_cases_are_recorded
    PRIVET_INSTALLED=$ROOT/target/npm/installed node --test pkg/test/core.test.mjs >>"$log" 2>&1 || status=1
    compared=$("$python" fuzz/hosts.py "$PRIVET_CORE_CASES" 2>>"$log") || status=1
    COMPARED=$((${COMPARED:-0} + ${compared:-0})) count=$((count + 1))
    [ "$SECONDS" -lt "$end" ] && [ "$status" = 0 ]
  do :; done
  if [ "$status" != 0 ]; then tail -40 "$log" >&2; fi
  result hosts "$COMPARED" 0 "$status"
}

sheets() {
  need_package
  local line status=0
  say "reading random tables for $SECONDS_EACH s"
  line=$(PRIVET_INSTALLED=$ROOT/target/npm/installed FUZZ_SECONDS=$SECONDS_EACH node fuzz/sheets.mjs) || status=$?
  result sheets "${line:-0}" 0 "$status"
}

need_package() {
  need_node
  bash scripts/pack.sh || exit 1
  install_packed "$ROOT/target/npm/installed"
}

RUST=(policy requirement pack token subject differential fixes)
if [ $# = 0 ]; then set -- "${RUST[@]}" hosts sheets; fi
BUILT=
for target; do
  case " ${RUST[*]} " in
    *" $target "*)
      if [ -z "$BUILT" ]; then build_fuzz && BUILT=1; fi
      fuzz "$target"
      ;;
    *)
      case $target in
        hosts | sheets) "$target" ;;
        *) die "unknown target: '$target'" "use ${RUST[*]}, hosts or sheets" ;;
      esac
      ;;
  esac
done
printf '{"part":"fuzz","targets":%d,"seconds":%d,"executions":%d,"crashes":%d}\n' $# "$SECONDS_EACH" "$ALL" "$CRASHES"
[ "$CRASHES" = 0 ] || die "fuzzing found a fault in $CRASHES targets" "$FOUND"
