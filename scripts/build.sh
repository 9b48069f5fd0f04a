#!/usr/bin/env bash
# Builds what the npm package is made of: the two WebAssembly modules into pkg/wasm (core: decisions only; studio: also
# compile, check and explain) and the TypeScript into pkg/dist. `build.sh wasm` stops before the TypeScript.
# cargo and stamps decide what is fresh: a second run does nothing.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
need_node
wasm_setup
mkdir -p target pkg/wasm

npm_ci pkg "the npm tools (TypeScript, wasm-opt, esbuild)"
wasm_opt=pkg/node_modules/.bin/wasm-opt
if [ ! -x "$wasm_opt" ]; then
  say "notice: no $wasm_opt, the modules stay unoptimised (add binaryen to the devDependencies)"
  wasm_opt=
fi

# No path of this machine in the modules (panic messages name source files), and the small form of SHA-256
sep=$'\x1f'
export CARGO_ENCODED_RUSTFLAGS="--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}/registry/src=/cargo${sep}--remap-path-prefix=$ROOT=/privet${sep}--cfg${sep}sha2_backend_soft=\"compact\""

# `cargo rustc --crate-type cdylib`, because an rlib built beside the cdylib turns link-time optimisation off (+20 % bytes)
# Nothing is inlined but what is called once, for it would be there twice.
smallest=(-Oz --converge -aimfs=0 -fimfs=0 -ocimfs=0)

module() { # module NAME FEATURES CLASS
  local unused=() name=$1 in=target/wasm/$1/$WASM_TARGET/wasm/privet.wasm out=pkg/wasm/$1 key
  run "compiling $name.wasm" "read the compiler's message above" \
    wasm_cargo "$name" rustc --profile wasm --target "$WASM_TARGET" --lib --crate-type cdylib --no-default-features --features "$2"
  key=$(digest "$in" scripts/build.sh pkg/build/glue.mjs "$WASM_BINDGEN" "${wasm_opt:+$(cat pkg/node_modules/binaryen/package.json)}")
  if fresh "target/wasm/$name.stamp" "$key" && [ -f "$out.js" ] && [ -f "$out.d.ts" ] && [ -f "${out}_bg.wasm" ]; then return; fi
  rm -f "$out.js" "$out.d.ts" "${out}"_bg.*
  quietly "making JavaScript bindings for $name.wasm" "read wasm-bindgen's message above" \
    "$WASM_BINDGEN" bindgen --target web --out-dir pkg/wasm --out-name "$name" "$in"
  quietly "shaking $name.js" "read esbuild's message above" node pkg/build/glue.mjs "$ROOT/$out.js" "$3" initSync
  # The stack of the studio ends where memory begins: what it may call its own lies above the first kilobyte
  if [ "$name" = studio ]; then unused=(--low-memory-unused); fi
  if [ -n "$wasm_opt" ]; then
    quietly "optimising $name.wasm" "read wasm-opt's message above" "$wasm_opt" "${smallest[@]}" "${unused[@]}" "${out}_bg.wasm" -o "target/wasm/$name.opt.wasm"
    if [ "$name" = core ]; then # the same with the functions' names, for the size report of the tests
      quietly "naming the functions of $name.wasm" "read wasm-opt's message above" "$wasm_opt" "${smallest[@]}" "${unused[@]}" -g "${out}_bg.wasm" -o "target/wasm/$name.named.wasm"
    fi
    mv "target/wasm/$name.opt.wasm" "${out}_bg.wasm"
  fi
  say "$name.wasm: $(wc -c <"${out}_bg.wasm" | tr -d ' ') bytes ($(gzip -9c "${out}_bg.wasm" | wc -c | tr -d ' ') gzipped)"
  echo "$key" >"target/wasm/$name.stamp"
}
module core wasm Engine
module studio wasm,studio StudioEngine
[ "${1:-all}" != wasm ] || exit 0

inputs=$(find pkg/src pkg/build pkg/wasm pkg/package.json pkg/tsconfig.json src/policies -type f | LC_ALL=C sort | tr '\n' '\0' | xargs -0 cat | sha256)
key=$(digest "$(cat pkg/node_modules/.privet-lock)" "$inputs")
if [ ! -d pkg/dist ] || ! fresh target/typescript.stamp "$key"; then
  quietly "compiling the TypeScript" "read the compiler's message above" npm run --silent --prefix pkg build
  echo "$key" >target/typescript.stamp
fi
