#!/usr/bin/env bash
# Measures the packed npm package and other engines in Node.js and in Chromium, the native benchmarks, the size of the
# modules by function, and the growth of costs on AWS IAM; prints a verdict for each budget. The results are written to
# target/bench: bench.json, bench.svg, growth.svg, bytes.json. docs/performance.md explains them; `bench.sh write` updates
# the figures in that page.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
need_cargo
need_node
bash scripts/pack.sh || exit 1
install_packed "$ROOT/target/npm/installed"
npm_ci benches/node "the other engines, the AWS IAM data and the chart library (once)"
PRIVET_CHROMIUM=$(bash scripts/chromium.sh browser) || exit 1
export PRIVET_CHROMIUM PRIVET_INSTALLED=$ROOT/target/npm/installed
out=$ROOT/target/bench
mkdir -p "$out"

# named MODULE: prints the path of the shipped module with function names; build.sh already makes it for the core
named() {
  local name=$1 in=target/wasm/$1/$WASM_TARGET/wasm/privet.wasm wasm_opt=pkg/node_modules/.bin/wasm-opt key
  [ "$name" = studio ] || { printf '%s\n' "target/wasm/$name.named.wasm"; return; }
  key=$(digest "$in" "$WASM_BINDGEN" "$(cat pkg/node_modules/binaryen/package.json)" "${WASM_OPT_FLAGS[*]} ${WASM_OPT_STUDIO[*]}")
  if ! fresh "$out/$name.stamp" "$key"; then
    quietly "building $name.wasm with function names" "read the message above" \
      "$WASM_BINDGEN" bindgen --target web --no-typescript --out-dir "$out/$name" --out-name "$name" "$in"
    quietly "optimising $name.wasm with function names" "read wasm-opt's message above" \
      "$wasm_opt" "${WASM_OPT_FLAGS[@]}" "${WASM_OPT_STUDIO[@]}" -g "$out/$name/${name}_bg.wasm" -o "$out/$name.named.wasm"
    echo "$key" >"$out/$name.stamp"
  fi
  printf '%s\n' "$out/$name.named.wasm"
}

# measure WHAT SCRIPT ARG..: runs a script of benches/node; its report goes to stdout
measure() {
  local what=$1 script=$2
  shift 2
  say "$what"
  printf '\n'
  node "benches/node/$script" "$@" || die "$what: failed" "read its message above"
}

wasm_setup
measure "comparing engines in Node.js" compare.mjs "$out"
measure "comparing engines in Chromium" browser.mjs "$out"
measure "building policies from the actions of AWS IAM" iam-documents.mjs "$out/iam"
measure "measuring start-up, compile, explain, fixes, and their growth" studio.mjs "$out"
rm -rf target/criterion
run "running the native benchmarks (Criterion)" "read the messages above" \
  cargo bench --locked --bench '*' -- --noplot --quiet --warm-up-time 0.2 --measurement-time 0.5 --sample-size 10 >"$out/criterion.txt"
run "comparing a population with sessions, one by one" "a count differs: see above" \
  grep "decisions by sessions, one by one" "$out/criterion.txt"
languages=(rust python)
if command -v go >/dev/null; then languages+=(go); fi
if command -v javac >/dev/null && command -v mvn >/dev/null; then languages+=(java); fi
say "measuring the hosts side by side"
bash scripts/hosts.sh bench "${languages[@]}" || exit 1
measure "measuring module sizes by function" bytes.mjs "$out" "core=$(named core)" "studio=$(named studio)"
page=()
[ "${1:-}" != write ] || page=(docs/performance.md)
measure "combining the results" report.mjs "$out" target/criterion "${page[@]}"
say "wrote target/bench/bench.json, bench.svg, growth.svg, bytes.json"
