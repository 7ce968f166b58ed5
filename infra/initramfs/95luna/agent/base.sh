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

# stop_seeding: what loads, unpacks and serves the image outlives its stage, in a session of its own.
stop_seeding() {
    rm -f "$RUN/pipeline.code"
    for of in swarm pipeline; do
        [ -f "$RUN/$of.pid" ] || continue
        first_line "$RUN/$of.pid"
        end_session "$first"
        # The peer writes its status for as long as it lives.
        rm -f "$RUN/$of.pid" "$RUN/swarm.status"
    done
}

# stop_rest: other machines take the rest of the initramfs from elsewhere.
stop_rest() {
    [ -f "$RUN/rest.pid" ] || return 0
    first_line "$RUN/rest.pid"
    end_session "$first"
    rm -rf "$RUN/rest.pid" "$RUN/rest/file"
}

# end_session PID: whoever is in it has a moment to tidy up. (dash takes a group's number only after `-s NAME --`.)
end_session() {
    kill -s TERM -- "-$1" 2> /dev/null || return 0
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        kill -s 0 -- "-$1" 2> /dev/null || return 0
        sleep 0.25
    done
    kill -s KILL -- "-$1" 2> /dev/null || :
}
