# The network while installing: the NIC the machine booted from, found by its MAC. Sourced; needs base.sh.
# shellcheck shell=sh

# Brings the boot NIC up; waits for as long as it takes, saying what it waits for.
nic_up() {
    until LUNA_BOOTIF=$(nic_by_mac "$LUNA_MAC"); do
        once_said "no network card with MAC $LUNA_MAC yet; there are: $(macs)"
        sleep 0.5
    done
    export LUNA_BOOTIF
    ip link set lo up
    ip link set "$LUNA_BOOTIF" up
    case $LUNA_BOOTPROTO/$LUNA_IP in
        dhcp/* | */dhcp) nic_dhcp ;;
        *) ip addr replace "$LUNA_IP" dev "$LUNA_BOOTIF" ;;
    esac
    if [ -n "$LUNA_GW" ]; then ip route replace default via "$LUNA_GW" dev "$LUNA_BOOTIF"; fi
    nic_carrier
}

nic_by_mac() {
    for nic in /sys/class/net/*; do
        [ -f "$nic/address" ] || continue
        read -r address < "$nic/address" || continue
        if same_mac "$1" "$address"; then
            echo "${nic##*/}"
            return 0
        fi
    done
    return 1
}

# An InfiniBand card's address has 20 bytes; the six of its MAC stand in it in order, with others between.
same_mac() {
    [ "$1" != "$2" ] || return 0
    [ "${#2}" = 59 ] || return 1
    pattern=$(echo "$1" | tr : ' ')
    # shellcheck disable=SC2086 # six words
    set -- "$2" $pattern
    case $1 in
        *"$2"*"$3"*"$4"*"$5"*"$6"*"$7"*) return 0 ;;
    esac
    return 1
}

macs() {
    for nic in /sys/class/net/*; do
        [ "${nic##*/}" != lo ] || continue
        printf '%s %s, ' "${nic##*/}" "$(cat "$nic/address")"
    done
    echo 'no other'
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
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        if [ "$(cat "/sys/class/net/$LUNA_BOOTIF/carrier" 2> /dev/null)" = 1 ]; then return 0; fi
        sleep 0.5
    done
    say "$LUNA_BOOTIF has no link"
}

# The installed system configures its cards from scratch, perhaps under other names.
nic_down() {
    if [ -f "$RUN/dhclient.pid" ]; then kill "$(cat "$RUN/dhclient.pid")" 2> /dev/null || :; fi
    ip addr flush dev "$LUNA_BOOTIF" || :
    ip link set "$LUNA_BOOTIF" down || :
}
