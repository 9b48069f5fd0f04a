#!/usr/bin/env bash
# Supply chain: the licences, sources and versions of the crates in every lock file (deny.toml), and the advisories about them and about the
# packages of npm. Where a database of advisories cannot be reached, that is told and no fault: the other checks need no network.
# Prints one line of JSON.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
cd "$ROOT"
need_node
deny=$(bash scripts/tools.sh cargo-deny) || exit 1
log=$(mktemp)
crates=0 faults=0 advisories=reached npm=reached

locks=$(git ls-files '*Cargo.lock')
for lock in $locks; do
  manifest=${lock%lock}toml
  say "checking the crates of $lock"
  crates=$((crates + $(grep -c '^\[\[package\]\]' "$lock")))
  # Warnings are about two versions of a crate, and about licences in deny.toml that this lock does not need
  if ! "$deny" --log-level error --config deny.toml --manifest-path "$manifest" check --hide-inclusion-graph bans licenses sources >"$log" 2>&1; then
    cat "$log" >&2
    faults=$((faults + 1))
  fi
  if [ "$advisories" = reached ] && ! "$deny" --log-level error --config deny.toml --manifest-path "$manifest" check --hide-inclusion-graph advisories >"$log" 2>&1; then
    if grep -qE 'failed to (fetch|load|open|acquire) .*(advisory|database)|unable to access' "$log"; then
      say "notice: the database of advisories about crates cannot be reached; they are not checked"
      advisories=unreachable
    else
      cat "$log" >&2
      faults=$((faults + 1))
    fi
  fi
done

# What users install: the package's own dependencies. What is bundled is among the development dependencies, so all are audited.
packages=0
for lock in $(git ls-files '*package-lock.json'); do
  packages=$((packages + $(node -p 'Object.keys(require(process.argv[1]).packages).length - 1' "$ROOT/$lock")))
done
for folder in pkg www; do
  [ "$npm" = reached ] || break
  say "auditing the packages of $folder"
  npm audit --prefix "$folder" --json >"$log" 2>/dev/null || true
  case $(node -p 'const { error, message, metadata } = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8") || "{}");
    metadata ? metadata.vulnerabilities.high + metadata.vulnerabilities.critical : "unreachable"' "$log") in
    0) ;;
    unreachable)
      say "notice: the registry refuses \`npm audit\`; the packages of npm are not audited"
      npm=unreachable
      ;;
    *)
      npm audit --prefix "$folder" >&2 || true
      faults=$((faults + 1))
      ;;
  esac
done
rm -f "$log"
printf '{"part":"supply chain","crates":%d,"packages":%d,"advisories about crates":"%s","advisories about packages":"%s","faults":%d}\n' \
  "$crates" "$packages" "$advisories" "$npm" "$faults"
[ "$faults" = 0 ]
