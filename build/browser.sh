#!/usr/bin/env bash
# Makes sure that there is a Chromium for the browser tests; root gets it from the distribution's packages.
# With --path it prints where it is.
set -euo pipefail

find_browser() {
  command -v chromium || command -v chromium-browser || command -v google-chrome
}

if [ "${1:-}" = --path ]; then find_browser; exit; fi
if find_browser >/dev/null; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "· browser: installing chromium from the distribution's packages"
  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null
  exit 0
fi
echo "The browser tests need Chromium or Chrome: install your distribution's package (Debian: apt install chromium)." >&2
exit 1
