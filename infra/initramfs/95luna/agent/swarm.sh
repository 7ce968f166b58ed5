# The image through the swarm: peer, zstd and tar as one pipeline in a session of its own that outlives its stage.
# Sourced by stage.sh.
# shellcheck shell=sh

PEER=$LIB/peer
# What the pieces take when they are kept in memory; with the peer, zstd and tar around them it stays below 64 MiB.
MEMORY_MIB=24

# has_signed: whether this boot can check what it is sent; an image of an older luna has no manifest.
has_signed() {
    [ -n "${LUNA_MANIFEST_URL:-}" ] && [ -x "$PEER" ]
}

# fetch_signed: manifest, signature and torrent, checked before anything else is done with them.
fetch_signed() {
    [ -s /etc/luna/image.pub ] || die "this initramfs has no public key to check images with: luna osimage pack ${LUNA_OSIMAGE:-IMAGE}"
    fetch "$RUN/manifest" "${LUNA_MANIFEST_URL#"$LUNA_URL"}"
    fetch "$RUN/manifest.sig" "${LUNA_MANIFEST_SIG_URL#"$LUNA_URL"}"
    fetch "$RUN/tree.torrent" "${LUNA_TREE_TORRENT_URL#"$LUNA_URL"}&webseed=1"
    name=${LUNA_MANIFEST_URL%%\?*}
    name=${name##*/}
    "$PEER" -check -manifest "$RUN/manifest" -signature "$RUN/manifest.sig" -key /etc/luna/image.pub -torrent "$RUN/tree.torrent" \
        > "$RUN/signed" 2> "$RUN/signed.error" || die "refused: $(refused_file "$(peer_words "$RUN/signed.error")")"
    answer_of tree "$RUN/signed"
    [ "$answer" = "$LUNA_TREE_SHA256" ] || die "refused: $name.manifest: it is of the tree $answer, not of $LUNA_TREE_SHA256"
}

# peer_words FILE: the last thing the peer said, without its name.
peer_words() {
    words=$(last_words "$1")
    echo "${words#peer: }"
}

# peer_end CODE: why it ended.
peer_end() {
    if [ "$1" -gt 128 ]; then echo "killed by signal $(($1 - 128))"; else peer_words "$RUN/swarm.log"; fi
}

# refused_file WORDS: the peer's reason with the file's own name in place of its kind.
refused_file() {
    case $1 in
        "manifest: its signature"*) echo "$name.manifest or $name.manifest.sig:${1#manifest:}" ;;
        "manifest:"*) echo "$name.manifest:${1#manifest:}" ;;
        "torrent:"*) echo "$LUNA_TREE_SHA256.torrent:${1#torrent:}" ;;
        "public key:"*) echo "/etc/luna/image.pub:${1#public key:}" ;;
        *) echo "$LUNA_TREE_SHA256.tar.zst: $1" ;;
    esac
}

# choose_store: pieces lie in a file beside the tree, where others can be fed from it for as long as this machine is here;
# in memory, and only for a while, where the root itself is memory or the disk has no room for both.
choose_store() {
    first_line "$RUN/store"
    store=$first
    if [ -n "$store" ]; then return 0; fi
    measure_room
    both=$((LUNA_TREE_SIZE + LUNA_TREE_UNPACKED))
    case $(findmnt -n -o FSTYPE --target /sysroot) in
        tmpfs | ramfs) store=memory ;;
        *) store="file"; if [ "$own" -le "$LUNA_TREE_SIZE" ] || [ "$room" -le "$both" ]; then store=memory; fi ;;
    esac
    [ "$room" -gt "$LUNA_TREE_UNPACKED" ] || die "/sysroot and what is mounted below it have $(megabytes "$room") MB free, the image needs $(megabytes "$LUNA_TREE_UNPACKED") MB unpacked"
    echo "$store" > "$RUN/store"
}

