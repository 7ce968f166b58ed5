#!/bin/sh
# Prepares an empty tree before the first package comes. Called by mmdebstrap with the tree as its argument.
set -eu
# /usr is merged from the start, so that the package usr-is-merged is content and its rival usrmerge, which brings all of
# Perl (70 MB), stays out.
for dir in bin sbin lib lib64; do
  mkdir -p "$1/usr/$dir"
  [ -e "$1/$dir" ] || ln -s "usr/$dir" "$1/$dir"
done
mkdir -p "$1/etc/apt/preferences.d"
printf 'Package: usrmerge\nPin: version *\nPin-Priority: -1\n' > "$1/etc/apt/preferences.d/usrmerge"
