#!/bin/sh
# Runs one benchmark: sh scripts/bench.sh NAME. Its last line is one JSON object with the figures.
set -eu
. "$(dirname "$0")/runtime.sh"
cd "$root"
name=${1:-}
if [ -z "$name" ] || [ ! -f "bench/$name.ts" ]; then
  echo "There is no benchmark '$name'. Next: npm run bench -- NAME, with NAME one of:" >&2
  find bench -maxdepth 1 -name '*.ts' -exec basename {} .ts \; | sort | sed 's/^/  /' >&2
  exit 2
fi
shift
sh scripts/setup.sh
use_node
exec node "bench/$name.ts" "$@"
