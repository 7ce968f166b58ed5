# Runs one stage beside a heartbeat and reports how it ended. Sourced; needs base.sh and http.sh.
# shellcheck shell=sh

# How a stage says "there was nothing to do".
SKIPPED=77

# run_stage STAGE ATTEMPT
run_stage() {
    stage=$1 attempt=$2 log=$RUN/$1.log
    rm -f "$RUN/message" "$RUN/progress" "$RUN/stopped"
    say "$stage ..."
    began=$(now_ms)
    # A session of its own, so that the stage and all it started can be ended together.
    setsid "$LIB/stage.sh" "$stage" "$attempt" > "$log" 2>&1 < /dev/null &
    worker=$!
    heartbeat "$stage" "$attempt" "$worker" &
    pulse=$!
    status=0
    wait "$worker" || status=$?
    took=$(($(now_ms) - began))
    kill "$pulse" 2> /dev/null || :
    wait "$pulse" 2> /dev/null || :
    message=$(outcome_message "$stage" "$status" "$log")
    case $status in
        0) result=ok ;;
        "$SKIPPED") result=skipped ;;
        *) result=failed ;;
    esac
    say "$stage: $result after $((took / 1000)).$((took % 1000 / 100)) s${message:+, $message}"
    report "$stage" "$attempt" "$result" "$took" "$message" "$log"
}

# One sentence for people: what the stage said itself, or else its last words.
outcome_message() {
    if [ -s "$RUN/stopped" ]; then
        cat "$RUN/stopped"
    elif [ -s "$RUN/message" ]; then
        cat "$RUN/message"
    elif [ "$2" != 0 ]; then
        echo "$1 ended with $2: $(last_words "$3")"
    fi
}

# heartbeat STAGE ATTEMPT PID: tells every 3 s that the stage lives and how far it is; ends it when told to.
heartbeat() {
    while sleep 3; do
        percent='' rate='' peers='' note=''
        if [ -s "$RUN/progress" ]; then read -r percent rate peers note < "$RUN/progress" || :; fi
        call "$RUN/pulse" /node/progress -d "stage=$1" -d "attempt=$2" -d "percent=${percent#-}" -d "rate=${rate#-}" -d "peers=${peers#-}" \
            --data-urlencode "message=$note" || continue
        if [ "$(value action "$RUN/pulse")" = abort ]; then
            echo "$1 was stopped by the controller" > "$RUN/stopped"
            end_session "$3"
            return 0
        fi
    done
}

# end_session PID: a stage has a moment to tidy up.
end_session() {
    kill -TERM -- "-$1" 2> /dev/null || return 0
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        kill -0 -- "-$1" 2> /dev/null || return 0
        sleep 0.5
    done
    kill -KILL -- "-$1" 2> /dev/null || :
}

# The sequence number makes a repeated report recognisable; it goes on when the agent is started again.
report() {
    seq=$(($(cat "$RUN/seq" 2> /dev/null || echo 0) + 1))
    echo "$seq" > "$RUN/seq"
    tail -n 120 "$6" | tr -d '\r' | tail -c 8000 > "$RUN/tail"
    persist "$RUN/reported" /node/report -d "stage=$1" -d "attempt=$2" -d "seq=$seq" -d "status=$3" -d "duration_ms=$4" \
        --data-urlencode "message=$5" --data-urlencode "log@$RUN/tail" || :
}
