#!/usr/bin/env bash
# Serves the permission preview on loopback until it is stopped, and prints its address. PORT=n chooses the port.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
page=$(bash "$ROOT/scripts/page.sh") || exit 1
say "the permission preview is served here (stop it with Ctrl-C); $page works as plain files from any host"
exec node "$ROOT/www/serve.js" "$page"
