#!/usr/bin/python3
"""stock-libtorrent.py TORRENT FOLDER ADDRESS seed|fetch: stock libtorrent; writes FOLDER/done when the file is whole."""
import os
import sys
import time

import libtorrent

torrent, folder, address, role = sys.argv[1:5]
# Nothing but where to listen, no traffic to other networks, and the patience that the common start asks for.
session = libtorrent.session({
    'listen_interfaces': address + ':6881', 'enable_dht': False, 'enable_lsd': False, 'enable_upnp': False, 'enable_natpmp': False,
    'tracker_completion_timeout': 120, 'tracker_receive_timeout': 120,
})
params = libtorrent.add_torrent_params()
params.ti = libtorrent.torrent_info(torrent)
params.save_path = folder
if role == 'seed':
    params.flags |= libtorrent.torrent_flags.seed_mode
handle = session.add_torrent(params)
print('seeder.seeding', flush=True)
while role == 'seed' or not handle.status().is_seeding:
    time.sleep(0.05)
open(folder + '/done', 'w').close()
while True:
    time.sleep(1)
