#!/bin/sh
# Runs the tests: sh scripts/test.sh [KIND...], of unit protocol workflow cli e2e; all of them in that order by default.
set -eu
. "$(dirname "$0")/runtime.sh"
sh "$root/scripts/setup.sh"
use_node
cd "$root"
exec node scripts/test.ts "$@"
