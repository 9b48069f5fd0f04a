#!/usr/bin/env bash
# Runs the edge example, a worker that guards three systems, in Cloudflare's workerd on loopback, with the packed npm package.
#   edge.sh         starts it on port 8787 (PORT=n for another), prints requests to try, and serves until Ctrl-C
#   edge.sh load    sends it 50,000 requests while its policies change, and prints what a guard costs
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need_node
bash "$ROOT/scripts/pack.sh" || exit 1
edge_example
cd "$ROOT/examples/edge"
case ${1:-start} in
  start) exec node start.mjs ;;
  load) node load.mjs || die "the load test found requests that failed" "read them above" ;;
  *) die "edge.sh knows no '$1'" "say 'load', or nothing" ;;
esac
