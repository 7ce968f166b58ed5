# What the agent and its stages share. Sourced; needs LIB. Programs are called only where the shell can't do it itself:
# starting one costs an emulated or a busy machine more than most of them do.
# shellcheck shell=sh
RUN=/run/luna
# The image travels through this directory of the new root; it is gone before the machine is handed over.
SCRATCH=/sysroot/.luna

say() {
    echo "luna: $*" >> /dev/console
}

# The same sentence again and again helps nobody.
once_said() {
    if [ "$*" != "${last_said:-}" ]; then say "$*"; fi
    last_said=$*
}

# answer_of KEY FILE: sets `answer` to what stands behind KEY= in an answer of the controller.
answer_of() {
    answer=
    [ -f "$2" ] || return 0
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in
            "$1="*) answer=${line#*=}; return 0 ;;
        esac
    done < "$2"
}

# Sets `now` to the milliseconds since the kernel started.
clock() {
    read -r now _ < /proc/uptime
    now=${now%.*}${now#*.}0
}

# first_line FILE: sets `first` to it; empty when there is none.
first_line() {
    first=
    if [ -s "$1" ]; then IFS= read -r first < "$1" || :; fi
}

# mounted DIRECTORY: true when something is mounted on it.
mounted() {
    while read -r _ where _; do
        if [ "$where" = "$1" ]; then return 0; fi
    done < /proc/mounts
    return 1
}

# last_words FILE: the last line that is not an indented explanation of the one before it.
last_words() {
    words=$(tail -n 20 "$1" | tr -d '\r' | grep '^[^[:space:]]' | tail -n 1 | head -c 500)
    echo "${words:-it said nothing}"
}

# The swarm's client outlives its stage.
stop_seeding() {
    [ -f "$RUN/swarm.pid" ] || return 0
    first_line "$RUN/swarm.pid"
    rm -f "$RUN/swarm.pid"
    kill "$first" 2> /dev/null || return 0
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        kill -0 "$first" 2> /dev/null || return 0
        sleep 0.2
    done
    kill -9 "$first" 2> /dev/null || :
}
