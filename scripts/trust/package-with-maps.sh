#!/usr/bin/env bash
# Builds the npm package once more with source maps, so that coverage is counted by the lines of pkg/src, and prints the folder that it is installed in.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
cd "$ROOT"
tree=$ROOT/target/coverage/tree
app=$ROOT/target/coverage/app
rm -rf "$tree" "$app"
mkdir -p "$tree" "$app/node_modules"
git ls-files -z pkg schema src/policies src/studio/messages | xargs -0 cp --parents -t "$tree"
cp -r pkg/wasm pkg/README.md "$tree/pkg/"
cp schema/policy.schema.json "$tree/pkg/schema.json"
cp schema/record.schema.json "$tree/pkg/record.schema.json"
mkdir -p "$tree/target"
ln -s "$ROOT/pkg/node_modules" "$tree/pkg/node_modules"
ln -s "$ROOT/pkg/angular/node_modules" "$tree/pkg/angular/node_modules"
steps=$(node -p 'require("./pkg/package.json").scripts.build.replace("&& tsc &&", "&& tsc --inlineSourceMap --inlineSources &&")')
(cd "$tree/pkg" && PATH=$tree/pkg/node_modules/.bin:$PATH PRIVET_SOURCE_MAPS=1 quietly "building the package with source maps" "read the compiler's message above" \
  bash -c "$steps")
cp -r target/npm/installed/node_modules/. "$app/node_modules/"
rm -rf "$app/node_modules/privet"
mkdir "$app/node_modules/privet"
(cd "$tree/pkg" && cp -r dist svelte wasm package.json schema.json record.schema.json README.md "$app/node_modules/privet/")
cp -r pkg/dist/preview "$app/node_modules/privet/dist/"
cp pkg/LICENSE-* pkg/sbom.cdx.json "$app/node_modules/privet/"
echo '{ "private": true, "type": "module" }' >"$app/package.json"
printf '%s\n' "$app"
