#!/bin/sh
# What busybox's DHCP client calls with a lease in its environment.
# shellcheck disable=SC2154
[ "$1" = bound ] || exit 0
ip addr replace "$ip/$mask" dev "$interface"
if [ -n "${router:-}" ]; then ip route replace default via "${router%% *}"; fi
