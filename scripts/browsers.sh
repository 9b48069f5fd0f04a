#!/usr/bin/env bash
# browsers.sh firefox|webkit: prints the path of a Firefox, or of WebKitGTK's MiniBrowser, for the tests of the package in browsers
# besides Chromium. If there is none, it installs Debian's firefox-esr, or webkit2gtk-driver with xvfb (as root, with apt-get). Prints
# nothing, and says so, where that is not possible: their tests are then skipped. FIREFOX=path and MINIBROWSER=path override the search.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

find_firefox() {
  local browser
  if [ -n "${FIREFOX:-}" ]; then printf '%s\n' "$FIREFOX"; return; fi
  for browser in firefox-esr firefox /Applications/Firefox.app/Contents/MacOS/firefox; do
    if command -v "$browser"; then return; fi
  done
  return 1
}
find_webkit() {
  local browser
  command -v WebKitWebDriver >/dev/null && command -v Xvfb >/dev/null || return 1
  for browser in "${MINIBROWSER:-}" /usr/lib/*/webkit2gtk-4.*/MiniBrowser /usr/libexec/webkit2gtk-4.*/MiniBrowser; do
    if [ -x "$browser" ]; then printf '%s\n' "$browser"; return; fi
  done
  return 1
}
case ${1:-} in
  firefox) find=find_firefox packages=(firefox-esr) what="Firefox" ;;
  webkit) find=find_webkit packages=(webkit2gtk-driver xvfb) what="WebKit with its driver" ;;
  *) die "browsers.sh: no browser '${1:-}'" "use firefox or webkit" ;;
esac
if found=$($find); then printf '%s\n' "$found"; exit 0; fi
if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
  say "no $what, and it cannot be installed here: its tests are skipped (Debian: sudo apt-get install ${packages[*]})"
  exit 0
fi
apt_install "$what" "install it (Debian: sudo apt-get install ${packages[*]})" "${packages[@]}"
$find || die "$what was installed, but it is not found" "install ${packages[*]}"
