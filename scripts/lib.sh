# shellcheck shell=bash disable=SC2034
# Shared by the scripts in this folder: paths, progress messages and error messages.
# All messages go to stderr; the stdout of a script is its result (a path, or lines to eval).
# Files shared between checkouts are in one folder: $PRIVET_CACHE, by default ~/.cache/privet.
set -Eeuo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${PRIVET_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/privet}
case $CACHE in /*) ;; *) CACHE=$PWD/$CACHE ;; esac
WASM_TARGET=wasm32-unknown-unknown
# Inlines only functions that are no larger than a call. -O3 output is larger than -Oz output, but smaller after compression,
# and faster.
WASM_OPT_FLAGS=(-O3 --converge -aimfs=6 -fimfs=0 -ocimfs=0)
# The studio's stack grows down to address 0, so no data lies below 1024.
WASM_OPT_STUDIO=(--low-memory-unused)
# The features that all hosts of the host module have: docs/host.md.
WASM_OPT_HOST=(--mvp-features --enable-sign-ext --enable-nontrapping-float-to-int --enable-bulk-memory --low-memory-unused)
[ -t 2 ] || export CARGO_TERM_QUIET=${CARGO_TERM_QUIET:-true} # no progress bar without a terminal

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

# run WHAT WHAT-TO-DO COMMAND..: announces a step and runs it, showing its output
run() {
  local what=$1 hint=$2
  shift 2
  say "$what"
  "$@" </dev/null || die "$what: failed (exit status $?)" "$hint"
}

# quietly WHAT WHAT-TO-DO COMMAND..: the same, but shows the output only if the step fails
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

# digest FILE-OR-TEXT..: one hash of all arguments; a file counts with its name and content, other arguments as text
digest() {
  local x
  for x in "$@"; do
    if [ -f "$x" ]; then sha256 "$x"; else printf '%s\n' "$x"; fi
  done | sha256 | cut -c1-32
}

# fresh STAMP KEY: whether the stamp file records KEY as the last build
fresh() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

# lock NAME: waits for an exclusive lock in the cache (no locking without flock(1), as on macOS)
lock() {
  mkdir -p "$CACHE" || die "cannot create the cache folder $CACHE" "set PRIVET_CACHE to a folder you can write to"
  exec 9>"$CACHE/$1.lock"
  if command -v flock >/dev/null && ! flock -n 9; then
    say "waiting for another build (lock: $CACHE/$1.lock)"
    flock 9
  fi
}

# apt_install WHAT BY-HAND PACKAGE..: installs Debian packages (as root); BY-HAND says what a user can do instead
apt_install() {
  local what=$1 by_hand=$2
  shift 2
  command -v apt-get >/dev/null || die "$what: not found" "$by_hand"
  [ "$(id -u)" = 0 ] || die "$what: not found, and installing it requires root" "$by_hand"
  export DEBIAN_FRONTEND=noninteractive
  lock apt
  quietly "installing $what: apt-get update" "$by_hand" apt-get -q update
  quietly "installing $what: $* (once)" "$by_hand" apt-get -q -o DPkg::Lock::Timeout=120 install -y --no-install-recommends "$@"
}

# wasm_cargo NAME ARG..: runs cargo for the wasm target, with a rustc that supports it, in target/wasm/NAME. Each purpose has
# its own folder: the rustc may differ from the default, and cargo keeps one cdylib per folder regardless of its features.
wasm_cargo() {
  local name=$1
  shift
  (
    eval "$WASM_ENV"
    CARGO_TARGET_DIR=$ROOT/target/wasm/$name exec cargo "$@"
  )
}
# wasm_setup: sets WASM_ENV for wasm_cargo, and WASM_BINDGEN, the path of the wasm-bindgen tool
wasm_setup() {
  need_cargo
  WASM_ENV=$(bash "$ROOT/scripts/setup-wasm.sh") || exit 1
  WASM_BINDGEN=$(bash "$ROOT/scripts/wasm-bindgen.sh") || exit 1
}

# npm_ci FOLDER WHAT [COMMAND..]: installs the packages of the folder's package-lock.json, once per lock file. The command is
# `ci` unless given; some locks need another, since they lack optional packages of other platforms, which `ci` rejects.
npm_ci() {
  local key command=("${@:3}")
  [ $# -gt 2 ] || command=(ci)
  key=$(digest "$(node -v)" "$(cat "$ROOT/$1/package-lock.json")")
  if fresh "$ROOT/$1/node_modules/.privet-lock" "$key"; then return; fi
  quietly "installing $2" \
    "read npm's message above; this needs the npm registry, and $1/package-lock.json must match $1/package.json (run 'npm install' in $1)" \
    npm "${command[@]}" --prefix "$ROOT/$1" --ignore-scripts --no-audit --no-fund --prefer-offline
  echo "$key" >"$ROOT/$1/node_modules/.privet-lock"
}

# install_packed FOLDER: installs the packed npm package into a new project, as a user would
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

# authzen_example: gives examples/authzen the packages of examples/edge, which has the same tools. Debian's nginx is installed where that
# is possible; its service is not started (run level 1).
authzen_example() {
  edge_example
  ln -sfn ../edge/node_modules "$ROOT/examples/authzen/node_modules"
  PATH=$PATH:/usr/sbin
  if command -v nginx >/dev/null; then return; fi
  if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    RUNLEVEL=1 apt_install nginx "install nginx (Debian: apt-get install nginx)" nginx
  fi
}

# edge_example: installs the tools of examples/edge and the packed npm package
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
