#!/usr/bin/env bash
# Measures the packed npm package beside what else a product would take, in Node.js and in Chromium, and the parts of it
# by themselves; says where its bytes go, how costs grow on the actions of AWS IAM, and which budgets are met. All of it
# is left in target/bench: bench.json, bench.svg, growth.svg, bytes.json. docs/performance.md tells how to read it;
# `bench.sh write` writes the figures into that page.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
need_cargo
need_node
bash scripts/pack.sh || exit 1
install_packed "$ROOT/target/npm/installed"
npm_ci benches/node "the engines that Privet is measured beside, and the actions of AWS IAM (once)"
PRIVET_CHROMIUM=$(bash scripts/chromium.sh browser) || exit 1
export PRIVET_CHROMIUM PRIVET_INSTALLED=$ROOT/target/npm/installed
out=$ROOT/target/bench
mkdir -p "$out"

# names MODULE: a module as it is shipped, but with its functions' names; the core's build leaves one already
named() {
  local name=$1 in=target/wasm/$1/$WASM_TARGET/wasm/privet.wasm wasm_opt=pkg/node_modules/.bin/wasm-opt key
  [ "$name" = studio ] || { printf '%s\n' "target/wasm/$name.named.wasm"; return; }
  key=$(digest "$in" "$WASM_BINDGEN" "$(cat pkg/node_modules/binaryen/package.json)" "${WASM_OPT_FLAGS[*]} ${WASM_OPT_STUDIO[*]}")
  if ! fresh "$out/$name.stamp" "$key"; then
    quietly "naming the functions of $name.wasm" "read the message above" \
      "$WASM_BINDGEN" bindgen --target web --no-typescript --out-dir "$out/$name" --out-name "$name" "$in"
    quietly "optimising $name.wasm with its names" "read wasm-opt's message above" \
      "$wasm_opt" "${WASM_OPT_FLAGS[@]}" "${WASM_OPT_STUDIO[@]}" -g "$out/$name/${name}_bg.wasm" -o "$out/$name.named.wasm"
    echo "$key" >"$out/$name.stamp"
  fi
  printf '%s\n' "$out/$name.named.wasm"
}

# measure WHAT SCRIPT ARG..: runs a script of benches/node, its report on stdout
measure() {
  local what=$1 script=$2
  shift 2
  say "$what"
  printf '\n'
  node "benches/node/$script" "$@" || die "$what: failed" "read its message above"
}

wasm_setup
measure "beside other engines, in Node.js" beside.mjs "$out"
measure "beside other engines, in Chromium" browser.mjs "$out"
measure "the actions of AWS IAM as a policy" documents.mjs "$out/iam"
measure "starting, compiling, explaining, fixing, and how costs grow" studio.mjs "$out"
rm -rf target/criterion
run "natively, by Criterion" "read the messages above" \
  cargo bench --locked --bench '*' -- --noplot --quiet --warm-up-time 0.2 --measurement-time 0.5 --sample-size 10 >"$out/criterion.txt"
measure "where the bytes go" bytes.mjs "$out" "core=$(named core)" "studio=$(named studio)"
page=()
[ "${1:-}" != write ] || page=(docs/performance.md)
measure "together" report.mjs "$out" target/criterion "${page[@]}"
say "target/bench/bench.json, bench.svg, growth.svg, bytes.json"
