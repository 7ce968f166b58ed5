import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { placeFile, sumFile } from '../../infra/image/content-files.ts';
import { buildInitramfs, initramfsKey } from '../../infra/image/initramfs.ts';
import { chooseKernel } from '../../infra/image/kernel.ts';
import { createPackCache } from '../../infra/image/pack-cache.ts';
import { buildPeer } from '../../infra/image/peer-build.ts';
import { projectRoot } from '../../infra/root.ts';

/** Why agents can't be run in a sandbox here; false when they can. */
export function noSandbox(): string | false {
  if (process.getuid?.() !== 0) return 'needs root for namespaces';
  for (const tool of ['unshare', 'ip', 'cpio', 'zstd']) if (!hasProgram(tool)) return `needs ${tool}`;
  return demoTree() === null ? 'needs the demo image: npm run demo makes it' : false;
}

function hasProgram(name: string): boolean {
  return ['/usr/bin', '/usr/sbin', '/bin', '/sbin'].some((dir) => existsSync(join(dir, name)));
}

const cacheDir = () => process.env['LUNA_CACHE'] ?? join(projectRoot, '.cache');

/** The nodes' peer: built once for each state of its sources. */
export const builtPeer = (): Promise<string> => buildPeer({ cacheDir: cacheDir() });

/** The demo's Debian tree, when it was made. */
export function demoTree(): string | null {
  const folder = join(cacheDir(), 'image');
  if (!existsSync(folder)) return null;
  const name = readdirSync(folder).find((entry) => /^debian-[0-9a-f]{12}$/.test(entry));
  return name === undefined ? null : join(folder, name);
}

/** An unpacked initramfs, and where to remove it. */
export interface UnpackedInitramfs { root: string; remove(): Promise<void> }

/** The parts of the nodes' initramfs, built quickly from the demo tree as packing does, below `dir`. */
export async function initramfsParts(dir: string): Promise<{ first: string; rest: string }> {
  const tree = demoTree();
  if (tree === null) throw new Error('no demo tree');
  const [first, rest] = [join(dir, 'first'), join(dir, 'rest')];
  const { kernver } = await chooseKernel(tree, null);
  const wanted = { tree, kernver, dracutmodules: 'luna,aria2', kernmodules: '', level: 1, peer: await builtPeer() };
  const [cache, key] = [createPackCache(join(cacheDir(), 'test-initramfs')), await initramfsKey(wanted)];
  if (await cache.take(key, first) === null || await cache.take(`${key}-rest`, rest) === null) {
    const built = await buildInitramfs(wanted, join(dir, 'work'), {});
    for (const [part, name, file] of [[built.first, key, first], [built.rest, `${key}-rest`, rest]] as const) {
      await cache.keep(name, part, (await sumFile(part)).sha256, {});
      await rm(file, { force: true });
      await placeFile(part, file);
    }
  }
  return { first, rest };
}

/** The initramfs unpacked, both parts or one alone; `publicKey` is what images are checked by. */
export async function unpackInitramfs(publicKey?: Uint8Array, only?: 'first'): Promise<UnpackedInitramfs> {
  const dir = await mkdtemp(join(tmpdir(), 'initramfs-'));
  const { first, rest } = await initramfsParts(dir);
  const root = join(dir, 'root');
  await mkdir(root);
  for (const part of only === 'first' ? [first] : [first, rest]) execFileSync('sh', ['-c', 'zstd -dc "$1" | cpio -idu --quiet', 'unpack', part], { cwd: root });
  await mkdir(join(root, 'etc/luna'), { recursive: true });
  if (publicKey) await writeFile(join(root, 'etc/luna/image.pub'), publicKey);
  return { root, remove: () => rm(dir, { recursive: true, force: true }) };
}

/** A machine that is none: the initramfs as a root directory, the agent in namespaces of its own with one network card. */
export interface SandboxMachine {
  /** The address the machine reaches the controller at. */
  controller: string;
  mac: string;
  /** A directory of the machine's /host, to hand things out of it. */
  shared: string;
  /** Starts the agent, or another program, with these kernel arguments beside those of its card; resolves with its exit code. */
  run(args: Record<string, string>, program?: string): Promise<number | null>;
  console(): string;
  stop(): Promise<void>;
}

