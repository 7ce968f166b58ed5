#!/bin/sh
# The agent: says hello to the controller, does the stages it is told to do, one by one, and reports each.
# It decides nothing: what comes next, how often and when to stop is the controller's business.
set -eu
LIB=/usr/lib/luna
. "$LIB/base.sh"
. "$LIB/http.sh"
. "$LIB/nic.sh"
. "$LIB/inventory.sh"
. "$LIB/remote.sh"
. "$LIB/run-stage.sh"

main() {
    mkdir -p -m 0700 "$RUN"
    echo 4 > /proc/sys/kernel/printk
    read_arguments
    hostname "$LUNA_HOSTNAME"
    shell_on_tty2
    nic_up
    hello
    sshd_up
    if [ "$LUNA_SERVICE" = 1 ]; then service_mode; fi
    while :; do
        take_next
    done
}

# The boot's own arguments; `luna.node=` and its kin become LUNA_NODE and so on.
read_arguments() {
    LUNA_NODE=$(argument luna.node) LUNA_URL=$(argument luna.url) LUNA_MAC=$(argument luna.mac | tr A-F a-f)
    LUNA_HOSTNAME=$(argument luna.hostname) LUNA_HOSTNAME=${LUNA_HOSTNAME:-$LUNA_NODE}
    LUNA_BOOTPROTO=$(argument luna.bootproto) LUNA_IP=$(argument luna.ip) LUNA_GW=$(argument luna.gw)
    LUNA_SERVICE=$(argument luna.service)
    (umask 077; printf 'X-Luna-Nonce: %s\n' "$(argument luna.nonce)" > "$RUN/nonce.header")
    LUNA_FIRMWARE=bios
    if [ -d /sys/firmware/efi ]; then LUNA_FIRMWARE=uefi; fi
    export LUNA_NODE LUNA_URL LUNA_MAC LUNA_IP LUNA_HOSTNAME LUNA_FIRMWARE
}

hello() {
    inventory > "$RUN/inventory.json"
    read -r uptime _ < /proc/uptime
    persist "$RUN/hello" /node/hello -d "mac=$LUNA_MAC" -d "firmware=$LUNA_FIRMWARE" -d "uptime=$uptime" \
        --data-urlencode "kernel=$(uname -r)" --data-urlencode "inventory@$RUN/inventory.json" \
        || say 'the controller does not take this machine yet'
    set_clock "$(value time "$RUN/hello")"
    say "said hello to $LUNA_URL after $uptime s"
}

# A machine whose clock is years off can neither verify nor be read by its logs.
set_clock() {
    case $1 in
        '' | *[!0-9]*) return 0 ;;
    esac
    date -u -s "@$1" > /dev/null || say 'the clock could not be set'
}

# One round: ask what to do, do it.
take_next() {
    persist "$RUN/next" /node/next --max-time 40 || { sleep 10; return 0; }
    case $(value action "$RUN/next") in
        run) run_stage "$(value stage "$RUN/next")" "$(value attempt "$RUN/next")" ;;
        continue) hand_over ;;
        abort) stand_by "$(value reason "$RUN/next")" ;;
        *) sleep 1 ;;
    esac
}

# The run is over: the machine stays as it is and reachable, in case it is taken up again.
stand_by() {
    once_said "stopped by the controller: ${1:-no reason given}"
    stop_seeding
    sleep 10
}

# Leaves nothing of the initramfs running or configured; dracut goes on to switch_root.
hand_over() {
    say 'handing over to the installed system'
    remote_down
    nic_down
    exit 0
}

main
