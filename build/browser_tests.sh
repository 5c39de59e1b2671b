#!/usr/bin/env bash
# The browser tests, in two halves at once: one browser and its server do not fill two cores. Each half has servers and
# databases of its own. The second one's lines are shown when the first has finished.
set -uo pipefail
cd "$(dirname "$0")/.."
log=target/browser-tests-2.log
HALF=2 npx playwright test --config end2end/playwright.config.ts >"$log" 2>&1 &
second=$!
trap 'kill $second 2>/dev/null' EXIT
HALF=1 npx playwright test --config end2end/playwright.config.ts
first=$?
wait $second
failed=$?
cat "$log"
[ $first = 0 ] && [ $failed = 0 ]
