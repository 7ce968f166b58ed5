#!/bin/sh
# Runs once in the installed system: tells the controller that it is up, then removes every trace of itself.
# Gives up after an hour, or when the controller no longer knows this boot.
home=/var/lib/luna-ready
url=$(cat "$home/url")

# Prints the HTTP status of POST /node/ready, by whatever the system has.
post() {
    if command -v curl > /dev/null; then
        curl -s -o /dev/null -w '%{http_code}' --connect-timeout 5 --max-time 15 -H "@$home/nonce.header" -d '' "$url/node/ready"
    elif command -v wget > /dev/null; then
        wget -q -S -O /dev/null -T 15 -t 1 --header="$(cat "$home/nonce.header")" --post-data='' "$url/node/ready" 2>&1 | sed -n 's,^ *HTTP/[0-9.]* \([0-9]*\).*,\1,p' | tail -n 1
    else
        # shellcheck disable=SC2016 # expanded by bash, which alone can open a socket by itself
        timeout 15 bash -c 'hostport=${1#*://}; hostport=${hostport%%/*}; port=${hostport##*:}; [ "$port" != "$hostport" ] || port=80
            exec 3<>"/dev/tcp/${hostport%:*}/$port"
            printf "POST /node/ready HTTP/1.0\r\nHost: %s\r\n%s\r\nContent-Length: 0\r\n\r\n" "$hostport" "$(cat "$2")" >&3
            read -r _ code _ <&3; echo "$code"' post "$url" "$home/nonce.header"
    fi
}

tries=0
while [ "$tries" -lt 720 ]; do
    case $(post) in
        200 | 204) break ;;
        403 | 404) break ;;
    esac
    tries=$((tries + 1))
    # Quickly while the network comes up, then patiently.
    if [ "$tries" -lt 30 ]; then sleep 1; else sleep 5; fi
done
rm -rf "$home" /etc/systemd/system/luna-ready.service /etc/systemd/system/multi-user.target.wants/luna-ready.service
systemctl daemon-reload
