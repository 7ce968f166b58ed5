#!/bin/sh
# What tar calls at each checkpoint: records read so far, of LUNA_RECORDS.
# shellcheck disable=SC2154 # set by tar
echo "$((TAR_CHECKPOINT * 100 / LUNA_RECORDS))" > /run/luna/unpacked.percent
