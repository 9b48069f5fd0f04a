#!/usr/bin/env bash
# Runs the tests, each kind by its own runner, whose summary is shown; stops at the first kind that fails.
#   test.sh [native|node|browser|npm|runtimes|page]..   (all six when none is named)
# native: cargo test. node, browser: tests/cases*.rs as WebAssembly, in Node.js and in headless Chromium. npm: `npm test`
# in pkg, with PRIVET_TGZ (the packed package) and PRIVET_INSTALLED (a folder with that package in its node_modules).
# page: the permission preview in headless Chromium; pictures of its views are kept in target/www/screenshots.
# runtimes: pkg/test/runtimes, the same package in every runtime and bundler; `RUNTIMES="vite deno"` runs those alone.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
need_cargo
COMPILER="read the compiler's message above"
FAILED="see the failing tests above; 'bash scripts/test.sh KIND' runs one kind alone (native, node, browser, npm, runtimes, page)"

# With every core; what does without is what WebAssembly and the benches run
NATIVE=(--features parallel)

# cargo is quiet while it compiles, but not when it runs tests: it would make their runners terse as well
native_tests() {
  run "compiling the native tests" "$COMPILER" cargo test "${NATIVE[@]}" --no-run
  CARGO_TERM_QUIET=false run "testing natively" "$FAILED" cargo test "${NATIVE[@]}"
}
wasm_tests() { # wasm_tests WHERE
  local file args=(test --target "$WASM_TARGET")
  for file in tests/cases*.rs; do
    [ -f "$file" ] || die "there is no tests/cases*.rs to run as WebAssembly" "put the cases that every platform shares there"
    file=${file##*/}
    args+=(--test "${file%.rs}")
  done
  run "compiling the tests for WebAssembly" "$COMPILER" wasm_cargo tests "${args[@]}" --no-run
  CARGO_TERM_QUIET=false run "testing in $1" "$FAILED" \
    wasm_cargo tests "${args[@]}" --config "target.$WASM_TARGET.runner=[\"$WASM_BINDGEN\"]"
}
npm_tests() {
  bash scripts/pack.sh || exit 1
  install_packed "$ROOT/target/npm/installed"
  # What the library says of random policies, for the package to say too
  run "writing down what the library says" "$FAILED" cargo test "${NATIVE[@]}" --quiet --test random_policies what_the_package
  PRIVET_TGZ=$ROOT/target/npm/privet.tgz PRIVET_INSTALLED=$ROOT/target/npm/installed \
    run "testing the npm package" "$FAILED" npm test --prefix pkg
}
runtimes_tests() {
  local chromium
  bash scripts/pack.sh || exit 1
  chromium=$(bash scripts/chromium.sh browser) || exit 1
  npm_ci pkg/test/runtimes "the runtimes and bundlers (once, half a gigabyte)" install --no-save
  install_packed "$ROOT/target/runtimes"
  edge_example
  run "building the server example" "$COMPILER" \
    cargo build --locked --manifest-path examples/server/Cargo.toml --target-dir target/server
  # shellcheck disable=SC2086 # names of runners, separated by spaces
  PRIVET_TGZ=$ROOT/target/npm/privet.tgz PRIVET_APP=$ROOT/target/runtimes PRIVET_EDGE=$ROOT/examples/edge PRIVET_SERVER=$ROOT/target/server/debug/privet-server-example PRIVET_CHROMIUM=$chromium \
    run "testing the npm package in every runtime" "$FAILED" node pkg/test/runtimes/run.mjs ${RUNTIMES:-}
}

page_tests() {
  local chromium page
  page=$(bash scripts/page.sh) || exit 1
  chromium=$(bash scripts/chromium.sh browser) || exit 1
  PRIVET_PAGE=$page PRIVET_CHROMIUM=$chromium PRIVET_PICTURES=$ROOT/target/www/screenshots \
    run "testing the permission preview in headless Chromium" "$FAILED" \
    node --test --test-concurrency=2 --test-reporter="$ROOT/pkg/test/support/reporter.mjs" www/test/*.test.mjs
  PRIVET_PAGE=$page PRIVET_CHROMIUM=$chromium run "measuring the permission preview" "$FAILED" \
    node --test --test-reporter="$ROOT/pkg/test/support/reporter.mjs" www/test/measure.mjs
}

if [ $# = 0 ]; then set -- native node browser npm runtimes page; fi
for kind; do
  case $kind in
    native) native_tests ;;
    node)
      need_node
      wasm_setup
      unset WASM_BINDGEN_USE_BROWSER
      wasm_tests "Node.js"
      ;;
    browser)
      wasm_setup
      CHROMEDRIVER=$(bash scripts/chromium.sh) || exit 1
      export CHROMEDRIVER WASM_BINDGEN_USE_BROWSER=1 WASM_BINDGEN_TEST_TIMEOUT=300
      wasm_tests "headless Chromium"
      ;;
    npm) npm_tests ;;
    runtimes) runtimes_tests ;;
    page) page_tests ;;
    *) die "no tests of the kind '$kind'" "name native, node, browser, npm, runtimes or page" ;;
  esac
done
