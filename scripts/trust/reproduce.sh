#!/usr/bin/env bash
# Builds the npm package from scratch in another folder, and compares the file with the one that was built here, byte by byte. Prints one line of JSON.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
cd "$ROOT"
bash scripts/pack.sh || exit 1
other=$(mktemp -d)/in/another/folder
mkdir -p "$other"
trap 'rm -rf "${other%/in/another/folder}"' EXIT
git ls-files -z | xargs -0 cp --parents -t "$other"
# The scripts find their files from where they are, so this builds there; what is shared is the cache of tools
run "building the package a second time, in $other" "see the message above" env -u CARGO_TARGET_DIR bash "$other/scripts/pack.sh" >&2
here=$(sha256 <target/npm/privet.tgz | cut -c1-64)
there=$(sha256 <"$other/target/npm/privet.tgz" | cut -c1-64)
differences=0
if [ "$here" != "$there" ]; then
  mkdir -p "$other/a" "$other/b"
  tar -xzf target/npm/privet.tgz -C "$other/a"
  tar -xzf "$other/target/npm/privet.tgz" -C "$other/b"
  diff -rq "$other/a" "$other/b" >&2 || true
  differences=1
fi
printf '{"part":"reproducible build","files":%d,"sha256":"%s","differences":%d}\n' "$(tar -tzf target/npm/privet.tgz | wc -l)" "$here" "$differences"
[ "$differences" = 0 ]
