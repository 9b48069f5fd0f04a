#!/usr/bin/env bash
# Serves the permission preview on loopback and prints its address. PORT=n selects the port.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
bash "$ROOT/scripts/pack.sh" || exit 1
page=$ROOT/target/www/page
say "serving the permission preview (stop with Ctrl-C); any static host can serve $page"
exec node "$ROOT/www/serve.js" "$page"
