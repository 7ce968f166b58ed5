# The image becomes the new root. Sourced by stage.sh.
# shellcheck shell=sh

# Unpacking began with the first pieces, in the stage before; this one sees it through. Retried, it begins from nothing.
stage_unpack() {
    if [ ! -f "$RUN/pipeline.code" ] && ! pipeline_runs; then unpack_again; fi
    until [ -s "$RUN/pipeline.code" ]; do
        pipeline_runs || [ -s "$RUN/pipeline.code" ] || unpack_failed 'it was killed'
        first_line "$RUN/unpacked.percent"
        swarm_progress "${first:--}" 'unpacking'
        sleep 0.5
    done
    first_line "$RUN/pipeline.code"
    [ "$first" = 0 ] || unpack_failed "$(why_not_unpacked)"
    streamed_to_the_end || unpack_failed "the peer ended ($(peer_words "$RUN/swarm.log"))"
    for kind in proc sys dev run tmp; do [ -d "/sysroot/$kind" ] || mkdir "/sysroot/$kind"; done
    chmod 1777 /sysroot/tmp
    rm -f "$RUN/bootloader.begun"
    : > "$RUN/unpacked"
}

unpack_again() {
    tree=$SCRATCH/$LUNA_TREE_SHA256.tar.zst
    if has_signed && [ ! -f "$RUN/unsigned" ]; then
        fetch_signed
        begin_pipeline
    elif [ -f "$tree" ] && verified "$tree"; then
        stop_seeding
        clear_unpacked
        unpack_from "$tree"
    else
        die 'the image is not here: retry from download'
    fi
}

# The next try begins anew.
unpack_failed() {
    stop_seeding
    die "unpacking failed: $1"
}

# tar goes on after an error and says at the end that there was one.
why_not_unpacked() {
    grep -m 1 -E 'Cannot|[Ee]rror [^i]|No space' "$RUN/pipeline.log" || last_words "$RUN/pipeline.log"
}

# What ends early may still be an archive, to tar. The peer may write that it gave all a moment after tar has it.
streamed_to_the_end() {
    [ -f "$RUN/swarm.status" ] || return 0
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
        answer_of streamed "$RUN/swarm.status"
        if [ "$answer" = 100 ]; then return 0; fi
        sleep 0.25
    done
    return 1
}

# clear_unpacked: removes what an earlier try unpacked, on the new root and what is mounted below it from disks: all that
# was made since that try began. What the partscript put there is older; what something older lies in stays.
clear_unpacked() {
    if [ -f "$RUN/unpacking" ]; then
        chroot_end
        while read -r source where _; do
            case $where in /sysroot | /sysroot/*) ;; *) continue ;; esac
            case $source in /dev/* | tmpfs | none) ;; *) continue ;; esac
            find "$where" -xdev -mindepth 1 -cnewer "$RUN/unpacking" ! -path "$SCRATCH*" -delete 2> /dev/null || :
        done < /proc/mounts
    fi
    : > "$RUN/unpacking"
}
