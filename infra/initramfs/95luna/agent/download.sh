# The image, from the swarm or else from the controller, verified. Sourced by stage.sh.
# shellcheck shell=sh

# How long the swarm may give nothing before the controller is asked instead.
SWARM_PATIENCE=12

stage_download() {
    mounted /sysroot || die 'nothing is mounted on /sysroot: retry from partition'
    rm -f "$RUN/unsigned"
    no_peer='this initramfs has no peer'
    if has_signed; then
        fetch_signed
        if by_peer; then return 0; fi
    fi
    : > "$RUN/unsigned"
    whole_file
}

# whole_file: the image as one file by other means, which is unpacked when it is verified.
whole_file() {
    stop_seeding
    mkdir -p -m 0700 "$SCRATCH"
    tree=$SCRATCH/$LUNA_TREE_SHA256.tar.zst
    if [ ! -f "$tree" ] || ! verified "$tree"; then
        clear_unpacked
        rm -f "$tree" "$tree.aria2"
        enough_room
        if swarm "$tree"; then
            verified "$tree" || die "the image from the swarm is not what was packed: its SHA-256 differs from $LUNA_TREE_SHA256"
            note "from the swarm by aria2, $(megabytes "$LUNA_TREE_SIZE") MB: $no_peer"
        else
            stop_seeding
            rm -f "$tree" "$tree.aria2"
            from_controller "$tree"
            verified "$tree" || die "the image from $LUNA_URL is not what was packed: its SHA-256 differs from $LUNA_TREE_SHA256"
            note "from the controller by HTTP, $(megabytes "$LUNA_TREE_SIZE") MB: $no_peer; $no_swarm"
        fi
    fi
}

enough_room() {
    measure_room
    needed=$((LUNA_TREE_SIZE + LUNA_TREE_UNPACKED))
    [ "$own" -gt "$LUNA_TREE_SIZE" ] || die "/sysroot has $(megabytes "$own") MB free, the image needs $(megabytes "$LUNA_TREE_SIZE") MB packed"
    [ "$room" -gt "$needed" ] || die "/sysroot and what is mounted below it have $(megabytes "$room") MB free, the image needs $(megabytes "$needed") MB packed and unpacked together"
}

verified() {
    progress 100 - - 'verifying'
    sum=$(sha256sum "$1")
    [ "${sum%% *}" = "$LUNA_TREE_SHA256" ]
}

# swarm FILE: true when every piece is there; the client goes on seeding. Otherwise `no_swarm` says why not.
swarm() {
    command -v aria2c > /dev/null || { no_swarm='the image has no torrent client'; return 1; }
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
        aria2_progress
    done
}

# The client's summary reads `[#2089b0 400KiB/33MiB(1%) CN:5 SD:2 DL:115KiB ETA:4m51s]`.
aria2_progress() {
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
    # Whatever ends the stage ends it too: the next stage's progress is not this one's to write.
    trap 'kill "$watcher" 2> /dev/null || :' EXIT
    pause=1
    while :; do
        code=0
        curl -sS -f -C - -o "$1" --connect-timeout 5 --speed-limit 1000 --speed-time 20 --max-time 7200 -H "@$RUN/nonce.header" "$LUNA_TREE_URL" 2> "$RUN/http.error" || code=$?
        [ "$code" != 0 ] || break
        # 33: the server is asked for what lies behind the end, because the file is whole.
        [ "$(stat -c %s "$1")" -lt "$LUNA_TREE_SIZE" ] || break
        [ "$code" != 22 ] || grep -q ' 5[0-9][0-9]' "$RUN/http.error" || die "the controller does not give the image: $(last_words "$RUN/http.error")"
        # 23: it can't be written, and won't be the next time.
        [ "$code" != 23 ] || { measure_room; die "the image can't be written, /sysroot has $(megabytes "$own") MB free: $(last_words "$RUN/http.error")"; }
        echo "interrupted ($(last_words "$RUN/http.error")), trying again"
        sleep "$pause"
        pause=$((pause * 2))
        if [ "$pause" -gt 15 ]; then pause=15; fi
    done
    kill "$watcher" 2> /dev/null || :
    trap - EXIT
}

watch_growth() {
    last=0
    while sleep 1; do
        size=$(stat -c %s "$1" 2> /dev/null || echo 0)
        progress $((size * 100 / LUNA_TREE_SIZE)) $((size - last)) - 'from the controller by HTTP'
        last=$size
    done
}
