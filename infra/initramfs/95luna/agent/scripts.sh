# The group's own scripts. Sourced by stage.sh.
# shellcheck shell=sh

stage_prescript() {
    run_script prescript
}

# Begins from nothing: an earlier attempt may have left its file systems mounted.
stage_partition() {
    stop_seeding
    rm -f "$RUN/store" "$RUN/unpacking"
    release_sysroot
    mkdir -p /sysroot
    udevadm settle --timeout=30 || :
    run_script partscript
    udevadm settle --timeout=30 || :
    mounted /sysroot || die 'the partscript mounted nothing on /sysroot: its last step must mount the new root file system there'
}

stage_postscript() {
    [ -d /sysroot/usr ] || die 'there is no system on /sysroot to run the postscript on: retry from unpack'
    chroot_begin
    export LUNA_OSIMAGE=yes
    run_script postscript
}

# run_script NAME: written for bash, as Luna 1's were. Its exit status is its verdict, its last words the reason.
run_script() {
    fetch "$RUN/$1" "/node/script/$1"
    says_something "$RUN/$1" || skip "the group has no $1"
    code=0
    (cd / && exec bash "$RUN/$1") || code=$?
    [ "$code" = 0 ] || die "$1 exited $code: $(last_words "$RUN/$stage.log")"
}

# says_something FILE: true when it has more than white space.
says_something() {
    while read -r line || [ -n "$line" ]; do
        if [ -n "$line" ]; then return 0; fi
    done < "$1"
    return 1
}

# Takes down everything mounted for the new system.
release_sysroot() {
    swapoff -a 2> /dev/null || :
    mounted /sysroot || return 0
    umount -R /sysroot || die "/sysroot of an earlier attempt is still in use: $(findmnt -n -o SOURCE /sysroot)"
}

# What programs of the new system expect around them. The stage localboot takes it away.
chroot_begin() {
    for kind in proc sys dev run; do
        [ -d "/sysroot/$kind" ] || mkdir "/sysroot/$kind"
        mounted "/sysroot/$kind" || mount --rbind --make-rslave "/$kind" "/sysroot/$kind"
    done
}

chroot_end() {
    for kind in run dev sys proc; do
        if mounted "/sysroot/$kind"; then umount -R -l "/sysroot/$kind"; fi
    done
}
