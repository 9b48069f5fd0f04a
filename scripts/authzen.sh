#!/usr/bin/env bash
# Runs the AuthZEN example, a decision point with the fixture of the certification scenario, on loopback, with the packed npm package.
#   authzen.sh [node|workerd|nginx]   starts it on port 8788 (or PORT=n), prints example requests, and serves until Ctrl-C
#   authzen.sh scenario               runs the certification scenario in Node.js and workerd, and requests through nginx
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need_node
case ${1:-node} in
  node | workerd | nginx | scenario) ;;
  *) die "unknown command '$1' of authzen.sh" "use node, workerd, nginx or scenario" ;;
esac
if [ "${1:-node}" = scenario ]; then
  export RUNTIMES="authzen-node authzen-workerd authzen-nginx"
  exec bash "$ROOT/scripts/test.sh" runtimes
fi
bash "$ROOT/scripts/pack.sh" || exit 1
authzen_example
if [ "${1:-node}" = nginx ]; then need nginx "install nginx (Debian: apt-get install nginx)"; fi
cd "$ROOT/examples/authzen"
exec node start.mjs "${1:-node}"
