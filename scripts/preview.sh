#!/usr/bin/env bash
# Serves the permission preview on loopback and prints its address. PORT=n selects the port.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
page=$(bash "$ROOT/scripts/page.sh") || exit 1
say "serving the permission preview (stop with Ctrl-C); any static host can serve $page"
exec node "$ROOT/www/serve.js" "$page"
