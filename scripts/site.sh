#!/usr/bin/env bash
# Builds the documentation site into target/site/dist: docs/, the API from the declarations and from rustdoc, and the preview as its playground.
#   site.sh          builds, and prints the folder
#   site.sh test     also checks links, looks at it in headless Chromium, and makes a fresh app by the text of "Getting started" alone
#                    (STARTS="react vue svelte solid vanilla" selects the frameworks; by default react)
#   site.sh serve    also serves it on loopback
# PRIVET_SITE_BASE is the path below which it is served, by default /.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
bash "$ROOT/scripts/pack.sh" || exit 1
page=$ROOT/target/www/page
cd "$ROOT"
install_packed "$ROOT/target/npm/installed"
npm_ci site "the tools of the site (VitePress, TypeDoc)"
need_cargo
quietly "building the reference of the crate" "read the compiler's message above" cargo doc --locked --no-deps --lib --features studio,schema,parallel --target-dir target/docs-rs
inputs=$(find docs site examples/ci -path site/node_modules -prune -o -type f -print | LC_ALL=C sort | tr '\n' '\0' | xargs -0 cat | sha256)
crate=$(find target/docs-rs/doc -name '*.html' | LC_ALL=C sort | tr '\n' '\0' | xargs -0 cat | sha256)
key=$(digest "$(sha256 <target/npm/privet.tgz)" "$(cat site/node_modules/.privet-lock)" "$(cat target/www/page.stamp)" "$crate" "$inputs" "${PRIVET_SITE_BASE:-/}")
if ! fresh target/site/stamp "$key" || [ ! -f target/site/dist/index.html ]; then
  PRIVET_PAGE=$page PRIVET_RUSTDOC=$ROOT/target/docs-rs/doc quietly "making the pages of the site" "read the message above" node site/build/stage.mjs
  ln -sfn ../../site/node_modules target/site/node_modules # the pages import Vue
  quietly "building the site" "read VitePress's message above" site/node_modules/.bin/vitepress build site
  echo "$key" >target/site/stamp
fi
case ${1:-} in
  '') ;;
  test)
    chromium=$(bash scripts/chromium.sh browser) || exit 1
    PRIVET_SITE=$ROOT/target/site/dist PRIVET_TGZ=$ROOT/target/npm/privet.tgz PRIVET_CHROMIUM=$chromium PRIVET_PICTURES=$ROOT/target/site/screenshots \
      run "testing the site" "see the failing tests above" node --test --test-concurrency=1 --test-reporter="$ROOT/pkg/test/support/reporter.mjs" site/test/*.test.mjs
    ;;
  serve) exec node site/test/serve.mjs "$ROOT/target/site/dist" ;;
  *) die "unknown argument: '$1'" "use test or serve" ;;
esac
printf '%s\n' "$ROOT/target/site/dist"
