# Everything in which the families of operating systems differ. Sourced by stage.sh; paths below /sysroot.
# shellcheck shell=sh disable=SC2154

# An image made in a chroot may never have built the initrd it boots from disk with.
ensure_initrd() {
    if [ -x /sysroot/usr/sbin/update-initramfs ]; then
        [ -e "/sysroot/boot/initrd.img-$LUNA_KERNVER" ] || chroot /sysroot update-initramfs -c -k "$LUNA_KERNVER"
    elif [ -e "/sysroot/boot/vmlinuz-$LUNA_KERNVER" ] && [ ! -e "/sysroot/boot/initramfs-$LUNA_KERNVER.img" ]; then
        chroot /sysroot dracut --no-hostonly "/boot/initramfs-$LUNA_KERNVER.img" "$LUNA_KERNVER"
    fi
}

# set_kernel_arguments WORDS: for this and every later configuration of the boot loader.
set_kernel_arguments() {
    grub_arguments=$1
    if [ -d /sysroot/etc/default/grub.d ] || [ -x /sysroot/usr/sbin/update-grub ]; then
        mkdir -p /sysroot/etc/default/grub.d
        echo "GRUB_CMDLINE_LINUX='$(echo "$1" | tr -d "'")'" > /sysroot/etc/default/grub.d/luna.cfg
    else
        touch /sysroot/etc/default/grub
        sed -i '/# luna$/d' /sysroot/etc/default/grub
        echo "GRUB_CMDLINE_LINUX='$(echo "$1" | tr -d "'")' # luna" >> /sysroot/etc/default/grub
    fi
}

# grub NAME ARGUMENTS: RedHat's family has the programs under other names.
grub() {
    tool=grub-$1
    if [ ! -x "/sysroot/usr/sbin/$tool" ] && [ ! -x "/sysroot/usr/bin/$tool" ]; then tool=grub2-$1; fi
    shift
    chroot /sysroot "$tool" "$@" || die "$tool failed: $(last_words "$RUN/bootloader.log")"
}

# What grub needs at boot here; the system's own `grub-install` brings the rest. Copying all 290 costs a slow disk seconds.
GRUB_MODULES='normal linux search search_fs_uuid search_label part_gpt part_msdos ext2 xfs btrfs fat lvm diskfilter mdraid09 mdraid1x
    serial terminal gzio echo test configfile minicmd reboot halt ls cat loadenv all_video gettext regexp true boot chain'

grub_install() {
    # shellcheck disable=SC2086 # options, one per word
    grub install --install-modules="$(echo $GRUB_MODULES)" --locales= --themes= --fonts= "$@"
}

# Debian's kernel updates write grub's configuration anew; for the first boot it is written here, because
# grub-mkconfig takes a slow machine half a minute. RedHat's refers to entries that only its own tools know.
grub_config() {
    case $(findmnt -n -o FSTYPE /sysroot) in
        btrfs) own=no ;;
        *) own=yes ;;
    esac
    if [ -x /sysroot/usr/sbin/update-grub ] && [ $own = yes ]; then
        mkdir -p /sysroot/boot/grub
        grub_menu > /sysroot/boot/grub/grub.cfg
        return
    fi
    directory=/boot/grub
    if [ -d /sysroot/boot/grub2 ] || [ -x /sysroot/usr/sbin/grub2-mkconfig ]; then directory=/boot/grub2; fi
    mkdir -p "/sysroot$directory"
    grub mkconfig -o "$directory/grub.cfg"
}

# The kernel that installed this system, with the arguments and on the serial line of this boot.
grub_menu() {
    root_uuid=$(findmnt -n -o UUID /sysroot) boot_uuid='' path=/boot
    if mounted /sysroot/boot; then boot_uuid=$(findmnt -n -o UUID /sysroot/boot) path=''; fi
    echo "# Written when luna installed this system; update-grub writes it anew."
    unit=$(echo "$grub_arguments" | sed -n 's/.*console=ttyS\([0-9]\).*/\1/p') speed=$(echo "$grub_arguments" | sed -n 's/.*console=ttyS[0-9],\([0-9][0-9]*\).*/\1/p')
    if [ -n "$unit" ]; then
        printf 'serial --unit=%s --speed=%s\nterminal_input console serial\nterminal_output console serial\n' "$unit" "${speed:-9600}"
    fi
    printf "set gfxpayload=text\nset timeout=0\nsearch --no-floppy --fs-uuid --set=root %s\n" "${boot_uuid:-$root_uuid}"
    printf "menuentry 'Linux %s' {\n  linux %s/vmlinuz-%s root=UUID=%s ro %s\n" "$LUNA_KERNVER" "$path" "$LUNA_KERNVER" "$root_uuid" "$grub_arguments"
    for initrd in "initrd.img-$LUNA_KERNVER" "initramfs-$LUNA_KERNVER.img"; do
        if [ -e "/sysroot/boot/$initrd" ]; then printf '  initrd %s/%s\n' "$path" "$initrd"; fi
    done
    echo '}'
}

# bootloader_bios DISKS: on each of them, so that a mirror boots without either half.
bootloader_bios() {
    for disk in $1; do grub_install --target=i386-pc "$disk"; done
    grub_config
}

# On the fallback path of the ESP and without touching the firmware's variables: the boot order stays the administrator's.
bootloader_uefi() {
    mounted /sysroot/boot/efi || die 'this machine boots by UEFI, but nothing is mounted on /sysroot/boot/efi: let the partscript make an EFI system partition and mount it there'
    case $(uname -m) in
        aarch64) target=arm64-efi short=AA64 ;;
        *) target=x86_64-efi short=X64 ;;
    esac
    if [ -d "/sysroot/usr/lib/grub/$target" ]; then
        grub_install --target="$target" --efi-directory=/boot/efi --removable --no-nvram
    else
        signed_uefi "$short"
    fi
    grub_config
}

# RedHat's family installs a signed shim and loader into the ESP's directory of the vendor instead.
signed_uefi() {
    low=$(echo "$1" | tr A-Z a-z)
    for shim in /sysroot/boot/efi/EFI/*/"shim$low.efi"; do [ -f "$shim" ] && break; done
    [ -f "$shim" ] || die "the image has neither grub's modules for UEFI nor a signed shim in /boot/efi: install one of them in the image and pack it again"
    vendor=${shim%/*}
    mkdir -p /sysroot/boot/efi/EFI/BOOT
    cp "$shim" "/sysroot/boot/efi/EFI/BOOT/BOOT$1.EFI"
    cp "$vendor/grub$low.efi" /sysroot/boot/efi/EFI/BOOT/
    printf 'search --no-floppy --fs-uuid --set=root %s\nset prefix=($root)/boot/grub2\nconfigfile $prefix/grub.cfg\n' \
        "$(findmnt -n -o UUID /sysroot)" > "$vendor/grub.cfg"
}
