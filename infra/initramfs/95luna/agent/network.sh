# The new system's identity: its name, its networks, its keys, and how it says that it is up. Sourced by stage.sh.
# shellcheck shell=sh

stage_network() {
    [ -d /sysroot/etc ] || die 'there is no system on /sysroot: retry from unpack'
    # Programs of the new system want at least /dev/null.
    chroot_begin
    name_system
    style=$(network_style)
    [ -n "$style" ] || die 'the image has none of systemd-networkd, NetworkManager, ifcfg or ifupdown to configure'
    echo "networks by $style"
    i=1
    while [ "$i" -le "$LUNA_IF_COUNT" ]; do
        pick_interface "$i"
        echo "$if_name $if_address"
        "write_$style"
        i=$((i + 1))
    done
    write_resolver
    fresh_ssh_keys
    install_ready_report
}

name_system() {
    echo "$LUNA_HOSTNAME" > /sysroot/etc/hostname
    # Every node its own id; the image's would give all of them one.
    tr -d - < /proc/sys/kernel/random/uuid > /sysroot/etc/machine-id
    if [ -e /sysroot/var/lib/dbus/machine-id ] && [ ! -L /sysroot/var/lib/dbus/machine-id ]; then cp /sysroot/etc/machine-id /sysroot/var/lib/dbus/machine-id; fi
    touch /sysroot/etc/hosts
    grep -v '# luna$' /sysroot/etc/hosts > "$RUN/hosts" || :
    grep -q '^127\.0\.0\.1[[:space:]]' "$RUN/hosts" || echo '127.0.0.1 localhost' >> "$RUN/hosts"
    short=${LUNA_HOSTNAME%%.*}
    if [ "$short" = "$LUNA_HOSTNAME" ]; then short=; fi
    echo "${LUNA_IP%/*} $LUNA_HOSTNAME $short # luna" >> "$RUN/hosts"
    cat "$RUN/hosts" > /sysroot/etc/hosts
}

# pick_interface I: the plan's numbered variables under plain names. BOOTIF is known by its MAC, the others by their names.
pick_interface() {
    for field in NAME IP PREFIX GATEWAY DNS SEARCH PARAMS; do eval "if_$field=\${LUNA_IF_$1_$field:-}"; done
    # shellcheck disable=SC2154 # set by eval
    if_name=$if_NAME if_ip=$if_IP if_prefix=$if_PREFIX if_gateway=$if_GATEWAY if_params=$if_PARAMS
    # shellcheck disable=SC2154
    if_dns=$(echo "$if_DNS" | tr ',' ' ') if_search=$(echo "$if_SEARCH" | tr ',' ' ')
    if_address=$if_ip if_mac='' if_device=$if_name
    if [ -n "$if_ip" ]; then if_address=$if_ip/$if_prefix; fi
    if [ "$if_name" = BOOTIF ]; then if_mac=$LUNA_MAC if_device=$LUNA_BOOTIF; fi
}

# Only where the image has no program that looks after it.
write_resolver() {
    [ ! -L /sysroot/etc/resolv.conf ] || return 0
    servers=$(all_values DNS) domains=$(all_values SEARCH)
    [ -n "$servers$domains" ] || return 0
    {
        if [ -n "$domains" ]; then echo "search $domains"; fi
        for server in $servers; do echo "nameserver $server"; done
    } > /sysroot/etc/resolv.conf
}

# all_values FIELD: of all interfaces, each once.
all_values() {
    n=1
    while [ "$n" -le "$LUNA_IF_COUNT" ]; do
        eval "echo \"\${LUNA_IF_${n}_$1:-}\""
        n=$((n + 1))
    done | tr ', ' '\n\n' | awk 'NF && !seen[$0]++' | tr '\n' ' ' | sed 's/ $//'
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
