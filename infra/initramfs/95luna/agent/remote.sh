# Ways in for people: sshd by key, a shell on tty2, service mode. Sourced; needs base.sh.
# shellcheck shell=sh

# Nobody gets in without a key the image's root accepts; the host key lives as long as this boot.
sshd_up() {
    [ -s /root/.ssh/authorized_keys ] && [ -x /usr/sbin/sshd ] || return 0
    (
        mkdir -p -m 0755 /run/sshd
        ssh-keygen -q -t ed25519 -N '' -f "$RUN/host_key" < /dev/null
        exec /usr/sbin/sshd -D -f /dev/null -h "$RUN/host_key" -o PidFile="$RUN/sshd.pid" -o UsePAM=no -o PasswordAuthentication=no \
            -o KbdInteractiveAuthentication=no -o PermitRootLogin=prohibit-password -o 'Subsystem=sftp internal-sftp'
    ) > "$RUN/sshd.log" 2>&1 &
    echo $! > "$RUN/sshd-start.pid"
}

shell_on_tty2() {
    [ -c /dev/tty2 ] || return 0
    setsid sh -c 'while :; do setsid -c -w sh -i < /dev/tty2 > /dev/tty2 2>&1; sleep 1; done' > /dev/null 2>&1 &
    echo $! > "$RUN/tty2.pid"
}

# A shell where the person sits, for as long as he likes; no disk is touched.
service_mode() {
    console=$LUNA_CTTY
    if [ -z "$console" ]; then read -r consoles < /sys/class/tty/console/active; console=/dev/${consoles##* }; fi
    say 'service mode: no disk is touched; "reboot" restarts the machine'
    while :; do
        PS1="(service) $LUNA_NODE # " setsid -c -w sh -i < "$console" > "$console" 2>&1 || :
        sleep 1
    done
}

remote_down() {
    for name in tty2 sshd sshd-start; do
        [ -f "$RUN/$name.pid" ] || continue
        pid=$(cat "$RUN/$name.pid")
        # Its children first: sessions and shells keep the old root busy.
        for child in $(cat "/proc/$pid/task/$pid/children" 2> /dev/null); do kill -9 "$child" 2> /dev/null || :; done
        kill -9 "$pid" 2> /dev/null || :
    done
}
