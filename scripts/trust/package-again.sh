#!/usr/bin/env bash
# package-again.sh FOLDER OPTIONS [SOURCES]: builds the npm package once more in FOLDER, of the sources in SOURCES (pkg/src), with these options of the
# TypeScript compiler, and prints the folder that it is installed in. It needs pkg/wasm and target/npm/installed (scripts/prepare.sh).
# `--inlineSourceMap --inlineSources`: coverage is counted by the lines of pkg/src.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
tree=$1/tree app=$1/app options=$2 sources=${3:-}
cd "$ROOT"
rm -rf "$tree" "$app"
mkdir -p "$tree" "$app/node_modules"
git ls-files -z pkg schema src/policies src/studio/messages | xargs -0 cp --parents -t "$tree"
if [ -n "$sources" ]; then cp -r "$sources/." "$tree/pkg/src/"; fi
cp -r pkg/wasm pkg/README.md "$tree/pkg/"
cp schema/policy.schema.json "$tree/pkg/schema.json"
cp schema/record.schema.json "$tree/pkg/record.schema.json"
mkdir -p "$tree/target"
ln -s "$ROOT/pkg/node_modules" "$tree/pkg/node_modules"
ln -s "$ROOT/pkg/angular/node_modules" "$tree/pkg/angular/node_modules"
steps=$(node -p 'require("./pkg/package.json").scripts.build.replace("&& tsc &&", `&& tsc ${process.argv[1]} &&`)' -- "$options")
maps=0
case $options in *SourceMap*) maps=1 ;; esac
(cd "$tree/pkg" && PATH=$tree/pkg/node_modules/.bin:$PATH PRIVET_SOURCE_MAPS=$maps quietly "building the package again ($options)" "read the compiler's message above" \
  bash -c "$steps")
cp -r target/npm/installed/node_modules/. "$app/node_modules/"
rm -rf "$app/node_modules/privet"
mkdir "$app/node_modules/privet"
(cd "$tree/pkg" && cp -r dist svelte wasm package.json schema.json record.schema.json README.md "$app/node_modules/privet/")
cp -r pkg/dist/preview "$app/node_modules/privet/dist/"
cp pkg/LICENSE-* pkg/sbom.cdx.json "$app/node_modules/privet/"
echo '{ "private": true, "type": "module" }' >"$app/package.json"
printf '%s\n' "$app"
