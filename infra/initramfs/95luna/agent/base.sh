# What the agent and its stages share. Sourced; needs LIB.
# shellcheck shell=sh
RUN=/run/luna
# The image travels through this directory of the new root; it is gone before the machine is handed over.
# shellcheck disable=SC2034
SCRATCH=/sysroot/.luna

say() {
    echo "luna: $*" > /dev/console
}

# The same sentence again and again helps nobody.
once_said() {
    if [ "$*" != "${last_said:-}" ]; then say "$*"; fi
    last_said=$*
}

# argument NAME: the value of NAME= on the kernel's command line; of several the last.
argument() {
    read -r cmdline < /proc/cmdline
    found=
    for word in $cmdline; do
        case $word in
            "$1="*) found=${word#*=} ;;
        esac
    done
    printf '%s' "$found"
}

# value KEY FILE: what stands behind KEY= in an answer of the controller.
value() {
    if [ -f "$2" ]; then sed -n "s/^$1=//p" "$2" | head -n 1; fi
}

# Milliseconds since the kernel started.
now_ms() {
    read -r uptime _ < /proc/uptime
    fraction=${uptime#*.}
    echo "${uptime%.*}${fraction}0"
}

# The swarm's client outlives its stage.
stop_seeding() {
    [ -f "$RUN/swarm.pid" ] || return 0
    kill "$(cat "$RUN/swarm.pid")" 2> /dev/null || :
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        kill -0 "$(cat "$RUN/swarm.pid")" 2> /dev/null || break
        sleep 0.2
    done
    kill -9 "$(cat "$RUN/swarm.pid")" 2> /dev/null || :
    rm -f "$RUN/swarm.pid"
}

# last_words FILE: the last line that is not an indented explanation of the one before it.
last_words() {
    words=$(tr -d '\r' < "$1" | grep '^[^[:space:]]' | tail -n 1 | head -c 500)
    echo "${words:-it said nothing}"
}
