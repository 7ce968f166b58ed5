# The image, from the swarm or else from the controller, verified. Sourced by stage.sh.
# shellcheck shell=sh

# How long the swarm may give nothing before the controller is asked instead.
SWARM_PATIENCE=12

stage_download() {
    mounted /sysroot || die 'nothing is mounted on /sysroot: retry from partition'
    mkdir -p -m 0700 "$SCRATCH"
    tree=$SCRATCH/$LUNA_TREE_SHA256.tar.zst
    if [ -f "$tree" ] && verified "$tree"; then skip 'the image is already here'; fi
    enough_room
    stop_seeding
    rm -f "$tree" "$tree.aria2"
    if swarm "$tree"; then
        verified "$tree" || die "the image from the swarm is not what was packed: its SHA-256 differs from $LUNA_TREE_SHA256"
        note "from the swarm, $(megabytes "$LUNA_TREE_SIZE") MB"
        return 0
    fi
    stop_seeding
    rm -f "$tree" "$tree.aria2"
    from_controller "$tree"
    verified "$tree" || die "the image from $LUNA_URL is not what was packed: its SHA-256 differs from $LUNA_TREE_SHA256"
    note "from the controller by HTTP, $(megabytes "$LUNA_TREE_SIZE") MB: $no_swarm"
}

enough_room() {
    room=$(($(df -Pk /sysroot | awk 'END { print $4 }') * 1024))
    needed=$((LUNA_TREE_SIZE + LUNA_TREE_UNPACKED))
    [ "$room" -gt "$needed" ] || die "/sysroot has $(megabytes "$room") MB free, the image needs $(megabytes "$needed") MB packed and unpacked together"
}

megabytes() {
    echo $(($1 / 1000000))
}

verified() {
    progress 100 - - 'verifying'
    sum=$(sha256sum "$1")
    [ "${sum%% *}" = "$LUNA_TREE_SHA256" ]
}

# swarm FILE: true when every piece is there; the client goes on seeding. Otherwise `no_swarm` says why not.
swarm() {
    no_swarm='the image has no torrent client'
    command -v aria2c > /dev/null || return 1
    no_swarm='the torrent could not be fetched'
    call "$RUN/tree.torrent" "${LUNA_TREE_TORRENT_URL#"$LUNA_URL"}" || return 1
    rm -f "$RUN/swarm.done"
    setsid aria2c --dir="$SCRATCH" --index-out="1=${1##*/}" --listen-port=6881-6889 --enable-dht=false --enable-dht6=false \
        --enable-peer-exchange=false --bt-enable-lpd=false --bt-stop-timeout="$SWARM_PATIENCE" --bt-tracker-connect-timeout=5 \
        --bt-tracker-timeout=5 --seed-ratio=0.0 --file-allocation=none --allow-overwrite=true --bt-hash-check-seed=false \
        --summary-interval=1 --show-console-readout=false --console-log-level=warn --download-result=hide --no-conf \
        --on-bt-download-complete="$LIB/swarm-done.sh" --torrent-file="$RUN/tree.torrent" > "$RUN/swarm.log" 2>&1 &
    client=$!
    echo "$client" > "$RUN/swarm.pid"
    until [ -e "$RUN/swarm.done" ]; do
        if ! kill -0 "$client" 2> /dev/null; then
            wait "$client" && code=0 || code=$?
            no_swarm="the swarm gave nothing for $SWARM_PATIENCE s"
            [ "$code" = 7 ] || no_swarm="the torrent client ended with $code ($(last_words "$RUN/swarm.log"))"
            echo "$no_swarm"
            return 1
        fi
        sleep 1
        swarm_progress
    done
}

# The client's summary reads `[#2089b0 400KiB/33MiB(1%) CN:5 SD:2 DL:115KiB ETA:4m51s]`.
swarm_progress() {
    line=$(grep '^\[#' "$RUN/swarm.log" | tail -n 1) || return 0
    percent=$(part_of_line '.*(\([0-9]*\)%).*') peers=$(part_of_line '.* CN:\([0-9]*\).*')
    speed=$(part_of_line '.* DL:\([0-9.]*[KMG]*\)i*B.*')
    progress "${percent:--}" "$(bytes "${speed:--}")" "${peers:--}" 'from the swarm'
}

# part_of_line PATTERN: what the parentheses of a sed pattern for the whole line hold.
part_of_line() {
    echo "$line" | sed -n "s/^$1\$/\\1/p"
}

# bytes 11.2M: 11744051
bytes() {
    echo "$1" | awk '/^-/ { print "-"; exit } { n = $1 + 0 } /K$/ { n *= 1024 } /M$/ { n *= 1048576 } /G$/ { n *= 1073741824 } { printf "%d\n", n }'
}

# from_controller FILE: by HTTP, going on where it was interrupted, until it is whole.
from_controller() {
    : > "$1"
    watch_growth "$1" &
    watcher=$!
    pause=1
    while :; do
        code=0
        curl -sS -f -C - -o "$1" --connect-timeout 5 --speed-limit 1000 --speed-time 20 --max-time 7200 -H "@$RUN/nonce.header" "$LUNA_TREE_URL" 2> "$RUN/http.error" || code=$?
        [ "$code" != 0 ] || break
        # 33: the server is asked for what lies behind the end, because the file is whole.
        [ "$(stat -c %s "$1")" -lt "$LUNA_TREE_SIZE" ] || break
        [ "$code" != 22 ] || grep -q ' 5[0-9][0-9]' "$RUN/http.error" || die "the controller does not give the image: $(last_words "$RUN/http.error")"
        echo "interrupted ($(last_words "$RUN/http.error")), trying again"
        sleep "$pause"
        pause=$((pause * 2))
        if [ "$pause" -gt 15 ]; then pause=15; fi
    done
    kill "$watcher" 2> /dev/null || :
}

watch_growth() {
    last=0
    while sleep 1; do
        size=$(stat -c %s "$1" 2> /dev/null || echo 0)
        progress $((size * 100 / LUNA_TREE_SIZE)) $((size - last)) - 'from the controller by HTTP'
        last=$size
    done
}
