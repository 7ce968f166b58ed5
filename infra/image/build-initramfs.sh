#!/bin/sh
# build-initramfs.sh TREE MODULE KERNVER WORK LEVEL [dracut's arguments]: runs the image's own dracut with luna's module and
# leaves WORK/initramfs.img, which brings a machine as far as its network, and WORK/rest.img with all else; the two one after
# another are the whole. What lies in WORK/own goes with the module. To be called in a mount namespace of its own: whatever
# happens, no mount is left behind, and the tree is mounted read-only, so that nothing is written to it.
set -eu
tree=$1 module=$2 kernver=$3 work=$4 level=$5
shift 5

# In a chroot / is no mount and keeps its propagation; what is mounted here then stays below WORK.
mount --make-rprivate / 2> /dev/null || { mount --bind "$work" "$work"; mount --make-private "$work"; }
mkdir -p "$work/root" "$work/dracut" "$work/tmp"
cp -a "$tree/usr/lib/dracut/." "$work/dracut/"
rm -rf "$work/dracut/modules.d/95luna"
cp -a "$module" "$work/dracut/modules.d/95luna"
cp -a "$work/own" "$work/dracut/modules.d/95luna/own"
# dracut owes its modules to nobody but root, whoever checked this out.
chown -R 0:0 "$work/dracut/modules.d/95luna"
# The rules for people's seats bring logind's client, and it 5 MB of libraries.
sed -i -E 's/(70-uaccess|71-seat|73-seat-late)\.rules//' "$work/dracut/modules.d/95udev-rules/module-setup.sh"
cp "${0%/*}/split-initramfs.sh" "$work/tmp/split.sh"

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
for part in first whole; do
    LUNA_PART=$part chroot "$work/root" dracut --force --conf /dev/null --confdir /tmp/empty --tmpdir /var/tmp --no-hostonly --no-hostonly-cmdline \
        --no-early-microcode --no-compress --kver "$kernver" "$@" "/var/tmp/$part.cpio"
    [ -s "$work/tmp/$part.cpio" ] || { echo 'dracut ended well but made no initramfs' >&2; exit 1; }
done
chroot "$work/root" sh /var/tmp/split.sh /var/tmp "$level"
mv "$work/tmp/initramfs.img" "$work/tmp/rest.img" "$work/"
