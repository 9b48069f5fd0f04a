#!/usr/bin/env bash
# Runs the edge example, a worker that guards three systems, in Cloudflare's workerd on loopback, with the packed npm package.
#   edge.sh         starts it on port 8787 (or PORT=n), prints example requests, and serves until Ctrl-C
#   edge.sh load    sends 50,000 requests while the policies change, and prints the cost of the guard
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need_node
bash "$ROOT/scripts/pack.sh" || exit 1
edge_example
cd "$ROOT/examples/edge"
case ${1:-start} in
  start) exec node start.mjs ;;
  load) node load.mjs || die "the load test found failed requests" "read the messages above" ;;
  *) die "unknown command '$1' of edge.sh" "use 'load', or no argument" ;;
esac
