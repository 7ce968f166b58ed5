#!/bin/bash
# The dracut module of luna: everything a node needs to install itself, built from the image's own root so that the
# kernel that installs is the kernel that runs. Nothing in here is secret: the result is served to anyone who boots.
# With LUNA_PART=first it is only what brings a machine as far as its network and the swarm, where the rest comes from.

# Only when asked for by name: it is of no use in an initrd that boots an installed system.
check() {
    return 255
}

depends() {
    echo base udev-rules bash
    # The agent is POSIX sh; dash starts it in half the time.
    [[ -x $dracutsysrootdir/bin/dash ]] && echo dash
    return 0
}

# What stands behind "CLASS:" in a list, for the classes wanted (all of them unless LUNA_DRIVER_CLASSES names some).
listed() {
    local file=$1 wanted=${2:-}
    awk -v wanted=" $wanted " '
        /^#/ || NF == 0 { next }
        { class = $1; sub(/:$/, "", class); $1 = ""; if (wanted ~ /^ *$/ || index(wanted, " " class " ")) print }
    ' "$file"
}

drivers() {
    local class wanted=''
    for class in ${LUNA_DRIVER_CLASSES:-$(awk -F: '/^[a-z]/ { print $1 }' "$moddir/drivers.list")}; do
        if [[ ${LUNA_PART:-} == first && $class != virtual && $class != ethernet ]]; then continue; fi
        # A file system that the image can't make is of no use to its nodes.
        case $class in
            xfs | btrfs) [[ -e $dracutsysrootdir/usr/sbin/mkfs.$class || -e $dracutsysrootdir/sbin/mkfs.$class ]] || continue ;;
        esac
        wanted="$wanted $class"
    done
    listed "$moddir/drivers.list" "${wanted:-none}"
}

installkernel() {
    # shellcheck disable=SC2046 # a list of words
    hostonly='' instmods $(drivers)
}

install() {
    # shellcheck disable=SC2046 # a list of words
    inst_multiple $(listed "$moddir/tools.list" first)
    [[ ${LUNA_PART:-} == first ]] || install_rest
    [[ -e ${initdir}/bin/dash ]] && ln -sfn dash "${initdir}/bin/sh"

    # NICs are named as the installed system will name them.
    inst_multiple -o "$systemdutildir/network/99-default.link" /etc/mke2fs.conf
    inst_libdir_file 'libnss_dns*' 'libnss_files*' 'libgcc_s.so*'

    inst_hook cmdline 90 "$moddir/parse-luna.sh"
    inst_hook mount 10 "$moddir/start-luna.sh"
    local file
    for file in "$moddir"/agent/*; do
        inst_simple "$file" "/usr/lib/luna/${file##*/}"
    done
    chmod 0755 "${initdir}"/usr/lib/luna/{agent,stage,pipeline,swarm-done,unpacked}.sh
    # How the image is taken from other nodes; packing adds the key by which it is verified.
    inst_simple "$moddir/own/peer" /usr/lib/luna/peer
    chmod 0755 "${initdir}/usr/lib/luna/peer"
    inst_simple "$moddir/reboot.sh" /usr/sbin/reboot
    chmod 0755 "${initdir}/usr/sbin/reboot"
}

install_rest() {
    # shellcheck disable=SC2046 # a list of words
    inst_multiple $(listed "$moddir/tools.list" required)
    # shellcheck disable=SC2046
    inst_multiple -o $(listed "$moddir/tools.list" optional)
    if [[ ${LUNA_ARIA2:-} == yes ]]; then
        inst_multiple aria2c
        shrink_icu
    fi
    install_sshd
}

# sshd lets in whoever the image lets in as root, by key only. Its host keys are made at boot.
install_sshd() {
    local keys=$dracutsysrootdir/root/.ssh/authorized_keys
    inst_multiple -o /usr/sbin/sshd ssh-keygen scp /usr/lib/openssh/sftp-server \
        /usr/lib/openssh/sshd-session /usr/lib/openssh/sshd-auth /usr/libexec/openssh/sshd-session /usr/libexec/openssh/sshd-auth
    grep -q '^sshd:' "${initdir}/etc/passwd" 2>/dev/null \
        || echo 'sshd:x:74:74:sshd:/run/sshd:/usr/sbin/nologin' >> "${initdir}/etc/passwd"
    [[ -s $keys ]] || return 0
    mkdir -p -m 0700 "${initdir}/root/.ssh"
    inst_simple "$keys" /root/.ssh/authorized_keys
    chmod 0600 "${initdir}/root/.ssh/authorized_keys"
}

# aria2 drags in ICU's tables (31 MB, 10 MB packed) to convert Metalink's encodings, which no torrent needs. The library
# must be there to be linked with, its tables needn't: they become zeros if aria2 still starts with them. dracut adds
# libraries last and leaves alone what is there already.
shrink_icu() {
    local library small blocks
    for library in "$dracutsysrootdir"/usr/lib*/{,*/}libicudata.so.*.*; do
        [[ -f $library && ! -L $library ]] || continue
        small=$DRACUT_TMPDIR/icu
        mkdir -p "$small"
        cp "$library" "$small/"
        blocks=$(($(stat -c %s "$library") / 4096))
        dd if=/dev/zero of="$small/${library##*/}" bs=4096 seek=4 count=$((blocks - 8)) conv=notrunc status=none
        ln -sf "${library##*/}" "$small/$(basename "${library%.*}")"
        LD_LIBRARY_PATH=$small aria2c --version > /dev/null 2>&1 || continue
        inst_simple "$small/${library##*/}" "${library#"$dracutsysrootdir"}"
    done
}
