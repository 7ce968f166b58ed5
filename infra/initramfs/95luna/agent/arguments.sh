# What the boot script told this machine. Sourced; needs base.sh.
# shellcheck shell=sh

# The boot's own arguments; `luna.node=` and its kin become LUNA_NODE and so on.
read_arguments() {
    LUNA_NODE='' LUNA_URL='' LUNA_MAC='' LUNA_HOSTNAME='' LUNA_BOOTPROTO='' LUNA_IP='' LUNA_GW='' LUNA_SERVICE=0 LUNA_CTTY='' LUNA_REST='' nonce=''
    read -r cmdline < /proc/cmdline
    for word in $cmdline; do
        value=${word#*=}
        case $word in
            luna.node=*) LUNA_NODE=$value ;;
            luna.url=*) LUNA_URL=$value ;;
            luna.mac=*) LUNA_MAC=$value ;;
            luna.hostname=*) LUNA_HOSTNAME=$value ;;
            luna.bootproto=*) LUNA_BOOTPROTO=$value ;;
            luna.ip=*) LUNA_IP=$value ;;
            luna.gw=*) LUNA_GW=$value ;;
            luna.service=*) LUNA_SERVICE=$value ;;
            luna.ctty=*) LUNA_CTTY=$value ;;
            luna.rest=*) LUNA_REST=$value ;;
            luna.nonce=*) nonce=$value ;;
        esac
    done
    LUNA_HOSTNAME=${LUNA_HOSTNAME:-$LUNA_NODE}
    (umask 077; echo "X-Luna-Nonce: $nonce" > "$RUN/nonce.header")
    case $LUNA_MAC in
        *[A-F]*) LUNA_MAC=$(echo "$LUNA_MAC" | tr A-F a-f) ;;
    esac
    LUNA_FIRMWARE=bios
    if [ -d /sys/firmware/efi ]; then LUNA_FIRMWARE=uefi; fi
    export LUNA_NODE LUNA_URL LUNA_MAC LUNA_IP LUNA_HOSTNAME LUNA_FIRMWARE
}
