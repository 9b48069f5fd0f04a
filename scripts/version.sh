#!/usr/bin/env bash
# version.sh TAG: whether a tag, the npm package, the crate, the hooks of pre-commit and the changelog have one version.
# version.sh --notes TAG: prints the section of the changelog. Used by .github/workflows/release.yml.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
if [ "${1:-}" = --notes ]; then
  version=${2#v}
  notes=$(awk -v head="## [$version]" 'index($0, "## [") == 1 { on = index($0, head) == 1; next } on' CHANGELOG.md)
  [ -n "$notes" ] || die "CHANGELOG.md has no section [$version]" "name the section of the release by its version"
  printf '%s\n' "$notes"
  exit
fi
version=${1:?version.sh TAG}
version=${version#v}
expect() { # expect FILE PATTERN
  grep -qF -- "$2" "$1" || die "$1 does not have the version $version" "it must have: $2"
}
expect pkg/package.json "\"version\": \"$version\""
expect Cargo.toml "version = \"$version\""
expect .pre-commit-hooks.yaml "privet@$version "
expect examples/ci/privet.yml "privet-policy/privet@v$version"
expect CHANGELOG.md "## [$version]"
if grep -qF "## [$version] - Unreleased" CHANGELOG.md; then
  die "CHANGELOG.md says that $version is not released" "give the section the date of the release"
fi
