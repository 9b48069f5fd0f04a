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
wasm_metadce=pkg/node_modules/.bin/wasm-metadce
if [ ! -x "$wasm_opt" ]; then
  say "notice: no $wasm_opt, the modules stay unoptimised (add binaryen to the devDependencies)"
  wasm_opt=
fi

# No path of this machine in the modules: panic messages name source files
sep=$'\x1f'
export CARGO_ENCODED_RUSTFLAGS="--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}/registry/src=/cargo${sep}--remap-path-prefix=$ROOT=/privet"

# compiled NAME FEATURES RUSTC-ARG..: `cargo rustc --crate-type cdylib`, because an rlib built beside the cdylib turns
# link-time optimisation off (+20 % bytes)
compiled() {
  run "compiling $1.wasm" "read the compiler's message above" wasm_cargo "$1" rustc --profile wasm --target "$WASM_TARGET" \
    --lib --crate-type cdylib --no-default-features --features "$2" -- "${@:3}"
}
# optimised NAME IN OUT FLAG..
optimised() {
  if [ -n "$wasm_opt" ]; then
    quietly "optimising $1.wasm" "read wasm-opt's message above" "$wasm_opt" "${WASM_OPT_FLAGS[@]}" "$2" -o "$3" "${@:4}"
  else
    cp "$2" "$3"
  fi
}
told() {
  say "$1.wasm: $(wc -c <"pkg/wasm/$1_bg.wasm" | tr -d ' ') bytes ($(gzip -9c "pkg/wasm/$1_bg.wasm" | wc -c | tr -d ' ') gzipped)"
}
key() { # key NAME FILE..: what the module of this name is made of
  digest "target/wasm/$1/$WASM_TARGET/wasm/privet.wasm" scripts/build.sh "${WASM_OPT_FLAGS[*]} ${WASM_OPT_STUDIO[*]}" "${@:2}" "${wasm_opt:+$(cat pkg/node_modules/binaryen/package.json)}"
}

# The core speaks to JavaScript in words: no bindings, and a stack of one kilobyte, which pkg/src/core/engine.ts writes beyond
compiled core wasm -C link-arg=-zstack-size=1024
key=$(key core)
if ! fresh target/wasm/core.stamp "$key" || [ ! -f pkg/wasm/core_bg.wasm ]; then
  rm -f pkg/wasm/core*
  in=target/wasm/core/$WASM_TARGET/wasm/privet.wasm
  if [ -n "$wasm_opt" ]; then
    # The linker exports two numbers more, which nobody asks for
    echo '[{"name": "decide", "export": "decide", "root": true}, {"name": "crc", "export": "crc", "root": true}, {"name": "memory", "export": "memory", "root": true}]' >target/wasm/core.asked.json
    quietly "leaving of core.wasm what is asked for" "read wasm-metadce's message above" \
      "$wasm_metadce" "$in" --graph-file target/wasm/core.asked.json -g -o target/wasm/core.asked.wasm
    in=target/wasm/core.asked.wasm
  fi
  optimised core "$in" pkg/wasm/core_bg.wasm --strip-debug --strip-producers --strip-target-features
  optimised "core with names" "$in" target/wasm/core.named.wasm -g # for the byte report of the benchmarks
  told core
  echo "$key" >target/wasm/core.stamp
fi

# LLVM inlines next to nothing where it optimises for size; what is a little larger than a call makes compiling a ninth and
# fixing a sixth faster, for a thirtieth more bytes
compiled studio wasm,studio -C llvm-args=-inline-threshold=30
key=$(key studio pkg/build/glue.mjs "$WASM_BINDGEN")
out=pkg/wasm/studio
if ! fresh target/wasm/studio.stamp "$key" || [ ! -f "$out.js" ] || [ ! -f "$out.d.ts" ] || [ ! -f "${out}_bg.wasm" ]; then
  rm -f "$out.js" "$out.d.ts" "${out}"_bg.*
  quietly "making JavaScript bindings for studio.wasm" "read wasm-bindgen's message above" \
    "$WASM_BINDGEN" bindgen --target web --out-dir pkg/wasm --out-name studio "target/wasm/studio/$WASM_TARGET/wasm/privet.wasm"
  quietly "shaking studio.js" "read esbuild's message above" node pkg/build/glue.mjs "$ROOT/$out.js" StudioEngine initSync
  optimised studio "${out}_bg.wasm" target/wasm/studio.opt.wasm "${WASM_OPT_STUDIO[@]}"
  mv target/wasm/studio.opt.wasm "${out}_bg.wasm"
  told studio
  echo "$key" >target/wasm/studio.stamp
fi
[ "${1:-all}" != wasm ] || exit 0

inputs=$(find pkg/src pkg/build pkg/wasm pkg/package.json pkg/tsconfig.json src/policies -type f | LC_ALL=C sort | tr '\n' '\0' | xargs -0 cat | sha256)
key=$(digest "$(cat pkg/node_modules/.privet-lock)" "$inputs")
if [ ! -d pkg/dist ] || ! fresh target/typescript.stamp "$key"; then
  quietly "compiling the TypeScript" "read the compiler's message above" npm run --silent --prefix pkg build
  echo "$key" >target/typescript.stamp
fi
