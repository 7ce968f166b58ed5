#!/bin/sh
# Installs one virtual machine from power-off to its login prompt: sh scripts/demo.sh [--keep].
set -eu
. "$(dirname "$0")/runtime.sh"
sh "$root/scripts/setup.sh"
use_node
cd "$root"
exec node scripts/demo.ts "$@"
