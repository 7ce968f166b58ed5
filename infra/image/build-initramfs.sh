#!/bin/sh
# build-initramfs.sh TREE MODULE KERNVER WORK [dracut's arguments]: runs the image's own dracut with luna's module and
# leaves WORK/initramfs.img. To be called in a mount namespace of its own: whatever happens, no mount is left behind,
# and the tree is mounted read-only, so that nothing is written to it.
set -eu
tree=$1 module=$2 kernver=$3 work=$4
shift 4

# In a chroot / is no mount and keeps its propagation; what is mounted here then stays below WORK.
mount --make-rprivate / 2> /dev/null || { mount --bind "$work" "$work"; mount --make-private "$work"; }
mkdir -p "$work/root" "$work/dracut" "$work/tmp"
cp -a "$tree/usr/lib/dracut/." "$work/dracut/"
rm -rf "$work/dracut/modules.d/95luna"
cp -a "$module" "$work/dracut/modules.d/95luna"
# dracut owes its modules to nobody but root, whoever checked this out.
chown -R 0:0 "$work/dracut/modules.d/95luna"

mount --bind "$tree" "$work/root"
mount -o remount,bind,ro "$work/root"
mount -t tmpfs -o mode=1777 tmpfs "$work/root/tmp"
mount -t tmpfs tmpfs "$work/root/run"
mount --bind "$work/tmp" "$work/root/var/tmp"
mount --bind "$work/dracut" "$work/root/usr/lib/dracut"
mount -t proc proc "$work/root/proc"
mount --rbind /sys "$work/root/sys"
mount --rbind /dev "$work/root/dev"

# The image's dracut configuration is for its own initrd. Debian's even names a module that can't be installed in a
# small root, which makes dracut exit 0 without a result: hence the check.
mkdir "$work/root/tmp/empty"
chroot "$work/root" dracut --force --conf /dev/null --confdir /tmp/empty --tmpdir /var/tmp --no-hostonly --no-hostonly-cmdline \
  --no-early-microcode --kver "$kernver" "$@" /var/tmp/initramfs.img
[ -s "$work/tmp/initramfs.img" ] || { echo 'dracut ended well but made no initramfs' >&2; exit 1; }
mv "$work/tmp/initramfs.img" "$work/initramfs.img"
