#!/bin/sh
# What the torrent client calls when every piece is there.
: > /run/luna/swarm.done
