# shellcheck shell=bash disable=SC2034
# Sourced by the scripts beside it: where things are, how a step is announced, and how a failure is told.
# Every message goes to stderr, so that a script's stdout is only its result (a path, or lines to eval).
# Everything that is kept between checkouts lives in one folder: $PRIVET_CACHE, by default ~/.cache/privet.
set -Eeuo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${PRIVET_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/privet}
case $CACHE in /*) ;; *) CACHE=$PWD/$CACHE ;; esac
WASM_TARGET=wasm32-unknown-unknown
# What wasm-opt is told: only what is no larger than a call of it is inlined. -O3 leaves more bytes than -Oz, but fewer once they
# are compressed, and faster ones.
WASM_OPT_FLAGS=(-O3 --converge -aimfs=6 -fimfs=0 -ocimfs=0)
# And of the studio: its stack ends where memory begins, so what it may call its own lies above the first kilobyte.
WASM_OPT_STUDIO=(--low-memory-unused)
[ -t 2 ] || export CARGO_TERM_QUIET=${CARGO_TERM_QUIET:-true} # cargo's progress is for people

say() { printf 'privet: %s\n' "$*" >&2; }

# die WHAT [WHAT-TO-DO]
die() {
  printf 'privet: error: %s\n' "$1" >&2
  if [ -n "${2:-}" ]; then printf 'privet: what to do: %s\n' "$2" >&2; fi
  trap - ERR
  exit 1
}
trap 'die "${0##*/} stopped at line $LINENO: $BASH_COMMAND"' ERR

# need COMMAND WHAT-TO-DO
need() { command -v "$1" >/dev/null || die "the command '$1' is not on PATH" "$2"; }
need_cargo() { need cargo "install Rust 1.95 or newer with rustup (https://rustup.rs), then open a new shell"; }
need_node() {
  need node "install Node.js 20 or newer (https://nodejs.org)"
  need npm "install npm; it comes with Node.js (https://nodejs.org)"
}

# run WHAT WHAT-TO-DO COMMAND..: announces a step, and runs it with its output shown
run() {
  local what=$1 hint=$2
  shift 2
  say "$what"
  "$@" </dev/null || die "$what: failed (exit status $?)" "$hint"
}

# quietly WHAT WHAT-TO-DO COMMAND..: the same, but the output is shown only when the step fails
quietly() {
  local what=$1 hint=$2 log status=0
  shift 2
  say "$what"
  log=$(mktemp)
  "$@" </dev/null >"$log" 2>&1 || status=$?
  if [ "$status" != 0 ]; then cat "$log" >&2; fi
  rm -f "$log"
  [ "$status" = 0 ] || die "$what: failed (exit status $status)" "$hint"
}

sha256() { if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }

# digest FILE-OR-TEXT..: one hash of the files' names and contents; an argument that is no file counts as text
digest() {
  local x
  for x in "$@"; do
    if [ -f "$x" ]; then sha256 "$x"; else printf '%s\n' "$x"; fi
  done | sha256 | cut -c1-32
}

# fresh STAMP KEY: the stamp says that KEY is what was last made
fresh() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

# lock NAME: one process at a time in this cache (without flock(1), as on macOS, nobody waits)
lock() {
  mkdir -p "$CACHE" || die "cannot create the cache folder $CACHE" "set PRIVET_CACHE to a folder you can write to"
  exec 9>"$CACHE/$1.lock"
  if command -v flock >/dev/null && ! flock -n 9; then
    say "waiting for another build that holds $CACHE/$1.lock"
    flock 9
  fi
}

# wasm_cargo NAME ARG..: cargo for the wasm target, by a rustc that has it, into target/wasm/NAME. That rustc can be
# another one than the default, and cargo keeps one cdylib per folder whatever its features: so a folder per purpose.
wasm_cargo() {
  local name=$1
  shift
  (
    eval "$WASM_ENV"
    CARGO_TARGET_DIR=$ROOT/target/wasm/$name exec cargo "$@"
  )
}
# wasm_setup: sets what wasm_cargo needs, and WASM_BINDGEN, the path of wasm-bindgen's tool
wasm_setup() {
  need_cargo
  WASM_ENV=$(bash "$ROOT/scripts/setup-wasm.sh") || exit 1
  WASM_BINDGEN=$(bash "$ROOT/scripts/wasm-bindgen.sh") || exit 1
}

# npm_ci FOLDER WHAT [COMMAND..]: what the folder's package-lock.json names, installed there, once per lock. Another
# command than `ci` is for a lock that `ci` refuses, since a registry lacked packages of other platforms when it was made.
npm_ci() {
  local key command=("${@:3}")
  [ $# -gt 2 ] || command=(ci)
  key=$(digest "$(node -v)" "$(cat "$ROOT/$1/package-lock.json")")
  if fresh "$ROOT/$1/node_modules/.privet-lock" "$key"; then return; fi
  quietly "installing $2" \
    "read npm's message above; it needs the npm registry, and $1/package-lock.json in step with $1/package.json (run 'npm install' in $1)" \
    npm "${command[@]}" --prefix "$ROOT/$1" --ignore-scripts --no-audit --no-fund --prefer-offline
  echo "$key" >"$ROOT/$1/node_modules/.privet-lock"
}

# install_packed FOLDER: the packed npm package, installed there as a user would
install_packed() {
  local tgz=$ROOT/target/npm/privet.tgz key
  key=$(sha256 <"$tgz")
  if fresh "$1/node_modules/.privet-packed" "$key"; then return; fi
  rm -rf "$1"
  mkdir -p "$1"
  echo '{ "private": true, "type": "module" }' >"$1/package.json"
  quietly "installing the packed package into ${1#"$ROOT"/}" "read npm's message above" \
    npm install --prefix "$1" --no-package-lock --no-audit --no-fund --prefer-offline "$tgz"
  echo "$key" >"$1/node_modules/.privet-packed"
}

# edge_example: the worker of examples/edge with its tools and the packed npm package, ready to be started
edge_example() {
  local privet=$ROOT/examples/edge/node_modules/privet key
  npm_ci examples/edge "workerd and the tools of the edge example (once)" install --no-save
  key=$(sha256 <"$ROOT/target/npm/privet.tgz")
  if fresh "$privet/.privet-packed" "$key"; then return; fi
  rm -rf "$privet"
  mkdir -p "$privet"
  tar -xzf "$ROOT/target/npm/privet.tgz" --strip-components=1 -C "$privet"
  echo "$key" >"$privet/.privet-packed"
}
