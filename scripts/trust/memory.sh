#!/usr/bin/env bash
# Memory and threads: the unsafe code of core.wasm under Miri (or AddressSanitizer, or valgrind), memory that must not grow, isolates at once,
# recovery from traps. MEMORY_CALLS: how many calls of the core; a twentieth of them of the studio. Prints one line of JSON.
# It needs PRIVET_INSTALLED, as the tests of the package do (scripts/prepare.sh).
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
cd "$ROOT"
need_cargo
crate=tools/core-memory
small=$ROOT/$crate/small.jsonc
large="$ROOT/src/policies/contact.jsonc $ROOT/src/policies/vicidial.jsonc $ROOT/src/policies/dotdigital.jsonc"
faults=0
checkers=()
# checked NAME COMMAND..: runs the crate under a checker, whose output is shown where it finds something
checked() {
  local name=$1 log
  shift
  log=$(mktemp)
  say "the memory of core.wasm under $name"
  if "$@" >"$log" 2>&1; then
    checkers+=("$name: $(tail -n 1 "$log")")
  else
    cat "$log" >&2
    faults=$((faults + 1))
  fi
  rm -f "$log"
}
# installs a component of the nightly toolchain, or tells that there is none
nightly() {
  command -v rustup >/dev/null || return 1
  cargo +nightly miri --version >/dev/null 2>&1 && return
  say "installing Miri (once)"
  RUSTUP_MAX_RETRIES=0 timeout 300 rustup toolchain install nightly --profile minimal --component miri,rust-src >/dev/null 2>&1
}
if nightly; then
  MIRIFLAGS=-Zmiri-disable-isolation CARGO_TARGET_DIR=$ROOT/target/core-memory/miri checked Miri \
    cargo +nightly miri run -q --locked --manifest-path "$crate/Cargo.toml" -- 1 "$small"
else
  say "notice: rustup has no Miri here; CI runs it"
fi
# valgrind needs no other build of the crate; where it is not installed, AddressSanitizer does the same
# shellcheck disable=SC2086 # a list of files
if command -v valgrind >/dev/null; then
  CARGO_TARGET_DIR=$ROOT/target/core-memory quietly "building the crate" "read cargo's message above" cargo build -q --locked --manifest-path "$crate/Cargo.toml"
  checked valgrind valgrind -q --error-exitcode=9 "$ROOT/target/core-memory/debug/privet-core-memory" 100 "$small" $large
else
  RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Zsanitizer=address CARGO_TARGET_DIR=$ROOT/target/core-memory/asan quietly "building the crate" "read cargo's message above" \
    cargo build -q --locked --target "$(rustc -vV | sed -n 's/^host: //p')" --manifest-path "$crate/Cargo.toml"
  checked AddressSanitizer "$ROOT"/target/core-memory/asan/*/debug/privet-core-memory 2000 "$small" $large
fi
printf '{"part":"memory","checked by":"%s","undefined behaviour":%d}\n' "$(IFS=';'; echo "${checkers[*]}")" "$faults"

node --expose-gc scripts/trust/memory.mjs || faults=$((faults + 1))
PRIVET_TGZ=$ROOT/target/npm/privet.tgz node --test --test-reporter="$ROOT/pkg/test/support/reporter.mjs" pkg/test/recovery.test.mjs >&2 || faults=$((faults + 1))
[ "$faults" = 0 ]
