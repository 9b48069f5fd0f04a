#!/usr/bin/env bash
# Coverage of pkg/src by the tests of the package in Node.js (the libraries of c8). Prints a line of JSON; a share of lines below 95 % is a fault.
# By file: target/coverage/pkg.json. It needs scripts/prepare.sh.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
cd "$ROOT"
out=$ROOT/target/coverage
mkdir -p "$out"
app=$(bash scripts/trust/package-again.sh "$out" "--inlineSourceMap --inlineSources") || exit 1
rm -rf "$out/v8"
# Without tests that run for long, or compile examples and types, and reach nothing that others do not
tests=$(cd pkg && ls test/*.test.mjs | grep -vE 'test/(adapter-types|api|architecture|bounds|cedar|ci|component|docs-edge|docs-start|edge-model|forged|memory|readme.*|recovery|third-party|types)\.')
# shellcheck disable=SC2086 # a list of files
(cd pkg && NODE_V8_COVERAGE=$out/v8 PRIVET_TGZ=$ROOT/target/npm/privet.tgz PRIVET_INSTALLED=$app \
  quietly "testing pkg/src with counters" "see the failing tests above" node --test --test-reporter=./test/support/reporter.mjs $tests)
node scripts/trust/package-coverage.mjs "$app" "$out/v8"
