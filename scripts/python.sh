#!/usr/bin/env bash
# Prints the path of Python 3.11 or later, for the Python host. If there is none, it installs Debian's python3 (as root, with apt-get).
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
BY_HAND="install Python 3.11 or later (Debian: sudo apt-get install python3)"

find_python() { python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v python3; }

if find_python; then exit 0; fi
apt_install "Python 3.11" "$BY_HAND" python3
find_python || die "python3 was installed, but it is not Python 3.11 or later" "$BY_HAND"
