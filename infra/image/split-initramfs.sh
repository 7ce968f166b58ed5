#!/bin/sh
# split-initramfs.sh DIRECTORY LEVEL: makes initramfs.img of first.cpio and rest.img of what whole.cpio has beside it or
# otherwise. Runs in the image's root, with its programs.
set -eu
export LC_ALL=C
cd "$1"
level=$2

# One line for each file and link: what it is, then its name.
contents() {
    find . -type f -exec sha256sum {} +
    find . -type l -printf '%l  %p\n'
}

for part in first whole; do
    mkdir "$part"
    (cd "$part" && cpio -idm --quiet < "../$part.cpio" && contents | sort > "../$part.list")
    rm "$part.cpio"
done
# A running system unpacks the rest over itself: what the kernel mounted there is not its business.
comm -12 first.list whole.list | sed 's/^.*  \.\//.\//' | (cd whole && tr '\n' '\0' | xargs -0 rm -f && rm -rf dev proc sys run tmp)

pack() {
    (cd "$1" && find . | sort | cpio -o -H newc --quiet -R 0:0) | zstd -q -T0 "-$2" > "$3"
    rm -rf "$1"
}
pack first "$level" initramfs.img
# It goes from machine to machine, not from the controller to each: it may be quickly packed.
pack whole "$((level < 9 ? level : 9))" rest.img
