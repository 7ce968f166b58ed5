#!/bin/sh
# Makes dist/: JavaScript of the sources, oclif's manifest, the bundle of the workflows. Does nothing when the sources are as they were.
set -eu
. "$(dirname "$0")/runtime.sh"
use_node
cd "$root"

sources_hash() {
  find domain workflows activities infra workers cli scripts/after-tsc.ts scripts/bundle-oclif.ts scripts/manual tsconfig.json tsconfig.build.json package.json package-lock.json \
    -type f ! -name '*.md' -exec sha256sum {} + | LC_ALL=C sort | sha256sum | cut -d ' ' -f 1
}

mkdir -p "$cache"
# Two builds at once would mix their output.
exec 9>"$cache/build.lock"
flock -w 300 9 || {
  echo "build: another build holds $cache/build.lock for five minutes. Next: end it, and try again." >&2
  exit 1
}
wanted=$(sources_hash)
if [ -f oclif.manifest.json ] && [ "$(cat dist/.stamp 2>/dev/null || true)" = "$wanted" ]; then
  echo "build: dist/ is up to date"
  exit 0
fi
echo "build: compiling the sources to dist/, because they changed"
rm -f dist/.stamp
failed=0
node node_modules/typescript/bin/tsc -p tsconfig.build.json || failed=1
node scripts/after-tsc.ts || failed=1
if [ "$failed" = 1 ]; then
  echo "build: failed; the mistakes are above" >&2
  exit 1
fi
echo "$wanted" >dist/.stamp
