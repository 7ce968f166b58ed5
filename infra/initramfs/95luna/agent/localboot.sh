# The last stage: nothing of the installation stays behind on the disk. Sourced by stage.sh.
# shellcheck shell=sh

stage_localboot() {
    [ -x /sysroot/sbin/init ] || [ -L /sysroot/sbin/init ] || die 'the new system has no /sbin/init: is the image complete?'
    stop_seeding
    chroot_end
    rm -rf "$SCRATCH"
    sync
}
