#!/usr/bin/env bash
# Prints the path of a chromedriver for the installed Chromium or Chrome, for the browser tests. If there is none, it installs
# Debian's chromium and chromium-driver (as root, with apt-get), which have matching versions. CHROMEDRIVER=path overrides the
# search. `chromium.sh browser` prints the path of the browser instead.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
BY_HAND="install Chromium and its driver (Debian: sudo apt-get install chromium chromium-driver), or set CHROMEDRIVER to the path of a chromedriver"

find_browser() {
  local browser
  for browser in chromium chromium-browser google-chrome google-chrome-stable "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
    if command -v "$browser"; then return; fi
  done
  return 1
}
find_driver() {
  if [ -n "${CHROMEDRIVER:-}" ]; then
    [ -x "$CHROMEDRIVER" ] || die "CHROMEDRIVER=$CHROMEDRIVER is not executable" "$BY_HAND"
    printf '%s\n' "$CHROMEDRIVER"
    return
  fi
  find_browser >/dev/null && command -v chromedriver
}
[ "${1:-driver}" = browser ] && find=find_browser || find=find_driver

if found=$($find); then printf '%s\n' "$found"; exit 0; fi
[ -z "${CHROMEDRIVER:-}" ] || exit 1
apt_install "Chromium with chromedriver" "$BY_HAND" chromium chromium-driver
$find || die "Chromium was installed, but chromium or chromedriver is not on PATH" "$BY_HAND"
