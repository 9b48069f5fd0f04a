#!/usr/bin/env bash
# Prints the path of Python 3.11 or later, for the Python host. If there is none, it installs Debian's python3 (as root, with apt-get).
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
BY_HAND="install Python 3.11 or later (Debian: sudo apt-get install python3)"

find_python() { python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v python3; }

if find_python; then exit 0; fi
command -v apt-get >/dev/null || die "no Python 3.11 found" "$BY_HAND"
[ "$(id -u)" = 0 ] || die "no Python 3.11 found, and installing it requires root" "$BY_HAND"
export DEBIAN_FRONTEND=noninteractive
lock apt
quietly "installing Python: apt-get update" "$BY_HAND" apt-get -q update
quietly "installing Python: python3" "$BY_HAND" \
  apt-get -q -o DPkg::Lock::Timeout=120 install -y --no-install-recommends python3
find_python || die "python3 was installed, but it is not Python 3.11 or later" "$BY_HAND"
