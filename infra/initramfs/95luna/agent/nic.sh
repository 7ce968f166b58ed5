# The network while installing: the NIC the machine booted from, found by its MAC. Sourced; needs base.sh.
# shellcheck shell=sh

# Brings the boot NIC up; waits for as long as it takes, saying what it waits for.
nic_up() {
    until nic_by_mac "$LUNA_MAC" || nic_with_link; do
        once_said "no network card ${LUNA_MAC:+with MAC $LUNA_MAC }yet; there are:$macs"
        sleep 0.3
    done
    export LUNA_BOOTIF LUNA_MAC
    address=
    if [ "$LUNA_BOOTPROTO" != dhcp ] && [ "$LUNA_IP" != dhcp ]; then address="addr replace $LUNA_IP dev $LUNA_BOOTIF"; fi
    ip -batch - <<EOF
link set lo up
link set $LUNA_BOOTIF up
$address
EOF
    if [ -z "$address" ]; then nic_dhcp; fi
    if [ -n "$LUNA_GW" ]; then ip route replace default via "$LUNA_GW" dev "$LUNA_BOOTIF"; fi
    nic_carrier
}

# Sets LUNA_BOOTIF, or `macs` to those that there are.
nic_by_mac() {
    macs=
    for nic in /sys/class/net/*; do
        if [ "$nic" = /sys/class/net/lo ]; then continue; fi
        first_line "$nic/address"
        if same_mac "$1" "$first"; then
            LUNA_BOOTIF=${nic##*/}
            return 0
        fi
        macs="$macs ${nic##*/} $first"
    done
    return 1
}

# Nobody said which card the machine booted from: the first one with a link.
nic_with_link() {
    [ -z "$LUNA_MAC" ] || return 1
    for nic in /sys/class/net/*; do
        if [ "$nic" = /sys/class/net/lo ] || [ ! -e "$nic/device" ]; then continue; fi
        ip link set "${nic##*/}" up
        read -r carrier < "$nic/carrier" 2> /dev/null || continue
        if [ "$carrier" = 1 ]; then
            LUNA_BOOTIF=${nic##*/}
            read -r LUNA_MAC < "$nic/address"
            return 0
        fi
    done
    return 1
}

# An InfiniBand card's address has 20 bytes; the six of its MAC stand in it in order, with others between.
same_mac() {
    [ "$1" != "$2" ] || return 0
    [ "${#2}" = 59 ] || return 1
    rest=$1 known=$2
    while :; do
        byte=${rest%%:*}
        case $known in
            *"$byte"*) known=${known#*"$byte"} ;;
            *) return 1 ;;
        esac
        if [ "$rest" = "$byte" ]; then return 0; fi
        rest=${rest#*:}
    done
}

# Whatever client the image brought.
nic_dhcp() {
    if command -v dhclient > /dev/null; then
        until dhclient -1 -pf "$RUN/dhclient.pid" "$LUNA_BOOTIF"; do once_said 'no DHCP lease yet'; done
    elif command -v udhcpc > /dev/null; then
        until udhcpc -q -n -f -i "$LUNA_BOOTIF" -s "$LIB/udhcpc-lease.sh"; do once_said 'no DHCP lease yet'; done
    else
        say 'luna.bootproto=dhcp, but the image has neither dhclient nor udhcpc; waiting for an address set by hand'
        until ip -4 -o addr show dev "$LUNA_BOOTIF" | grep -q inet; do sleep 2; done
    fi
}

# Some cards need seconds to find their link; a call before that only meets its time-out.
nic_carrier() {
    tries=0
    while [ "$tries" -lt 40 ]; do
        read -r carrier < "/sys/class/net/$LUNA_BOOTIF/carrier" 2> /dev/null || carrier=0
        if [ "$carrier" = 1 ]; then return 0; fi
        sleep 0.25
        tries=$((tries + 1))
    done
    say "$LUNA_BOOTIF has no link"
}

# The installed system configures its cards from scratch, perhaps under other names.
nic_down() {
    if [ -f "$RUN/dhclient.pid" ]; then first_line "$RUN/dhclient.pid"; kill "$first" 2> /dev/null || :; fi
    ip addr flush dev "$LUNA_BOOTIF" || :
    ip link set "$LUNA_BOOTIF" down || :
}
