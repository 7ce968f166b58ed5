#!/bin/sh
# Brings everything luna needs onto this machine: npm packages (Node 24 among them), Debian packages, the two engines,
# the nodes' peer, the build. Needs npm and python3. Does nothing the second time. Each step says what it does and why.
set -eu
. "$(dirname "$0")/runtime.sh"
cd "$root"

say() { echo "setup: $*"; }

give_up() {
  echo "setup: $1" >&2
  echo "Next: $2" >&2
  exit 1
}

# Networks fail now and then; three attempts are enough to tell that from being cut off.
retry() {
  for pause in 5 15 0; do
    "$@" && return
    [ "$pause" = 0 ] && return 1
    say "that failed; trying again in $pause s"
    sleep "$pause"
  done
}

. scripts/setup-npm.sh
. scripts/setup-debian.sh
. scripts/setup-engines.sh
. scripts/setup-peer.sh

mkdir -p "$cache"
exec 8>"$cache/setup.lock"
flock -w 1200 8 || give_up "another set-up has been running for 20 minutes" "end it, and try again"
setup_npm
setup_debian
setup_engines
setup_peer
sh scripts/build.sh
