#!/usr/bin/env bash
# Builds the contents of the npm package: the WebAssembly modules in pkg/wasm (core: decisions only; studio: also compile,
# check, explain and the other questions; host: all of sessions, for other languages; component: host as a component) and the TypeScript in pkg/dist. `build.sh wasm` stops before the TypeScript.
# cargo and stamp files skip steps that are up to date.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
need_node
wasm_setup
mkdir -p target pkg/wasm

npm_ci pkg "the npm tools (TypeScript, wasm-opt, esbuild)"
wasm_opt=pkg/node_modules/.bin/wasm-opt
wasm_metadce=pkg/node_modules/.bin/wasm-metadce
if [ ! -x "$wasm_opt" ]; then
  say "notice: $wasm_opt is missing, so the modules are not optimised (add binaryen to the devDependencies)"
  wasm_opt=
fi

# Panic messages contain source paths; remap them so that the modules do not depend on this machine
sep=$'\x1f'
export CARGO_ENCODED_RUSTFLAGS="--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}/registry/src=/cargo${sep}--remap-path-prefix=$ROOT=/privet"

# compile NAME FEATURES RUSTC-ARG..: uses `cargo rustc --crate-type cdylib`, since building an rlib as well disables
# link-time optimisation (+20 % bytes)
compile() {
  run "compiling $1.wasm" "read the compiler's message above" wasm_cargo "$1" rustc --profile wasm --target "$WASM_TARGET" \
    --lib --crate-type cdylib --no-default-features --features "$2" -- "${@:3}"
}
# optimise NAME IN OUT FLAG..
optimise() {
  if [ -n "$wasm_opt" ]; then
    quietly "optimising $1.wasm" "read wasm-opt's message above" "$wasm_opt" "${WASM_OPT_FLAGS[@]}" "$2" -o "$3" "${@:4}"
  else
    cp "$2" "$3"
  fi
}
report_size() { # report_size FILE
  say "$1: $(wc -c <"pkg/wasm/$1" | tr -d ' ') bytes ($(gzip -9c "pkg/wasm/$1" | wc -c | tr -d ' ') gzipped)"
}
# keep_exports NAME IN OUT EXPORT..: removes the other exports, which the linker adds and nobody uses
keep_exports() {
  local roots= name
  for name in "${@:4}"; do roots+="{\"name\": \"$name\", \"export\": \"$name\", \"root\": true},"; done
  echo "[${roots%,}]" >"target/wasm/$1.exports.json"
  quietly "removing unused exports from $1.wasm" "read wasm-metadce's message above" \
    "$wasm_metadce" "$2" --graph-file "target/wasm/$1.exports.json" -g -o "$3"
}
key() { # key NAME FILE..: a hash of the inputs of the module
  digest "target/wasm/$1/$WASM_TARGET/wasm/privet.wasm" scripts/build.sh "${WASM_OPT_FLAGS[*]} ${WASM_OPT_STUDIO[*]} ${WASM_OPT_HOST[*]}" "${@:2}" "${wasm_opt:+$(cat pkg/node_modules/binaryen/package.json)}"
}

# The core exchanges u32 words with JavaScript, without bindings. Its stack is 512 bytes; pkg/src/core/engine.ts writes above it.
core_exports=(memory __heap_base crc open arguments decide holding menu reads token)
compile core wasm -C link-arg=-zstack-size=512 -C link-arg=--export=__heap_base
key=$(key core)
if ! fresh target/wasm/core.stamp "$key" || [ ! -f pkg/wasm/core_bg.wasm ]; then
  rm -f pkg/wasm/core*
  in=target/wasm/core/$WASM_TARGET/wasm/privet.wasm
  if [ -n "$wasm_opt" ]; then
    keep_exports core "$in" target/wasm/core.exports.wasm "${core_exports[@]}"
    in=target/wasm/core.exports.wasm
  fi
  # Flat code, in which the passes find more, is 80 bytes smaller
  optimise core "$in" pkg/wasm/core_bg.wasm --flatten --rereloop -O4 --converge --low-memory-unused --strip-debug --strip-producers --strip-target-features
  optimise "core with function names" "$in" target/wasm/core.named.wasm -g # for the size report of the benchmarks
  report_size core_bg.wasm
  echo "$key" >target/wasm/core.stamp
