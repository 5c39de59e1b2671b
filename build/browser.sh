#!/usr/bin/env bash
# Makes sure that there is a Chromium for the browser tests; root gets it from the distribution's packages.
set -euo pipefail
if command -v chromium >/dev/null; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "· browser: installing chromium from the distribution's packages"
  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null
  exit 0
fi
echo "The browser tests need Chromium at /usr/bin/chromium: install your distribution's package (Debian: apt install chromium)." >&2
exit 1
