#!/bin/sh
# pipeline.sh FILE [COMMAND …]: unpacks FILE into /sysroot while COMMAND writes it. The command may go on afterwards: the
# peer feeds others until it is told to end. Leaves the exit codes in /run/luna.
# shellcheck disable=SC2154 # from the plan
LIB=/usr/lib/luna
. "$LIB/base.sh"
rm -f "$RUN/zstd.code"
from=$1
shift
if [ $# -gt 0 ]; then
    "$@" > "$from" 2> "$RUN/swarm.log" &
    feeder=$!
fi
# Numeric owners: this environment's /etc/passwd is not the image's. Extended attributes carry capabilities, ACLs and
# SELinux labels; --acls would set a second time what they carry, and on every file without any too. Records of 256 KiB
# (512 blocks) instead of 10 KiB save most of tar's system calls. A checkpoint every 20 MB (80 records) is the progress.
{ zstd -q -d -c < "$from" || echo $? > "$RUN/zstd.code"; } \
    | LUNA_RECORDS=$((LUNA_TREE_UNPACKED / 262144 + 1)) tar --extract --file=- --directory=/sysroot --blocking-factor=512 --read-full-records \
        --numeric-owner --preserve-permissions --same-owner --xattrs --xattrs-include='*' --checkpoint=80 --checkpoint-action="exec=$LIB/unpacked.sh"
code=$?
if [ "$code" = 0 ] && [ -s "$RUN/zstd.code" ]; then code=1; fi
echo "$code" > "$RUN/pipeline.code"
if [ -n "${feeder:-}" ]; then
    wait "$feeder"
    echo $? > "$RUN/feeder.code"
fi
