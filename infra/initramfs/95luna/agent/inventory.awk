# What the machine is made of, as JSON: {cpu, cpus, memory (bytes), disks: [{name, size (bytes), model}],
# nics: [{name, mac}], dmi: {…}}. Its arguments are /sys/block/*, then /sys/class/net/*.

function first(file,    text) {
    text = ""
    getline text < file
    close(file)
    gsub(/["\\[:cntrl:]]/, "", text)
    sub(/[ ]+$/, "", text)
    return text
}

function name(path) {
    sub(/.*\//, "", path)
    return path
}

BEGIN {
    while ((getline line < "/proc/cpuinfo") > 0) {
        if (line ~ /^processor/) cpus++
        if (line ~ /^model name/) { cpu = line; sub(/^[^:]*: */, "", cpu); gsub(/["\\]/, "", cpu) }
    }
    getline line < "/proc/meminfo"
    split(line, memory, " ")
    for (i = 1; i < ARGC; i++) {
        path = ARGV[i]
        if (path ~ /^\/sys\/block\// && name(path) !~ /^(loop|ram|zram|sr|fd|dm-|md)/ && (size = first(path "/size")) != "")
            disks = disks sprintf("%s{\"name\":\"%s\",\"size\":%.0f,\"model\":\"%s\"}", disks == "" ? "" : ",", name(path), size * 512, first(path "/device/model"))
        if (path ~ /^\/sys\/class\/net\// && name(path) != "lo")
            nics = nics sprintf("%s{\"name\":\"%s\",\"mac\":\"%s\"}", nics == "" ? "" : ",", name(path), first(path "/address"))
    }
    count = split("sys_vendor product_name product_serial product_uuid chassis_asset_tag bios_version", fields, " ")
    for (i = 1; i <= count; i++) dmi = dmi sprintf("%s\"%s\":\"%s\"", i == 1 ? "" : ",", fields[i], first("/sys/class/dmi/id/" fields[i]))
    printf "{\"cpu\":\"%s\",\"cpus\":%d,\"memory\":%.0f,\"disks\":[%s],\"nics\":[%s],\"dmi\":{%s}}\n", cpu, cpus, memory[2] * 1024, disks, nics, dmi
}