/** Mounts what a kernel would have, then becomes the agent. $1 the root, $2 a directory of files made for it, $3 the program and its arguments. */
const ENTER = `
set -eu
root=$1 dir=$2
mount --bind "$root" "$root"
mount --make-private "$root"
for kind in proc sys dev run tmp sysroot host; do mkdir -p "$root/$kind"; done
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys" || mount --rbind /sys "$root/sys"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
mount --bind "$dir/shared" "$root/host"
for node in null zero full random urandom; do touch "$root/dev/$node"; mount --bind "/dev/$node" "$root/dev/$node"; done
touch "$root/dev/console" "$dir/printk"
mount --bind "$dir/console" "$root/dev/console"
mount --bind "$dir/cmdline" "$root/proc/cmdline"
mount --bind "$dir/printk" "$root/proc/sys/kernel/printk"
until [ -e "$root/sys/class/net/boot0" ]; do sleep 0.1; done
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot "$root" $3
`;

let machines = 0;

/** Prepares a machine on the unpacked initramfs. */
export async function sandboxMachine(initramfs: UnpackedInitramfs): Promise<SandboxMachine> {
  const number = machines++;
  const dir = await mkdtemp(join(tmpdir(), 'machine-'));
  const subnet = `10.${200 + (process.pid % 50)}.${number}`;
  const mac = `52:54:00:aa:00:${String(10 + number)}`;
  const host = `vm${process.pid}x${number}`.slice(-15);
  let child: ChildProcess | null = null;
  await mkdir(join(dir, 'shared'));
  await writeFile(join(dir, 'console'), '');

  return {
    controller: `${subnet}.1`,
    mac,
    shared: join(dir, 'shared'),
    async run(args, program = '/usr/lib/luna/agent.sh') {
      const all = { 'luna.mac': mac, 'luna.ip': `${subnet}.2/24`, 'luna.bootproto': 'static', 'luna.service': '0', ...args };
      await writeFile(join(dir, 'cmdline'), `root=luna ${Object.entries(all).map(([key, text]) => `${key}=${text}`).join(' ')} console=ttyS0\n`);
      child = spawn('unshare', ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--net', '--uts', 'sh', '-c', ENTER, 'enter', initramfs.root, dir, program], { stdio: ['ignore', 'pipe', 'pipe'] });
      const running = child;
      let words = '';
      for (const stream of [running.stdout, running.stderr]) stream?.on('data', (text: Buffer) => { words += text.toString(); });
      const ended = new Promise<number | null>((resolve) => running.once('close', (code) => {
        if (words) process.stderr.write(words);
        resolve(code);
      }));
      await giveCard(running.pid ?? 0, host, `${subnet}.1/24`, mac);
      return ended;
    },
    console: () => readFileSync(join(dir, 'console'), 'utf8'),
    async stop() {
      child?.kill('SIGKILL');
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** A pair of virtual cards, one here, one in the machine's network as soon as it has one; it goes when the machine goes. */
async function giveCard(pid: number, host: string, address: string, mac: string): Promise<void> {
  const ip = (...argv: string[]) => execFileSync('ip', argv, { stdio: 'pipe' });
  const networkOf = (who: string) => readlink(`/proc/${who}/ns/net`);
  const deadline = Date.now() + 10_000;
  while (await networkOf(String(pid)) === await networkOf('self')) {
    if (Date.now() > deadline) throw new Error('the machine got no network of its own within 10 s');
    await sleep(20);
  }
  ip('link', 'add', host, 'type', 'veth', 'peer', 'name', 'boot0', 'address', mac, 'netns', String(pid));
  ip('addr', 'add', address, 'dev', host);
  ip('link', 'set', host, 'up');
}

/**
 * Runs shell code inside the initramfs with an empty /sysroot and the agent's files of a stage sourced; gives what it
 * printed. For what a stage writes where no image of that kind is at hand. What has not ended after a minute is killed.
 */
export function runInside(initramfs: UnpackedInitramfs, code: string): string {
  const files = ['base', 'http', 'scripts', 'os-family', 'network', 'bootloader'].map((file) => `. /usr/lib/luna/${file}.sh`).join('\n');
  const inner = `set -eu\nLIB=/usr/lib/luna\n${files}\ndie() { echo "$*" >&2; exit 1; }\nmkdir -p $RUN\n${code}`;
  const outer = 'mount --bind "$1" "$1"; mount --make-private "$1"; mkdir -p "$1/sysroot"; for dir in sysroot run; do mount -t tmpfs tmpfs "$1/$dir"; done; mount -t proc proc "$1/proc"; exec chroot "$1" sh -c "$2"';
  return execFileSync('unshare', ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', 'sh', '-c', outer, 'inside', initramfs.root, inner], { encoding: 'utf8', timeout: 60_000, killSignal: 'SIGKILL' });
}
