# Sourced by setup.sh: the Debian packages of debian-packages.txt, without starting or enabling any service of theirs.
# shellcheck shell=sh disable=SC2154 # $root and $cache come from runtime.sh

setup_debian() {
  if ! command -v dpkg-query >/dev/null; then
    say "this is not Debian: see that the programs of scripts/debian-packages.txt are installed"
    return
  fi
  missing=$(missing_packages)
  if [ -z "$missing" ]; then
    say "Debian packages are there"
    return
  fi
  for package in $missing; do
    say "needs $package: $(sed -n "s/^$package  *//p" scripts/debian-packages.txt)"
  done
  # shellcheck disable=SC2086 # a list of words
  set -- $missing
  [ "$(id -u)" = 0 ] || give_up "only root may install Debian packages" "sudo apt-get install --no-install-recommends $*"
  say "installing $# Debian packages"
  before=$(installed_packages)
  retry apt_get update || say "apt-get update failed; going on with the package lists there are"
  keep_services_down
  retry apt_get install --no-install-recommends "$@" || {
    let_services_go
    give_up "apt-get could not install $*" "see its message above; then: apt-get install --no-install-recommends $*"
  }
  let_services_go
  leave_services_disabled "$before"
}

apt_get() {
  DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" >"$cache/apt.log" 2>&1 || {
    tail -n 15 "$cache/apt.log" >&2
    return 1
  }
}

missing_packages() {
  sed 's/#.*//' scripts/debian-packages.txt | while read -r package _; do
    [ -z "$package" ] || is_installed "$package" || echo "$package"
  done
}

installed_packages() {
  # shellcheck disable=SC2016 # dpkg's own variables
  dpkg-query -W -f '${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p' | sort
}

# One call of dpkg-query for all would be faster still, but it fails as a whole when it doesn't know one of them.
is_installed() {
  [ -n "${all_installed:-}" ] || all_installed=$(installed_packages)
  echo "$all_installed" | grep -qx "$1"
}

# Debian starts a service when it installs it, unless /usr/sbin/policy-rc.d forbids it. What comes with a service is wanted
# as a program only.
keep_services_down() {
  ours=
  [ -e /usr/sbin/policy-rc.d ] && return
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
  chmod 755 /usr/sbin/policy-rc.d
  ours=yes
  trap let_services_go EXIT
}

let_services_go() {
  [ -z "$ours" ] || rm -f /usr/sbin/policy-rc.d
  ours=
  trap - EXIT
}

# They would start at the next boot otherwise. A package that was there before keeps its service as it was.
leave_services_disabled() {
  for pair in snmpd:snmpd openipmi:openipmi ipmitool:ipmievd bind9:named nginx:nginx tftpd-hpa:tftpd-hpa kea-dhcp4-server:kea-dhcp4-server \
    isc-dhcp-server:isc-dhcp-server isc-dhcp-relay:isc-dhcp-relay prometheus:prometheus ifupdown:networking \
    network-manager:NetworkManager network-manager:NetworkManager-wait-online; do
    echo "$1" | grep -qx "${pair%:*}" && continue
    say "leaving the service ${pair#*:} disabled"
    update-rc.d "${pair#*:}" disable >/dev/null 2>&1 || true
    systemctl --quiet disable "${pair#*:}" >/dev/null 2>&1 || true
  done
}
