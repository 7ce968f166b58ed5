# Calls to the controller. Sourced; needs base.sh and LUNA_URL.
# shellcheck shell=sh

# call FILE PATH [curl's arguments]: the answer's body goes to FILE.
# Returns 0; 1 when it is worth trying again; 3 when the controller refuses this boot; 4 when it will never take the call.
call() {
    file=$1 path=$2
    shift 2
    http=$(curl -sS -o "$file" -w '%{http_code}' --connect-timeout 5 --max-time 15 -H "@$RUN/nonce.header" "$@" "$LUNA_URL$path" 2> "$file.error") || http=000
    case $http in
        2??) return 0 ;;
        000) first_line "$file.error"; why=${first#curl: } ;;
        *) first_line "$file"; why="HTTP $http $first" ;;
    esac
    # The controller has found that a file of its own was altered: it will be as wrong the next time.
    case $why in *'is not what was packed'*) return 4 ;; esac
    case $http in
        403) return 3 ;;
        408 | 429 | 5?? | 000) return 1 ;;
        *) return 4 ;;
    esac
}

# persist FILE PATH [curl's arguments]: calls until the controller answers, however long it is away. Returns 0, 3 or 4 as above.
persist() {
    pause=1
    while :; do
        result=0
        call "$@" || result=$?
        case $result in
            0) return 0 ;;
            3 | 4) once_said "the controller refuses $2: $why"; return "$result" ;;
        esac
        once_said "$LUNA_URL$2 does not answer ($why); trying again"
        sleep "$pause"
        pause=$((pause * 2))
        if [ "$pause" -gt 15 ]; then pause=15; fi
    done
}
