#!/usr/bin/env bash
# Runs the tests by kind and stops at the first kind that fails.
#   test.sh [native|node|browser|npm|hosts|runtimes|page|editors]..   (default: all eight)
# native: cargo test. node, browser: tests/it/cases as WebAssembly in Node.js and in headless Chromium. npm: `npm test` in pkg,
# with PRIVET_TGZ (the packed package) and PRIVET_INSTALLED (a folder with that package in its node_modules), and examples/node.
# hosts: the conformance suite through the hosts in conformance/hosts, which are written from docs/format.md alone, and through the Python wrapper
# of the host module (all wrappers: make hosts).
# editors: the extension for Visual Studio Code. page: the permission preview in headless Chromium; saves screenshots to target/www/screenshots.
# runtimes: pkg/test/runtimes, the package in every runtime and bundler, its build plugins and `privet serve`; `RUNTIMES="vite deno"` selects some.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
need_cargo
COMPILER="read the compiler's message above"
FAILED="see the failing tests above; 'bash scripts/test.sh KIND' runs one kind alone (native, node, browser, npm, hosts, runtimes, page, editors)"

# All cores. The WebAssembly tests and the benchmarks cover the single-threaded build.
NATIVE=(--features parallel)

# CARGO_TERM_QUIET is for compiling only: it would also shorten the output of the tests
native_tests() {
  run "compiling the native tests" "$COMPILER" cargo test "${NATIVE[@]}" --no-run
  CARGO_TERM_QUIET=false run "testing natively" "$FAILED" cargo test "${NATIVE[@]}"
}
wasm_tests() { # wasm_tests WHERE
  local args=(test --target "$WASM_TARGET" --test it)
  run "compiling the tests for WebAssembly" "$COMPILER" wasm_cargo tests "${args[@]}" --no-run
  CARGO_TERM_QUIET=false run "testing in $1" "$FAILED" \
    wasm_cargo tests "${args[@]}" --config "target.$WASM_TARGET.runner=[\"$WASM_BINDGEN\"]"
}
npm_tests() {
  bash scripts/prepare.sh || exit 1
  PRIVET_TGZ=$ROOT/target/npm/privet.tgz PRIVET_INSTALLED=$ROOT/target/npm/installed \
    run "testing the npm package" "$FAILED" npm test --prefix pkg
  PRIVET_TGZ=$ROOT/target/npm/privet.tgz PRIVET_INSTALLED=$ROOT/target/npm/installed \
    PRIVET_CORE=privet/js run "testing privet/js as privet" "$FAILED" \
    node --test --test-reporter="$ROOT/pkg/test/support/reporter.mjs" \
    pkg/test/{bounds,cases,casl,core,forged,format,hostile,live,package,proxies,questions,ssr,subjects,token}.test.mjs
  run "comparing the sizes with those of the last commit" "see the line above" node pkg/build/sizes.mjs "$ROOT/target/npm/installed"
  node_example
}
# Runs examples/node as a user's project: a copy beside the installed package
node_example() {
  cp examples/node/decide.mjs target/npm/installed/
  run "running examples/node/decide.mjs" "$FAILED" node target/npm/installed/decide.mjs
}
runtimes_tests() {
  local chromium
  bash scripts/pack.sh || exit 1
  chromium=$(bash scripts/chromium.sh browser) || exit 1
  PRIVET_FIREFOX=$(bash scripts/browsers.sh firefox) || exit 1
  PRIVET_WEBKIT=$(bash scripts/browsers.sh webkit) || exit 1
  PRIVET_NODE_22=$(bash scripts/nodes.sh 22) || exit 1
  PRIVET_NODE_24=$(bash scripts/nodes.sh 24) || exit 1
  export PRIVET_FIREFOX PRIVET_WEBKIT PRIVET_NODE_22 PRIVET_NODE_24
  npm_ci pkg/test/runtimes "the runtimes and bundlers (once, half a gigabyte)" install --no-save
  npm_ci pkg/test/runtimes/engines "engines without WebAssembly (once)" install --no-save
  install_packed "$ROOT/target/runtimes"
  authzen_example
  run "building the server example" "$COMPILER" \
    cargo build --locked --manifest-path examples/server/Cargo.toml --target-dir target/server
  # shellcheck disable=SC2086 # names separated by spaces
  PRIVET_TGZ=$ROOT/target/npm/privet.tgz PRIVET_APP=$ROOT/target/runtimes PRIVET_EDGE=$ROOT/examples/edge PRIVET_AUTHZEN=$ROOT/examples/authzen PRIVET_SERVER=$ROOT/target/server/debug/privet-server-example PRIVET_CHROMIUM=$chromium \
    run "testing the npm package in every runtime" "$FAILED" node pkg/test/runtimes/run.mjs ${RUNTIMES:-}
}

hosts_tests() {
  local python
  python=$(bash scripts/python.sh) || exit 1
  run "testing the Python host" "$FAILED" "$python" conformance/hosts/python/conform.py conformance/5
  bash scripts/hosts.sh python || exit 1
}
editors_tests() {
  bash scripts/pack.sh || exit 1
  install_packed "$ROOT/target/npm/installed"
  npm_ci editors/vscode "the tools of the extension for Visual Studio Code (once)"
  PRIVET_INSTALLED=$ROOT/target/npm/installed run "testing and packaging the extension for Visual Studio Code" "$FAILED" \
    node --test --test-reporter="$ROOT/pkg/test/support/reporter.mjs" editors/vscode/test/*.test.mjs
}
page_tests() {
  local chromium page
  bash scripts/pack.sh || exit 1
  page=$ROOT/target/www/page
  chromium=$(bash scripts/chromium.sh browser) || exit 1
  PRIVET_PAGE=$page PRIVET_CHROMIUM=$chromium PRIVET_PICTURES=$ROOT/target/www/screenshots \
    run "testing the permission preview in headless Chromium" "$FAILED" \
    node --test --test-concurrency=2 --test-reporter="$ROOT/pkg/test/support/reporter.mjs" www/test/*.test.mjs
  PRIVET_PAGE=$page PRIVET_CHROMIUM=$chromium run "measuring the permission preview" "$FAILED" \
    node --test --test-reporter="$ROOT/pkg/test/support/reporter.mjs" www/test/measure.mjs
}

if [ $# = 0 ]; then set -- native node browser npm hosts runtimes page editors; fi
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
    hosts) hosts_tests ;;
    runtimes) runtimes_tests ;;
    page) page_tests ;;
    editors) editors_tests ;;
    *) die "unknown kind of tests: '$kind'" "use native, node, browser, npm, hosts, runtimes, page or editors" ;;
  esac
done
