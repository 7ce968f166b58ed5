#!/bin/sh
# Prepares an empty tree before the first package comes. Called by mmdebstrap with the tree as its argument.
set -eu
# Its rival usr-is-merged does the same without bringing all of Perl (70 MB).
mkdir -p "$1/etc/apt/preferences.d"
printf 'Package: usrmerge\nPin: version *\nPin-Priority: -1\n' > "$1/etc/apt/preferences.d/usrmerge"
