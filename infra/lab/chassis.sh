#!/bin/sh
# ipmi_sim's chassis_control: chassis.sh MACHINE-DIR get|set|check ITEM [VALUE] ...
# Items: power, reset, shutdown, boot, identify. It is sh because ipmi_sim waits for it on every status request.
set -u
machine=$1
operation=$2
shift 2

log() {
  printf '%s %s\n' "$(date +%FT%T.%3N)" "$*" >>"$machine/chassis.log"
}

# A recycled pid has another command line, a zombie has none.
running() {
  pid=$(cat "$machine/qemu.pid" 2>/dev/null) || return 1
  [ -n "$pid" ] && grep -aqF "$machine/qemu.pid" "/proc/$pid/cmdline" 2>/dev/null
}

# `default` is what ipmitool's "bootdev disk" arrives as; the machine's own order is network first.
boot_order() {
  case $(cat "$machine/boot" 2>/dev/null) in
    default) echo disk-first ;;
    *) echo network-first ;;
  esac
}

start() {
  running && return 0
  rm -f "$machine/qemu.pid"
  order=$(boot_order)
  log "start $order"
  set --
  while IFS= read -r argument; do set -- "$@" "$argument"; done <"$machine/qemu.$order"
  # The chosen boot device holds for one boot, as IPMI has it. Descriptors of ipmi_sim and the lock must not live on in QEMU.
  if "$@" </dev/null >>"$machine/qemu.log" 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; then
    echo none >"$machine/boot"
  else
    log "QEMU did not start: $(tail -n 1 "$machine/qemu.log")"
  fi
}

# Waits up to $1 tenths of a second for the machine to be gone.
gone_within() {
  tenths=$1
  while running; do
    [ "$tenths" -gt 0 ] || return 1
    tenths=$((tenths - 1))
    sleep .1
  done
}

# QEMU may flush its disk, but not take long: ipmitool repeats a request that isn't answered within a second.
stop() {
  running || return 0
  log stop
  kill "$pid"
  if ! gone_within 5; then
    kill -9 "$pid" 2>/dev/null
    gone_within 30
  fi
  rm -f "$machine/qemu.pid"
}

# A repeated request must not kill what the first has started.
reset() {
  now=$(date +%s)
  last=$(cat "$machine/last-reset" 2>/dev/null || echo 0)
  [ $((now - last)) -lt 3 ] && return 0
  running || return 0
  stop
  start
  date +%s >"$machine/last-reset"
}

shutdown() {
  running || return 0
  log shutdown
  printf '{"execute":"qmp_capabilities"}\n{"execute":"system_powerdown"}\n' |
    timeout 3 socat -t 1 - "UNIX-CONNECT:$machine/qmp.sock" >/dev/null 2>&1
}

get() {
  case $1 in
    power) running && echo power:1 || echo power:0 ;;
    boot) echo "boot:$(cat "$machine/boot" 2>/dev/null || echo none)" ;;
    *) echo "$1:0" ;;
  esac
}

put() {
  log "set $1 $2"
  case $1 in
    power) if [ "$2" = 1 ]; then start; else stop; fi ;;
    reset) reset ;;
    shutdown) shutdown ;;
    boot) echo "$2" >"$machine/boot" ;;
    *) ;;
  esac
}

case $operation in
  get)
    for item in "$@"; do get "$item"; done
    ;;
  set)
    exec 9>"$machine/lock"
    flock -w 10 9 || exit 1
    while [ $# -ge 2 ]; do
      put "$1" "$2"
      shift 2
    done
    ;;
  *) ;;
esac
exit 0
