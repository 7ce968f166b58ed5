#!/bin/sh
# cmdline hook: tells dracut that root=luna is looked after.
# shellcheck disable=SC2034,SC2154 # dracut's variables: hooks are sourced
[ "$root" = luna ] && rootok=1