fi

# The host module has no imports, and only the features of WebAssembly that docs/host.md names. Its stack is 64 KiB, and grows down to
# address 0.
host_exports=(memory embedded room answer now open describe session restore with operation can can_at allowed_bits decide allowed
  menu menu_item holds token subject inputs snapshot valid_until population close)
compile host host -C link-arg=-zstack-size=65536
key=$(key host)
if ! fresh target/wasm/host.stamp "$key" || [ ! -f pkg/wasm/host.wasm ]; then
  in=target/wasm/host/$WASM_TARGET/wasm/privet.wasm
  if [ -n "$wasm_opt" ]; then
    keep_exports host "$in" target/wasm/host.exports.wasm "${host_exports[@]}"
    in=target/wasm/host.exports.wasm
  fi
  optimise host "$in" pkg/wasm/host.wasm "${WASM_OPT_HOST[@]}" --strip-debug --strip-producers --strip-target-features
  report_size host.wasm
  echo "$key" >target/wasm/host.stamp
fi

# The component has the host module with the exports of wit/privet.wit instead, and of the raw ones those that `privet embed` needs.
compile component component -C link-arg=-zstack-size=65536
key=$(key component pkg/build/component.mjs wit/privet.wit "$(cat pkg/node_modules/@bytecodealliance/jco-transpile/package.json)")
if ! fresh target/wasm/component.stamp "$key" || [ ! -f pkg/wasm/component.wasm ]; then
  in=target/wasm/component/$WASM_TARGET/wasm/privet.wasm
  if [ -n "$wasm_opt" ]; then
    mapfile -t component_exports < <(node pkg/build/component.mjs exports "$in")
    keep_exports component "$in" target/wasm/component.exports.wasm "${component_exports[@]}"
    in=target/wasm/component.exports.wasm
  fi
  optimise component "$in" target/wasm/component.module.wasm "${WASM_OPT_HOST[@]}" --strip-debug --strip-producers --strip-target-features
  quietly "making component.wasm" "read the message of wasm-tools above" \
    node pkg/build/component.mjs new target/wasm/component.module.wasm pkg/wasm/component.wasm
  report_size component.wasm
  echo "$key" >target/wasm/component.stamp
fi

# At opt-level z LLVM inlines almost nothing. Inlining slightly larger functions makes compile and fixes faster, for 2 % more bytes.
compile studio wasm,studio -C llvm-args=-inline-threshold=15
key=$(key studio pkg/build/glue.mjs "$WASM_BINDGEN")
out=pkg/wasm/studio
if ! fresh target/wasm/studio.stamp "$key" || [ ! -f "$out.js" ] || [ ! -f "$out.d.ts" ] || [ ! -f "${out}_bg.wasm" ]; then
  rm -f "$out.js" "$out.d.ts" "${out}"_bg.*
  quietly "generating JavaScript bindings for studio.wasm" "read wasm-bindgen's message above" \
    "$WASM_BINDGEN" bindgen --target web --out-dir pkg/wasm --out-name studio "target/wasm/studio/$WASM_TARGET/wasm/privet.wasm"
  quietly "tree-shaking studio.js" "read esbuild's message above" node pkg/build/glue.mjs "$ROOT/$out.js" StudioEngine
  optimise studio "${out}_bg.wasm" target/wasm/studio.opt.wasm "${WASM_OPT_STUDIO[@]}"
  mv target/wasm/studio.opt.wasm "${out}_bg.wasm"
  report_size studio_bg.wasm
  echo "$key" >target/wasm/studio.stamp
fi
[ "${1:-all}" != wasm ] || exit 0

npm_ci pkg/angular "the compiler of Angular (once)"
inputs=$(find pkg/angular/tsconfig.json pkg/angular/package-lock.json pkg/src pkg/build pkg/wasm pkg/package.json pkg/tsconfig.json src/policies src/studio/messages -type f | LC_ALL=C sort | tr '\n' '\0' | xargs -0 cat | sha256)
key=$(digest "$(cat pkg/node_modules/.privet-lock)" "$inputs")
if [ ! -d pkg/dist ] || ! fresh target/typescript.stamp "$key"; then
  quietly "compiling the TypeScript" "read the compiler's message above" npm run --silent --prefix pkg build
  echo "$key" >target/typescript.stamp
fi
