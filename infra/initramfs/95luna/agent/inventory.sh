# What the machine is made of, as JSON. Sourced.
# shellcheck shell=sh

# inventory: {cpu, cpus, memory (bytes), disks: [{name, size (bytes), model}], nics: [{name, mac}], dmi: {…}}
inventory() {
    printf '{"cpu":"%s","cpus":%s,"memory":%s,"disks":[' "$(cpu_model)" "$(grep -c ^processor /proc/cpuinfo)" "$(memory)"
    separator=
    for disk in /sys/block/*; do
        case ${disk##*/} in
            loop* | ram* | zram* | sr* | fd* | dm-* | md*) continue ;;
        esac
        [ -f "$disk/size" ] || continue
        read -r sectors < "$disk/size"
        printf '%s{"name":"%s","size":%s,"model":"%s"}' "$separator" "${disk##*/}" "$((sectors * 512))" "$(plain "$disk/device/model")"
        separator=,
    done
    printf '],"nics":['
    separator=
    for nic in /sys/class/net/*; do
        [ "${nic##*/}" != lo ] || continue
        printf '%s{"name":"%s","mac":"%s"}' "$separator" "${nic##*/}" "$(plain "$nic/address")"
        separator=,
    done
    printf '],"dmi":{'
    separator=
    for field in sys_vendor product_name product_serial product_uuid chassis_asset_tag bios_version; do
        printf '%s"%s":"%s"' "$separator" "$field" "$(plain "/sys/class/dmi/id/$field")"
        separator=,
    done
    printf '}}\n'
}

# plain FILE: its first line without anything that JSON would trip over.
plain() {
    [ -r "$1" ] || return 0
    head -n 1 "$1" 2> /dev/null | tr -d '"\\\000-\037' | sed 's/ *$//' | tr -d '\n'
}

cpu_model() {
    sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1 | tr -d '"\\\n'
}

memory() {
    awk '/^MemTotal:/ { printf "%d", $2 * 1024 }' /proc/meminfo
}
