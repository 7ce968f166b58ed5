# shellcheck shell=sh
# A group's partscript: the whole of one disk for the system, bootable by BIOS and by UEFI alike.
#   luna group change -n compute --partscript < infra/initramfs/examples/one-disk.sh
# The first disk that can't be pulled out, or the one named here:
disk=
set -e
disk=${disk:-$(lsblk -dnpbo NAME,TYPE,RM,SIZE | awk '$2 == "disk" && $3 == 0 && $4 > 2000000000 { print $1; exit }')}
[ -b "$disk" ] || { echo "no disk to install on: ${disk:-none of 2 GB or more found}" >&2; exit 1; }
part() { case $disk in *[0-9]) echo "${disk}p$1" ;; *) echo "$disk$1" ;; esac; }

wipefs -qaf "$disk"
sfdisk -q --wipe always --wipe-partitions always "$disk" <<EOF
label: gpt
size=1MiB, type=21686148-6449-6E6F-744E-656564454649, name=bios_grub
size=128MiB, type=U, name=esp
type=L, name=root
EOF
udevadm settle
mkfs.vfat -F 32 -n ESP "$(part 2)" > /dev/null
mkfs.ext4 -q -F -L root -E lazy_itable_init=1,lazy_journal_init=1 "$(part 3)"
mount "$(part 3)" /sysroot
mkdir -p /sysroot/boot/efi
mount -o umask=0077,quiet "$(part 2)" /sysroot/boot/efi
