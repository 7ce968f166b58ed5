#!/bin/sh
# Stands where ipmitool is looked for. A BMC is a file in the folder `bmcs` beside this script, named by its address; it
# holds `on` or `off`, and whoever plays the machines watches it.
set -eu
address=
while [ $# -gt 0 ]; do
  case $1 in
    -H) address=$2; shift 2 ;;
    -I | -U | -C | -R | -N | -L | -f) shift 2 ;;
    -*) shift ;;
    *) break ;;
  esac
done
bmc=${0%/*}/bmcs/$address
if [ ! -f "$bmc" ]; then
  echo "Error: Unable to establish IPMI v2 / RMCP+ session" >&2
  exit 1
fi
case "$*" in
  'chassis power status')
    read -r power < "$bmc"
    echo "Chassis Power is $power"
    ;;
  'chassis power on' | 'chassis power off')
    echo "$3" > "$bmc"
    echo "Chassis Power Control: $3"
    ;;
  'chassis bootdev '*) echo "Set Boot Device to $3" ;;
  *)
    echo "the stand-in for ipmitool does not know '$*'" >&2
    exit 1
    ;;
esac
