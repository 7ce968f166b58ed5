# Runs one stage beside a heartbeat and reports how it ended. Sourced; needs base.sh and http.sh.
# shellcheck shell=sh

# How a stage says "there was nothing to do".
SKIPPED=77

# run_stage STAGE ATTEMPT
run_stage() {
    stage=$1 attempt=$2 log=$RUN/$1.log
    for note in message progress stopped; do : > "$RUN/$note"; done
    say "$stage ..."
    clock
    began=$now
    # A session of its own, so that the stage and all it started can be ended together.
    setsid "$LIB/stage.sh" "$stage" "$attempt" > "$log" 2>&1 < /dev/null &
    worker=$!
    heartbeat "$stage" "$attempt" "$worker" &
    pulse=$!
    status=0
    wait "$worker" || status=$?
    clock
    took=$((now - began))
    kill "$pulse" 2> /dev/null || :
    wait "$pulse" 2> /dev/null || :
    case $status in
        0) outcome=ok ;;
        "$SKIPPED") outcome=skipped ;;
        *) outcome=failed; forget_plan ;;
    esac
    outcome_message
    say "$stage: $outcome after $((took / 1000)).$((took % 1000 / 100)) s${message:+, $message}"
    report
}

# Sets `message` to one sentence for people: what the stage said itself, or else its last words.
outcome_message() {
    first_line "$RUN/stopped"
    if [ -z "$first" ]; then first_line "$RUN/message"; fi
    message=$first
    if [ -z "$message" ] && [ "$outcome" = failed ]; then message="$stage ended with $status: $(last_words "$log")"; fi
}

# Whoever mends what failed may change the plan.
forget_plan() {
    : > "$RUN/plan"
}

# heartbeat STAGE ATTEMPT PID: tells every 3 s that the stage lives and how far it is; ends it when told to.
heartbeat() {
    while sleep 3; do
        percent='' rate='' peers='' note=''
        if [ -s "$RUN/progress" ]; then read -r percent rate peers note < "$RUN/progress" || :; fi
        answer_of rate_out "$RUN/swarm.status"
        rate_out=$answer
        answer_of eta "$RUN/swarm.status"
        call "$RUN/pulse" /node/progress -d "rate_out=$rate_out" -d "eta=${answer#-1}" -d "stage=$1" -d "attempt=$2" -d "percent=${percent#-}" -d "rate=${rate#-}" -d "peers=${peers#-}" \
            --data-urlencode "message=$note" || continue
        answer_of action "$RUN/pulse"
        if [ "$answer" = abort ]; then
            echo "$1 was stopped by the controller" > "$RUN/stopped"
            end_session "$3"
            return 0
        fi
    done
}

# The sequence number makes a repeated report recognisable; it goes on when the agent is started again.
report() {
    first_line "$RUN/seq"
    seq=$((${first:-0} + 1))
    echo "$seq" > "$RUN/seq"
    tail -c 8000 "$log" > "$RUN/tail"
    persist "$RUN/reported" /node/report -d "stage=$stage" -d "attempt=$attempt" -d "seq=$seq" -d "status=$outcome" -d "duration_ms=$took" \
        --data-urlencode "message=$message" --data-urlencode "log@$RUN/tail" || :
}
