#!/usr/bin/env bash
# The proofs by enumeration of the built-in policies (tests/it/enumeration.rs, and privet/why in pkg/test/why.test.mjs). By default a sample of
# each operation's assignments is tried, and the fixes of one operation of 8; PRIVET_ENUMERATE=all tries all, which takes hours. The last line is a JSON object with the figures.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
cd "$ROOT"
need_cargo
export PRIVET_ENUMERATE=${PRIVET_ENUMERATE:-8}
LOG=$ROOT/target/enumeration.log
mkdir -p target
quietly "enumerating the built-in policies" "see the failing tests above" \
  bash -c "cargo test --features parallel --test it -- enumeration --nocapture >'$LOG' 2>&1 || { cat '$LOG'; exit 1; }"
grep -E '^(contact|dotdigital|vicidial): ' "$LOG" >&2 || true
sum() { sed -nE "s/$1/\1/p" "$LOG" | awk '{ sum += $1 } END { print sum + 0 }'; }
printf '{"part":"enumeration","fixes":%d,"sessions":%d,"dormant":%d,"tokens":%d,"flippedBits":%d,"why":%d,"differences":0}\n' \
  "$(sum '.*: fixes of ([0-9]+) questions.*')" "$(sum '.*: ([0-9]+) sessions answer.*')" "$(sum '.*, ([0-9]+) grants are dormant.*')" \
  "$(sum '.*: ([0-9]+) tokens,.*')" "$(sum '.*, ([0-9]+) with a flipped bit.*')" "$(wc -l <target/tmp/enumerated.jsonl)"
