#!/bin/bash
# The rest of the initramfs: a machine boots with what it needs to get here; all else comes from machines that are as far
# already, or from the controller, each piece verified by the signed manifest before it is unpacked. bash, because it can
# speak to the controller by itself: curl is of the rest.
set -eu -o pipefail
LIB=/usr/lib/luna
. "$LIB/base.sh"
. "$LIB/nic.sh"
. "$LIB/arguments.sh"
REST=$RUN/rest
# How long nothing may move, in seconds, before all begins anew; a piece by HTTP may take two minutes.
PATIENCE=180

main() {
    mkdir -p -m 0700 "$RUN" "$REST"
    read_arguments
    [ -n "$LUNA_REST" ] && [ ! -e "$RUN/rest.done" ] || return 0
    stop_rest
    nic_up
    id=${LUNA_REST%/*} sum=${LUNA_REST#*/}
    fetch "/manifest/$id" "$REST/manifest"
    fetch "/manifest/$id.sig" "$REST/signature"
    fetch "/torrents/$sum-rest.torrent?webseed=1" "$REST/torrent"
    rm -f "$REST/file" "$REST/stream" "$REST/status" "$REST/failed"
    mkfifo "$REST/stream"
    ({ cd / && zstd -dcq | cpio -idmu --quiet && : > "$RUN/rest.done"; } || : > "$REST/failed") < "$REST/stream" 2> "$REST/unpacking" &
    unpacking=$!
    # It goes on after the stream has ended: it serves what it has, until the machine is handed over.
    setsid "$LIB/peer" -rest -torrent "$REST/torrent" -manifest "$REST/manifest" -signature "$REST/signature" -key /etc/luna/image.pub \
        -file "$REST/file" -status "$REST/status" -listen :6880 -stream > "$REST/stream" 2> "$REST/log" &
    echo "$!" > "$RUN/rest.pid"
    wait_for_rest
    # The drivers that came are for devices that were there before.
    { udevadm control --reload && udevadm trigger --action=add && udevadm settle --timeout=60; } || say 'not all devices were looked at again'
}

# wait_for_rest: until all of it is unpacked. The peer lives on when nobody reads what it writes.
wait_for_rest() {
    local ended='' before='' since=$SECONDS state key
    until [ -e "$RUN/rest.done" ]; do
        kill -0 "$(cat "$RUN/rest.pid")" 2> /dev/null || fail "the rest of the initramfs did not come: $(cat "$REST/log")"
        if [ -n "$ended" ]; then
            # The first line is the cause, all others are of who read or wrote at the other end.
            first_line "$REST/unpacking"
            fail "the rest of the initramfs can't be unpacked: ${first:-zstd or cpio was killed}"
        fi
        # One more look at all else before that is said: a peer that ended is why there was nothing to unpack.
        if [ -e "$REST/failed" ] || ! kill -0 "$unpacking" 2> /dev/null; then ended=yes; fi
        state=
        for key in percent in web streamed; do answer_of "$key" "$REST/status"; state="$state $key=$answer"; done
        if [ "$state" != "$before" ]; then before=$state since=$SECONDS; fi
        [ $((SECONDS - since)) -lt "$PATIENCE" ] || fail "the rest of the initramfs has not moved for $PATIENCE s (${state# })"
        sleep 0.2
    done
}

# fail SENTENCE: who called begins anew, and finds nothing of this try.
fail() {
    say "$*"
    [ -z "${unpacking:-}" ] || kill "$unpacking" 2> /dev/null || :
    stop_rest
    exit 1
}

# fetch PATH FILE: by HTTP/1.0, whose answer ends with its connection.
fetch() {
    local host=${LUNA_URL#http://} status line
    host=${host%%/*}
    local name=${host%:*}
    name=${name#[} name=${name%]}
    exec 3<> "/dev/tcp/$name/${host##*:}" || fail "$LUNA_URL does not answer"
    printf 'GET %s HTTP/1.0\r\nHost: %s\r\nX-Luna-Nonce: %s\r\n\r\n' "$1" "$host" "$nonce" >&3
    IFS= read -r -t 30 status <&3 || fail "$LUNA_URL$1 does not answer"
    while IFS= read -r -t 30 line <&3 && [ "$line" != $'\r' ]; do :; done
    timeout 60 cat <&3 > "$2" || fail "$LUNA_URL$1 broke off"
    exec 3>&-
    case $status in
        *' 200 '*) return 0 ;;
        *) fail "the controller refuses $1: ${status%$'\r'} $(cat "$2")" ;;
    esac
}

main
