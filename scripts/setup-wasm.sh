#!/usr/bin/env bash
# Sets up `cargo build --target wasm32-unknown-unknown`, also where rustup cannot download targets. Does not need root.
#   e=$(bash scripts/setup-wasm.sh) && eval "$e"   # prints `export RUSTC=.. RUSTDOC=..`, or nothing if the default rustc works
# It tries: 1. an installed target; 2. `rustup target add`; 3. Debian's rustc-web, unpacked (not installed) into the cache, with
# std built once from Debian's sources. WASM_FORCE_FALLBACK=1 starts with 3.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

DIR=$CACHE/wasm-toolchain
USR=$DIR/usr
FALLBACK=$USR/bin/rustc
FORCE=${WASM_FORCE_FALLBACK:-0}
BY_HAND="make \`rustup target add $WASM_TARGET\` work, or run on Debian 12 (or newer), whose package rustc-web is the fallback; then run the same command again"

has_target() { # has_target RUSTC: whether its sysroot has std for the target
  local libs
  libs=$("$1" --print target-libdir --target "$WASM_TARGET" 2>/dev/null) || return 1
  compgen -G "$libs/libstd-*.rlib" >/dev/null
}
use_fallback() {
  printf 'export RUSTC=%q RUSTDOC=%q\n' "$FALLBACK" "$USR/bin/rustdoc"
  exit 0
}
add_by_rustup() { # with a timeout of two minutes, in case the server does not answer
  local limit=()
  if command -v timeout >/dev/null; then limit=(timeout 120); fi
  RUSTUP_MAX_RETRIES=0 ${limit[@]+"${limit[@]}"} rustup target add "$WASM_TARGET" </dev/null 2>&1
}

need_cargo
if [ "$FORCE" != 1 ] && has_target "${RUSTC:-rustc}"; then exit 0; fi
if [ -f "$DIR/.done" ] && has_target "$FALLBACK"; then use_fallback; fi
lock wasm-toolchain
if [ -f "$DIR/.done" ] && has_target "$FALLBACK"; then use_fallback; fi
if [ "$FORCE" != 1 ]; then
  if ! command -v rustup >/dev/null; then
    why="rustup is not installed"
  else
    say "adding the Rust target $WASM_TARGET with rustup"
    if why=$(add_by_rustup) && has_target "${RUSTC:-rustc}"; then exit 0; fi
    why="rustup failed: $(printf '%s\n' "$why" | grep -E 'error|caused|[0-9]: ' | tail -n 3 | tr '\n' ' ' || true)"
  fi
  say "$why; falling back to Debian's packages"
fi

# ---- The fallback. $step is the current step, for error messages.
step="looking for apt-get, dpkg and a C compiler"
trap 'die "no Rust for $WASM_TARGET: failed while $step" "$BY_HAND"' ERR
for c in apt-get apt-cache dpkg tar cc; do
  command -v "$c" >/dev/null || die "no Rust for $WASM_TARGET, and no '$c' for the fallback" "$BY_HAND"
done
rm -rf "$DIR"
mkdir -p "$DIR"/{apt/lists/partial,apt/cache/archives/partial,debs,build/src}
APT=(-qq -o "Dir::State::Lists=$DIR/apt/lists" -o "Dir::Cache=$DIR/apt/cache" -o Debug::NoLocking=1 -o "APT::Sandbox::User=$(id -un)")
LOG=$DIR/log
logged() { "$@" </dev/null >"$LOG" 2>&1 || { cat "$LOG" >&2; return 1; }; }

step="reading Debian's package lists (apt-get update)"
say "fallback 1/3: $step"
logged apt-get "${APT[@]}" update || say "apt-get update reported errors; continuing with the lists that were read"
step="finding the package rustc-web in Debian's lists"
depends() { apt-cache "${APT[@]}" depends "$1" | sed -nE "s/^ *\|?Depends: ($2)\$/\1/p" | head -n 1; }
std=$(depends libstd-rust-web-dev 'libstd-rust-web-[0-9.]+') # its version changes with Debian's updates
[ -n "$std" ]
llvm=$(depends "$std" 'libllvm[0-9]+')
[ -n "$llvm" ]
lld=lld-${llvm#libllvm}
# Their shared libraries that are not installed (usually none)
more=$(apt-get "${APT[@]}" install -y --no-install-recommends --print-uris rustc-web "$lld" 2>/dev/null |
  sed -nE "s/^'[^']*' ([^_]+)_.*/\1/p" | grep -E '^lib(z3|edit|xml2|icu|bsd|md|ffi|zstd)' || true)

step="downloading Debian's rustc-web, rust-web-src, $lld and their dependencies"
say "fallback 2/3: $step (about 140 MB)"
# shellcheck disable=SC2086 # $more is a list of words
(cd "$DIR/debs" && logged apt-get "${APT[@]}" download rustc-web "$std" libstd-rust-web-dev rust-web-src "$llvm" "$lld" $more)
step="unpacking them"
for deb in "$DIR"/debs/*.deb; do
  case $deb in
    */rust-web-src_*) # only the sources of std (tar fails if a pattern matches nothing)
      dpkg --fsys-tarfile "$deb" | tar -x -C "$DIR" --wildcards './usr/src/rustc-*/library' './usr/src/rustc-*/src/llvm-project/libunwind' 2>/dev/null || true ;;
    *) dpkg -x "$deb" "$DIR" ;;
  esac
