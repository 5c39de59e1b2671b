#!/usr/bin/env bash
# Runs a command and says how long it took: build/timed.sh "what it is" command …
set -euo pipefail
what=$1
shift
"$@"
echo "· $what: $((SECONDS / 60)) minutes $((SECONDS % 60)) seconds"
