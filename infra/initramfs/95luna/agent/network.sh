# The new system's identity: its name, its networks, its keys, and how it says that it is up. Sourced by stage.sh.
# shellcheck shell=sh

stage_network() {
    [ -d /sysroot/etc ] || die 'there is no system on /sysroot: retry from unpack'
    # Programs of the new system want at least /dev/null.
    chroot_begin
    name_system
    configure_networks
    fresh_ssh_keys
    install_ready_report
}

name_system() {
    echo "$LUNA_HOSTNAME" > /sysroot/etc/hostname
    # Every node its own id; the image's would give all of them one.
    tr -d - < /proc/sys/kernel/random/uuid > /sysroot/etc/machine-id
    if [ -e /sysroot/var/lib/dbus/machine-id ] && [ ! -L /sysroot/var/lib/dbus/machine-id ]; then cp /sysroot/etc/machine-id /sysroot/var/lib/dbus/machine-id; fi
    cp -p /sysroot/etc/hosts "$RUN/hosts.image" 2> /dev/null || : > "$RUN/hosts.image"
    {
        grep -v '# luna$' "$RUN/hosts.image" || :
        grep -q '^127\.0\.0\.1[[:space:]]' "$RUN/hosts.image" || echo '127.0.0.1 localhost'
    } > /sysroot/etc/hosts
    # BOOTIF is the first.
    for address in "${LUNA_IF_1_IP:-}" "${LUNA_IF_1_IP6:-}"; do
        if [ -n "$address" ]; then name_address "$address"; fi
    done
}

# name_address IP: under which this system knows itself.
name_address() {
    short=${LUNA_HOSTNAME%%.*}
    if [ "$short" = "$LUNA_HOSTNAME" ]; then short=''; fi
    echo "$1 $LUNA_HOSTNAME${short:+ $short} # luna" >> /sysroot/etc/hosts
}

# The controller decides and renders; it is told what this kernel calls the card, and that card's own address.
configure_networks() {
    first_line "/sys/class/net/$LUNA_BOOTIF/address"
    # 59 characters are InfiniBand's, which no file can match by.
    if [ "${#first}" != 17 ]; then first=''; fi
    fetch "$RUN/networks" /node/network -G --data-urlencode "bootif=$LUNA_BOOTIF" --data-urlencode "mac=$first"
    # shellcheck source=/dev/null
    . "$RUN/networks"
}

# What the controller's answer is made of (infra/templates/network-sh.ts). Paths are those of the installed system.

networks_by() {
    echo "networks by $1"
}

# forget FOLDER: an image taken from a node still has that node's files.
forget() {
    for file in "/sysroot$1"/*; do
        [ -f "$file" ] || continue
        first_line "$file"
        case $first in '# Written by luna '*) rm -f "$file" ;; esac
    done
}

# put MODE PATH TEXT
put() {
    echo "$2"
    mkdir -p "/sysroot${2%/*}"
    rm -f "/sysroot$2"
    (umask 077; printf '%s' "$3" > "/sysroot$2")
    chmod "$1" "/sysroot$2"
}

# ensure PATH PATTERN LINE: adds the line unless one there fits the pattern.
ensure() {
    grep -qs "$2" "/sysroot$1" || echo "$3" >> "/sysroot$1"
}

# resolver TEXT: only where the image has no program that looks after it.
resolver() {
    [ -L /sysroot/etc/resolv.conf ] || printf '%s' "$1" > /sysroot/etc/resolv.conf
}

# enable_unit UNIT
enable_unit() {
    for link in /sysroot/etc/systemd/system/*.wants/"$1.service"; do [ ! -L "$link" ] && [ ! -e "$link" ] || return 0; done
    chroot /sysroot systemctl -q enable "$1" || die "the image's systemctl could not enable $1: $(last_words "$RUN/network.log")"
}

# Keys that came with the image stay: some sites want one identity. RSA is left out: it takes a slow machine a minute.
fresh_ssh_keys() {
    [ -x /sysroot/usr/bin/ssh-keygen ] || return 0
    for key in /sysroot/etc/ssh/ssh_host_*_key; do [ ! -e "$key" ] || return 0; done
    for kind in ed25519 ecdsa; do
        chroot /sysroot ssh-keygen -q -t "$kind" -N '' -C "root@$LUNA_HOSTNAME" -f "/etc/ssh/ssh_host_${kind}_key" < /dev/null || die "ssh-keygen of the image made no $kind host key: $(last_words "$RUN/network.log")"
    done
}

# A unit that reports once from the installed system and then removes itself.
install_ready_report() {
    [ -d /sysroot/etc/systemd/system ] || { echo 'no systemd in the image: it will not report that it is up'; return 0; }
    mkdir -p -m 0700 /sysroot/var/lib/luna-ready
    (umask 077; cp "$RUN/nonce.header" /sysroot/var/lib/luna-ready/nonce.header; echo "$LUNA_URL" > /sysroot/var/lib/luna-ready/url)
    cp "$LIB/report-ready.sh" /sysroot/var/lib/luna-ready/report.sh
    cp "$LIB/luna-ready.service" /sysroot/etc/systemd/system/luna-ready.service
    mkdir -p /sysroot/etc/systemd/system/multi-user.target.wants
    ln -sf ../luna-ready.service /sysroot/etc/systemd/system/multi-user.target.wants/luna-ready.service
}
