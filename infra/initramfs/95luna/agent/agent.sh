#!/bin/sh
# The agent: says hello to the controller, does the stages it is told to do, one by one, and reports each.
# It decides nothing: what comes next, how often and when to stop is the controller's business.
set -eu
LIB=/usr/lib/luna
. "$LIB/base.sh"
. "$LIB/http.sh"
. "$LIB/nic.sh"
. "$LIB/arguments.sh"
. "$LIB/remote.sh"
. "$LIB/run-stage.sh"

main() {
    mkdir -p -m 0700 "$RUN"
    echo 4 > /proc/sys/kernel/printk
    read_arguments
    echo "$LUNA_HOSTNAME" > /proc/sys/kernel/hostname
    nic_up
    hello
    shell_on_tty2
    sshd_up
    if [ "$LUNA_SERVICE" = 1 ]; then service_mode; fi
    while :; do
        take_next
    done
}

hello() {
    awk -f "$LIB/inventory.awk" /sys/block/* /sys/class/net/* > "$RUN/inventory.json" || echo '{}' > "$RUN/inventory.json"
    read -r uptime _ < /proc/uptime
    read -r kernel < /proc/sys/kernel/osrelease
    # In Mbit/s; a virtual card says -1, or refuses to be read.
    speed=0
    read -r speed < "/sys/class/net/$LUNA_BOOTIF/speed" 2> /dev/null || speed=0
    persist "$RUN/hello" /node/hello -d "mac=$LUNA_MAC" -d "firmware=$LUNA_FIRMWARE" -d "uptime=$uptime" -d "link=$speed" \
        --data-urlencode "kernel=$kernel" --data-urlencode "inventory@$RUN/inventory.json" \
        || say 'the controller does not take this machine yet'
    answer_of time "$RUN/hello"
    set_clock "$answer"
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
    persist "$RUN/next" /node/next --max-time 40 || { forget_plan; sleep 10; return 0; }
    answer_of action "$RUN/next"
    case $answer in
        run)
            answer_of attempt "$RUN/next"
            attempt=$answer
            answer_of stage "$RUN/next"
            run_stage "$answer" "$attempt"
            ;;
        continue) hand_over ;;
        abort) answer_of reason "$RUN/next"; stand_by "$answer" ;;
        *) sleep 1 ;;
    esac
}

# The run is over: the machine stays as it is and reachable, in case it is taken up again.
stand_by() {
    once_said "stopped by the controller: ${1:-no reason given}"
    stop_seeding
    forget_plan
    sleep 10
}

# Leaves nothing of the initramfs running or configured; dracut goes on to switch_root.
hand_over() {
    say 'handing over to the installed system'
    remote_down
    stop_rest
    nic_down
    exit 0
}

main
