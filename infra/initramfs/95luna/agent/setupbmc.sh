# The management controller, set up through the machine's own IPMI interface. Sourced by stage.sh.
# shellcheck shell=sh

stage_setupbmc() {
    [ "$LUNA_BMC" = 1 ] || skip 'no BMC is declared for this node'
    command -v ipmitool > /dev/null || die 'the image has no ipmitool: install it in the image and pack it again'
    bmc_device
    fetch "$RUN/bmc" /node/bmc
    # shellcheck source=/dev/null
    . "$RUN/bmc"
    rm -f "$RUN/bmc"
    before=$(ipmitool lan print "$LUNA_BMC_NETCHANNEL" 2> /dev/null | grep -E '^(IP Address|Subnet Mask|Default Gateway IP)' || :)
    bmc_lan
    bmc_user
    after=$(ipmitool lan print "$LUNA_BMC_NETCHANNEL" 2> /dev/null | grep -E '^(IP Address|Subnet Mask|Default Gateway IP)' || :)
    echo "$after"
    # A restart makes the new address valid on hardware that reads it only then. It takes the BMC away for a minute or
    # two, so it is not done for nothing.
    if [ "$before" != "$after" ]; then ipmitool mc reset cold || echo 'the BMC refused to restart'; fi
    note "the BMC answers as $LUNA_BMC_USER at ${LUNA_BMC_IP:-the address it had}"
}

bmc_device() {
    for module in ipmi_si ipmi_ssif ipmi_devintf; do modprobe "$module" 2> /dev/null || :; done
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        if [ -c /dev/ipmi0 ] || [ -c /dev/ipmi/0 ]; then return 0; fi
        sleep 0.5
    done
    die "no BMC answers inside the machine (no /dev/ipmi0): luna node change $LUNA_NODE --setupbmc n leaves it out"
}

bmc_lan() {
    [ -n "$LUNA_BMC_IP" ] || return 0
    bmc lan set "$LUNA_BMC_NETCHANNEL" ipsrc static
    bmc lan set "$LUNA_BMC_NETCHANNEL" ipaddr "$LUNA_BMC_IP"
    bmc lan set "$LUNA_BMC_NETCHANNEL" netmask "$LUNA_BMC_NETMASK"
    bmc lan set "$LUNA_BMC_NETCHANNEL" defgw ipaddr "${LUNA_BMC_GATEWAY:-0.0.0.0}"
}

bmc_user() {
    # Some controllers refuse a name that is already there.
    known=$(ipmitool user list "$LUNA_BMC_MGMTCHANNEL" 2> /dev/null | awk -v id="$LUNA_BMC_USERID" '$1 == id { print $2 }')
    [ "$known" = "$LUNA_BMC_USER" ] || bmc user set name "$LUNA_BMC_USERID" "$LUNA_BMC_USER"
    bmc_password
    bmc channel setaccess "$LUNA_BMC_MGMTCHANNEL" "$LUNA_BMC_USERID" link=on ipmi=on callin=on privilege=4
    bmc user enable "$LUNA_BMC_USERID"
}

# "Set User Password" (IPMI 2.0, 22.30) as raw bytes from a file: no password on a command line, no quoting to get wrong.
# More than 16 bytes need the 20-byte form, marked by bit 7 of the user's id.
bmc_password() {
    length=16 id=$LUNA_BMC_USERID
    [ "${#LUNA_BMC_PASSWORD}" -le 20 ] || die 'the password of the bmcsetup is longer than the 20 characters IPMI allows'
    if [ "${#LUNA_BMC_PASSWORD}" -gt 16 ]; then length=20 id=$((id + 128)); fi
    (
        umask 077
        printf 'raw 0x06 0x47 0x%02x 0x02 %s\n' "$id" "$(printf '%s' "$LUNA_BMC_PASSWORD" | bytes_padded "$length")" > "$RUN/bmc-password"
    )
    unset LUNA_BMC_PASSWORD
    code=0
    ipmitool exec "$RUN/bmc-password" > "$RUN/bmc.out" 2>&1 || code=$?
    rm -f "$RUN/bmc-password"
    [ "$code" = 0 ] && ! grep -q 'Unable to' "$RUN/bmc.out" || die "the BMC refused the password: $(grep -o 'rsp=.*' "$RUN/bmc.out" || echo "ipmitool exited $code")"
}

# bytes_padded LENGTH: its input as `0x70 0x77 …`, filled up with zeros.
bytes_padded() {
    od -An -v -tx1 | awk -v length_wanted="$1" '
        { for (i = 1; i <= NF; i++) { printf "0x%s ", $i; n++ } }
        END { for (; n < length_wanted; n++) printf "0x00 " }'
}

bmc() {
    ipmitool "$@" > "$RUN/bmc.out" 2>&1 || {
        cat "$RUN/bmc.out"
        die "ipmitool $1 $2 failed: $(last_words "$RUN/bmc.out")"
    }
    cat "$RUN/bmc.out"
}
