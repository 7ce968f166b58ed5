#!/bin/sh
# Makes a debootstrapped tree into the demo image. Called by mmdebstrap with the tree as its argument; AUTHORIZED_KEYS
# may name a file of public keys that root is let in with.
set -eu
root=$1

# A node's identity is given by luna when it is installed; the image has none.
rm -f "$root/etc/hostname" "$root/etc/resolv.conf" "$root"/etc/ssh/ssh_host_*
: > "$root/etc/machine-id"
rm -f "$root/var/lib/dbus/machine-id"

# The console only: sshd refuses passwords for root, as Debian ships it.
echo 'root:luna' | chroot "$root" chpasswd
if [ -n "${AUTHORIZED_KEYS:-}" ]; then
  install -d -m 0700 "$root/root/.ssh"
  install -m 0600 "$AUTHORIZED_KEYS" "$root/root/.ssh/authorized_keys"
fi

chroot "$root" systemctl -q enable systemd-networkd serial-getty@ttyS0.service ssh.service
# They cost a node's first minute and give it nothing.
chroot "$root" systemctl -q mask apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_reap.service e2scrub_all.timer fstrim.timer \
  dracut-shutdown.service systemd-networkd-wait-online.service

# The initrd it boots from its own disk with: what a server's root disk may hang on, nothing else.
cat > "$root/etc/initramfs-tools/conf.d/luna" <<'EOF'
MODULES=list
COMPRESS=zstd
COMPRESSLEVEL=9
EOF
printf '%s\n' virtio_pci virtio_blk virtio_scsi ahci nvme sd_mod ext4 > "$root/etc/initramfs-tools/modules"
chroot "$root" update-initramfs -u -k all

cat > "$root/etc/default/grub" <<'EOF'
GRUB_DEFAULT=0
GRUB_TIMEOUT=0
GRUB_RECORDFAIL_TIMEOUT=0
GRUB_DISTRIBUTOR=Debian
GRUB_CMDLINE_LINUX_DEFAULT=""
GRUB_CMDLINE_LINUX="console=tty0 console=ttyS0,115200"
GRUB_GFXPAYLOAD_LINUX=text
GRUB_TERMINAL="console serial"
GRUB_SERIAL_COMMAND="serial --unit=0 --speed=115200"
GRUB_DISABLE_OS_PROBER=true
GRUB_DISABLE_RECOVERY=true
EOF

rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/* "$root"/var/cache/debconf/*-old "$root"/tmp/* \
  "$root/etc/apt/apt.conf.d/99mmdebstrap"
find "$root/var/log" -type f -delete
