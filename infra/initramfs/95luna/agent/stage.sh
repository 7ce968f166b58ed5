#!/bin/sh
# Runs one stage: `stage.sh STAGE ATTEMPT`. Everything it prints is the stage's log. Exit 0 done, 77 nothing to do.
set -eu
LIB=/usr/lib/luna
for part in base http scripts setupbmc swarm download unpack os-family network bootloader localboot; do
    # shellcheck source=/dev/null
    . "$LIB/$part.sh"
done

# die SENTENCE: the stage failed, and this is why.
die() {
    note "$@"
    exit 1
}

# skip SENTENCE: there is nothing to do, and this is why.
skip() {
    note "$@"
    exit 77
}

# note SENTENCE: done, and this is worth knowing.
note() {
    echo "$*"
    echo "$*" > "$RUN/message"
}

# progress PERCENT RATE PEERS [WORDS]: where the stage is; `-` for what doesn't apply. The heartbeat carries it.
progress() {
    echo "$*" > "$RUN/progress"
}

# fetch FILE PATH [curl's arguments]
fetch() {
    persist "$@" || die "the controller refuses $2: $why"
}

trap 'stop_seeding; exit 143' TERM
if [ ! -s "$RUN/plan" ]; then fetch "$RUN/plan" /node/plan; fi
set -a
# shellcheck source=/dev/null
. "$RUN/plan"
set +a
stage=$1
case $stage in
    prescript | setupbmc | partition | download | unpack | network | postscript | bootloader | localboot) "stage_$stage" ;;
    *) die "this initramfs knows no stage named $stage: pack the image again" ;;
esac
