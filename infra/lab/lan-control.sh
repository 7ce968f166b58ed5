#!/bin/sh
# ipmi_sim's lan_config_program: lan-control.sh BMC-DIR get|set|check PARAMETER [VALUE] ...
# What in-band IPMI sets is recorded in BMC-DIR/lan and read back from there; the simulator's own address does not move.
set -u
record=$1/lan
operation=$2
shift 2

get() {
  value=$(sed -n "s/^$1://p" "$record" 2>/dev/null | tail -n 1)
  case $value in
    '') case $1 in
        *mac_addr) value=00:00:00:00:00:00 ;;
        ip_addr_src) value=static ;;
        *) value=0.0.0.0 ;;
      esac ;;
  esac
  echo "$1:$value"
}

case $operation in
  get)
    for parameter in "$@"; do get "$parameter"; done
    ;;
  set)
    while [ $# -ge 2 ]; do
      echo "$1:$2" >>"$record"
      shift 2
    done
    ;;
  *) ;;
esac
exit 0
