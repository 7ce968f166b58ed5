# Sourced by setup.sh: the npm packages, exactly as package-lock.json says.
# shellcheck shell=sh disable=SC2154 # $root and $cache come from runtime.sh

setup_npm() {
  command -v npm >/dev/null || give_up "npm is missing; it brings Node 24 and all packages" "apt-get install npm"
  command -v python3 >/dev/null || give_up "python3 is missing; the embedded document database is a Python program" "apt-get install python3"
  if find_node >/dev/null && packages_match; then
    say "npm packages are there"
    return
  fi
  say "installing the npm packages, because node_modules is not what package-lock.json says"
  # The npm that runs here may belong to an older node: its warning about engines is expected. No package of ours needs
  # its install script, and some of those scripts would fail.
  retry npm ci --ignore-scripts --no-audit --no-fund --loglevel=error ||
    give_up "npm could not install the packages" "see its message above; a proxy or mirror is set with: npm config set registry URL"
  find_node >/dev/null ||
    give_up "there is no Node 24 for this machine ($(uname -m)); luna runs on x86_64 and aarch64" "use such a machine"
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
