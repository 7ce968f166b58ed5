# The image becomes the new root. Sourced by stage.sh.
# shellcheck shell=sh

stage_unpack() {
    tree=$SCRATCH/$LUNA_TREE_SHA256.tar.zst
    [ -f "$tree" ] || die 'the image is not here: retry from download'
    # Numeric owners: this environment's /etc/passwd is not the image's. Extended attributes carry capabilities, ACLs and
    # SELinux labels. A checkpoint every 20 MB (2048 records of 10 KiB) is the progress.
    LUNA_RECORDS=$((LUNA_TREE_UNPACKED / 10240 + 1)) tar --extract --file="$tree" --use-compress-program='zstd -d' --directory=/sysroot --numeric-owner --preserve-permissions \
        --same-owner --xattrs --xattrs-include='*' --acls --checkpoint=2048 --checkpoint-action="exec=$LIB/unpacked.sh" \
        || die "unpacking failed: $(last_words "$RUN/unpack.log")"
    for kind in proc sys dev run tmp; do [ -d "/sysroot/$kind" ] || mkdir "/sysroot/$kind"; done
    chmod 1777 /sysroot/tmp
    rm -f "$RUN/bootloader.begun"
    : > "$RUN/unpacked"
}
