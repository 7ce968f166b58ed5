# How the machine will find its new system when it boots from its own disk. Sourced by stage.sh.
# shellcheck shell=sh

stage_bootloader() {
    [ -d /sysroot/etc ] || die 'there is no system on /sysroot: retry from unpack'
    complete_fstab
    [ "$LUNA_BOOTLOADER" = auto ] || skip 'the group wants no boot loader'
    root_source=$(findmnt -n -o SOURCE /sysroot | sed 's/\[.*//')
    case $root_source in
        /dev/*) ;;
        *) skip "the root file system is not on a disk ($root_source)" ;;
    esac
    # What an earlier attempt of this stage left doesn't count.
    [ -e "$RUN/bootloader.begun" ] || for config in /sysroot/boot/grub/grub.cfg /sysroot/boot/grub2/grub.cfg; do
        if [ -n "$(find "$config" -newer "$RUN/unpacked" 2> /dev/null)" ]; then skip 'the postscript installed a boot loader'; fi
    done
    : > "$RUN/bootloader.begun"
    chroot_begin
    udevadm settle --timeout=30 || :
    disks=$(lsblk -nsrpo NAME,TYPE "$root_source" | awk '$2 == "disk" && !seen[$1]++ { print $1 }')
    [ -n "$disks" ] || die "no disk was found below $root_source"
    ensure_initrd
    set_kernel_arguments "$(kernel_arguments)"
    case $LUNA_FIRMWARE in
        uefi) bootloader_uefi ;;
        *) bootloader_bios "$disks" ;;
    esac
    echo "boot loader for $LUNA_FIRMWARE on $(echo "$disks" | tr '\n' ' ')"
}

# The image's own, and the consoles of this boot: who watched the installation wants to watch the system.
kernel_arguments() {
    read -r cmdline < /proc/cmdline
    printf '%s' "$LUNA_KERNOPTS"
    for word in $cmdline; do
        case $word in
            console=*) case " $LUNA_KERNOPTS " in *" $word "*) ;; *) printf ' %s' "$word" ;; esac ;;
        esac
    done
}

# What is mounted for the new system now is mounted again at its boot, unless the scripts said otherwise.
complete_fstab() {
    touch /sysroot/etc/fstab
    # Luna 1's default postscript writes this, whatever the partscript mounted.
    [ "$(findmnt -n -o FSTYPE /sysroot)" = tmpfs ] || sed -i '/^tmpfs[[:space:]][[:space:]]*\/[[:space:]]/d' /sysroot/etc/fstab
    findmnt -rnR -o TARGET,SOURCE,FSTYPE /sysroot | while read -r target source kind; do
        where=${target#/sysroot}
        where=${where:-/}
        case $where in
            /proc* | /sys* | /dev* | /run*) continue ;;
        esac
        case $source in
            /dev/*) name_device "${source%%\[*}" ;;
            tmpfs) what=tmpfs ;;
            *) continue ;;
        esac
        if grep -v '^[[:space:]]*#' /sysroot/etc/fstab | awk -v where="$where" '$2 == where { found = 1 } END { exit !found }'; then continue; fi
        check=2
        if [ "$where" = / ]; then check=1; fi
        case $kind in
            vfat) echo "$what $where vfat umask=0077 0 $check" ;;
            tmpfs) echo "$what $where tmpfs defaults 0 0" ;;
            *) echo "$what $where $kind defaults 0 $check" ;;
        esac
    done > "$RUN/fstab"
    awk 'NR > 1 && $2 == "partition" { print $1 }' /proc/swaps | while read -r swap; do
        name_device "$swap"
        grep -q '[[:space:]]swap[[:space:]]' /sysroot/etc/fstab || echo "$what none swap sw 0 0"
    done >> "$RUN/fstab"
    cat "$RUN/fstab" >> /sysroot/etc/fstab
}

# name_device PATH: sets `what` to a name it keeps when disks change places.
name_device() {
    what=$(blkid -s UUID -o value "$1") && what=UUID=$what || what=$1
}