# measure_room: sets `own` to the bytes free on the new root, where the scratch file lies, and `room` to those free for the
# tree: there and on all that is mounted below it (its own /usr, /var …), each file system once.
measure_room() {
    own='' room=0 counted=' '
    while read -r _ where _; do
        case $where/ in
            /sysroot/proc/* | /sysroot/sys/* | /sysroot/dev/* | /sysroot/run/*) continue ;;
            /sysroot/*) ;;
            *) continue ;;
        esac
        # A single file that is mounted is no place for others.
        [ -d "$where" ] || continue
        # shellcheck disable=SC2046 # the file system, and how much of it is free
        set -- $(df -Pk "$where" 2> /dev/null | awk 'END { print $1, $4 }')
        # Subvolumes of a disk have a number each but share its room; file systems in memory have nothing but their number.
        case ${1:-} in
            '') continue ;;
            /dev/*) which=$1 ;;
            *) which=$(stat -c %d "$where") ;;
        esac
        if [ "$where" = /sysroot ]; then own=$(($2 * 1024)); fi
        case $counted in *" $which "*) continue ;; esac
        counted="$counted$which "
        room=$((room + $2 * 1024))
    done < /proc/mounts
    [ -n "$own" ] || die 'nothing is mounted on /sysroot: retry from partition'
}

# begin_pipeline: nothing that an earlier try unpacked stays; what it loaded stays if it is what was signed.
begin_pipeline() {
    stop_seeding
    clear_unpacked
    choose_store
    if [ "$store" = file ]; then
        mkdir -p -m 0700 "$SCRATCH"
        set -- -file "$SCRATCH/$LUNA_TREE_SHA256.tar.zst" -resume
    else
        set -- -memory "$MEMORY_MIB"
    fi
    rm -f "$RUN/tree.pipe"
    mkfifo -m 0600 "$RUN/tree.pipe"
    unpack_from "$RUN/tree.pipe" "$PEER" -torrent "$RUN/tree.torrent" -manifest "$RUN/manifest" -signature "$RUN/manifest.sig" \
        -key /etc/luna/image.pub -status "$RUN/swarm.status" -stream "$@"
}

# unpack_from FILE [COMMAND …]: zstd and tar read the file, which the command writes, if there is one.
unpack_from() {
    rm -f "$RUN/pipeline.code" "$RUN/feeder.code" "$RUN/unpacked.percent" "$RUN/unpacked"
    setsid "$LIB/pipeline.sh" "$@" > "$RUN/pipeline.log" 2>&1 < /dev/null &
    echo $! > "$RUN/pipeline.pid"
}

pipeline_runs() {
    first_line "$RUN/pipeline.pid"
    [ -n "$first" ] && kill -0 "$first" 2> /dev/null
}

# swarm_progress WORDS: how far the peer is, as it says itself.
swarm_progress() {
    answer_of percent "$RUN/swarm.status"; percent=$answer
    answer_of rate "$RUN/swarm.status"; rate=$answer
    answer_of neighbours "$RUN/swarm.status"
    progress "${1:-${percent:--}}" "${rate:--}" "${answer:--}" "$2"
}

# by_peer: true when every piece is here; false when the peer can't be used, and `no_peer` says why.
by_peer() {
    begin_pipeline
    until answer_of percent "$RUN/swarm.status" && [ "$answer" = 100 ]; do
        first_line "$RUN/feeder.code"
        case $first in
            '') pipeline_runs || [ -s "$RUN/feeder.code" ] || { no_peer='the peer was killed'; return 1; } ;;
            3) stop_seeding; die "refused: $(refused_file "$(peer_words "$RUN/swarm.log")")" ;;
            *)
                no_peer="the peer ended ($(peer_end "$first"))"
                first_line "$RUN/pipeline.code"
                if [ "${first:-0}" = 0 ] || [ "$store" = file ]; then return 1; fi
                # In memory there is no place for what can't be unpacked. Either nobody read what the peer wrote, or there
                # was no more to read because the peer had ended.
                case $no_peer in *'broken pipe'*) die "unpacking failed: $(why_not_unpacked)" ;; esac
                die "$no_peer"
                ;;
        esac
        swarm_progress '' 'from the swarm'
        sleep 0.5
    done
    note "$(where_from)"
}

# where_from: who gave the image.
where_from() {
    answer_of in "$RUN/swarm.status"; peers=$answer
    answer_of web "$RUN/swarm.status"; web=$answer
    if [ "${web:-0}" = 0 ] && [ "${peers:-0}" = 0 ]; then echo "here already, every piece checked again, $(megabytes "$LUNA_TREE_SIZE") MB"
    elif [ "${web:-0}" = 0 ]; then echo "from the swarm, $(megabytes "$LUNA_TREE_SIZE") MB"
    elif [ "${peers:-0}" = 0 ]; then echo "from the controller by HTTP, $(megabytes "$LUNA_TREE_SIZE") MB: no peer sent anything"
    else echo "from the swarm, $(megabytes "$LUNA_TREE_SIZE") MB, $(megabytes "$web") MB of them from the controller by HTTP"
    fi
}

megabytes() {
    echo $(($1 / 1000000))
}
