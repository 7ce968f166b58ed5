import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { byName } from '../domain/hostlist-fold.ts';
import { LunaError } from '../domain/errors.ts';

/** What is entered: the image's name and tree, and the kernel release it is to believe in. */
export interface EnteredImage { name: string; tree: string; release: string }

/**
 * Runs in a mount namespace of its own, so that nothing it mounts is left behind. Programs that ask uname(1) are told the
 * image's kernel by a wrapper that comes first in PATH; the system call itself still tells the controller's.
 */
const SCRIPT = `set -eu
tree=$1 release=$2 name=$3
shift 3
mkdir -p "$tree/dev" "$tree/proc" "$tree/sys" "$tree/run"
mount --rbind /dev "$tree/dev"
mount -t proc proc "$tree/proc"
mount --rbind /sys "$tree/sys"
mount -t tmpfs -o mode=755 luna "$tree/run"
mkdir -p "$tree/run/luna/bin" "$tree/run/lock"
cat >"$tree/run/luna/bin/uname" <<EOF
#!/bin/sh
# In a chroot of luna the kernel is the image's, not the controller's.
real=/usr/bin/uname
[ -x "\\$real" ] || real=/bin/uname
"\\$real" "\\$@" | sed 's|$(uname -r)|$release|g'
EOF
chmod 755 "$tree/run/luna/bin/uname"
cat >"$tree/run/luna/rc" <<EOF
[ ! -r /root/.bashrc ] || . /root/.bashrc
PATH=/run/luna/bin:\\$PATH
PS1='[chroot $name] \\\\w# '
EOF
export PATH=/run/luna/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LUNA_CHROOT="$name" PS1="[chroot $name] # " HOME=/root
if [ "$#" -gt 0 ]; then exec chroot "$tree" "$@"; fi
if [ -x "$tree/bin/bash" ]; then exec chroot "$tree" /bin/bash --rcfile /run/luna/rc -i; fi
exec chroot "$tree" /bin/sh -i
`;

/**
 * Runs a command (none: a shell) in an image's tree and returns its exit code. Throws {@link LunaError} when a tool is
 * missing.
 */
export function enterImage({ name, tree, release }: EnteredImage, command: readonly string[]): number {
  const argv = ['--mount', '--propagation', 'private', 'sh', '-c', SCRIPT, 'lchroot', tree, release, name, ...command];
  const { status, signal, error } = spawnSync('unshare', argv, { stdio: 'inherit' });
  if (error) throw new LunaError('unavailable', `unshare can't be started: ${error.message}`, 'apt-get install util-linux');
  return status ?? (signal === 'SIGINT' ? 130 : 143);
}

/** The newest kernel release in a tree; the running one when there is none. */
export function newestRelease(tree: string): string | undefined {
  for (const folder of ['lib/modules', 'usr/lib/modules']) {
    try {
      const newest = readdirSync(join(tree, folder)).sort(byName).at(-1);
      if (newest !== undefined) return newest;
    } catch {
      // Not every tree has both.
    }
  }
  return undefined;
}
