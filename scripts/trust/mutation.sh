#!/usr/bin/env bash
# A sample of the mutants of the Rust library, and of those of the package. Prints two lines of JSON.
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
status=0
node scripts/trust/mutants.mjs sample || status=1
node scripts/trust/package-mutants.mjs sample || status=1
exit "$status"
