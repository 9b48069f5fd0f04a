#!/usr/bin/env bash
# Builds the permission preview into target/www/page: static files for any host, below any path. It imports target/npm/page.tgz, the
# package without the preview, as a user's page would. `pack.sh` calls it. Steps that are up to date are skipped.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
npm_ci www "the packages of the page (Vite, Preact, CodeMirror)"

packed=$(sha256 <target/npm/page.tgz)
if ! fresh www/node_modules/privet/.privet-packed "$packed"; then
  rm -rf www/node_modules/privet
  mkdir -p www/node_modules/privet
  tar -xzf target/npm/page.tgz -C www/node_modules/privet --strip-components=1
  echo "$packed" >www/node_modules/privet/.privet-packed
fi

inputs=$(find www/src www/build www/public www/*.* src/policies/*.jsonc -type f | LC_ALL=C sort | tr '\n' '\0' | xargs -0 cat | sha256)
key=$(digest "$(cat www/node_modules/.privet-lock)" "$packed" "$inputs")
if ! fresh target/www/page.stamp "$key" || [ ! -f target/www/page/index.html ]; then
  quietly "checking the page's types" "read the compiler's message above" npm run --silent --prefix www types
  quietly "building the page" "read Vite's message above" npm run --silent --prefix www build -- --logLevel warn
  echo "$key" >target/www/page.stamp
fi