done
rm -rf "$DIR/debs" "$DIR/apt"
src=$(echo "$USR"/src/rustc-*)
[ -d "$src/library/std" ]
mkdir -p "$USR/lib/rustlib/src"
ln -sfn "../../../src/${src##*/}" "$USR/lib/rustlib/src/rust"
multiarch=$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || cc -dumpmachine)
for b in rustc rustdoc; do # a wrapper sets the library path relative to the cache
  mv "$USR/bin/$b" "$USR/bin/$b.real"
  cat >"$USR/bin/$b" <<W
#!/bin/sh
d=\$(dirname "\$(readlink -f "\$0")")
LD_LIBRARY_PATH="\$d/../lib/$multiarch\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}" exec "\$d/$b.real" "\$@"
W
  chmod +x "$USR/bin/$b"
done
host=$("$FALLBACK" -vV | sed -n 's/^host: //p')
[ -n "$host" ]
mkdir -p "$USR/lib/rustlib/$host/bin" # rustc looks for the linker `rust-lld` here
ln -sfn "../../../llvm-${llvm#libllvm}/bin/lld" "$USR/lib/rustlib/$host/bin/rust-lld"

step="building std for $WASM_TARGET with $("$FALLBACK" -V)"
say "fallback 3/3: $step (once, about a minute)"
cd "$DIR/build"
echo '#![no_std]' >src/lib.rs
cat >Cargo.toml <<'W'
[package]
name = "std-builder"
version = "0.0.0"
edition = "2021"
[workspace]
[profile.release]
opt-level = 3
lto = "off" # not `false`: cargo would then pass -Cembed-bitcode=no, which rules out LTO with this std
codegen-units = 1
W
sep=$'\x1f' # CARGO_ENCODED_RUSTFLAGS, since RUSTFLAGS cannot contain paths with spaces
logged env -u CARGO_TARGET_DIR -u CARGO_BUILD_TARGET -u RUSTC_WRAPPER -u RUSTC_WORKSPACE_WRAPPER \
  RUSTC="$FALLBACK" RUSTC_BOOTSTRAP=1 \
  CARGO_ENCODED_RUSTFLAGS="-Cembed-bitcode=yes$sep--remap-path-prefix=$src=/rustc/std$sep--remap-path-prefix=$USR/lib/rustlib/src/rust=/rustc/std" \
  cargo build -q --release --target "$WASM_TARGET" -Zbuild-std=std,panic_abort,panic_unwind,proc_macro,test --offline \
  --target-dir "$DIR/build/target" \
  --config 'source.crates-io.replace-with="vendored"' --config "source.vendored.directory=\"$src/library/vendor\""
lib=$USR/lib/rustlib/$WASM_TARGET/lib
mkdir -p "$lib"
cp "$DIR/build/target/$WASM_TARGET"/release/deps/*.rlib "$lib/"
rm -f "$lib"/libstd_builder*
cd "$DIR"
rm -rf "$DIR/build" "$USR/share" "$USR/src" "$USR/lib/rustlib/src"

step="testing the new toolchain with std and LTO"
has_target "$FALLBACK"
echo '#[unsafe(no_mangle)] pub extern "C" fn f(n: usize) -> usize { vec![0u8; n].iter().map(|x| *x as usize + n).sum() }' >"$DIR/try.rs"
logged "$FALLBACK" --edition 2024 --target "$WASM_TARGET" --crate-type cdylib -Copt-level=3 -Clto=fat -o "$DIR/try.wasm" "$DIR/try.rs"
rm -f "$DIR"/try.* "$LOG"
touch "$DIR/.done"
use_fallback
