import { createHash } from 'node:crypto';
import { lstat, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../root.ts';
import { type CommandOptions, runCommand } from './command.ts';
import { listTree } from './listing.ts';
import { nodeModule } from './node-tools.ts';

/** What an initramfs is made from. The lists are the osimage's: comma lists, a leading `-` omits. */
export interface InitramfsRequest {
  tree: string;
  kernver: string;
  dracutmodules: string;
  kernmodules: string;
  /** zstd's. */
  level: number;
}

/** The dracut modules that every node needs; all else it starts with comes from them. */
const MODULES = 'base udev-rules luna';

/** dracut's arguments beside those that build-initramfs.sh always gives. */
export function dracutArguments({ dracutmodules, kernmodules, level }: Pick<InitramfsRequest, 'dracutmodules' | 'kernmodules' | 'level'>): string[] {
  const modules = addedAndOmitted(dracutmodules);
  const drivers = addedAndOmitted(kernmodules);
  const option = (name: string, words: string[]) => (words.length > 0 ? [name, words.join(' ')] : []);
  return [
    '--compress', `zstd -${level} -T0`, '--modules', MODULES,
    ...option('--add', modules.added.filter((word) => !MODULES.split(' ').includes(word))), ...option('--omit', modules.omitted),
    ...option('--add-drivers', drivers.added), ...option('--omit-drivers', drivers.omitted),
  ];
}

function addedAndOmitted(list: string): { added: string[]; omitted: string[] } {
  const words = list.split(',').map((word) => word.trim()).filter((word) => word !== '');
  return { added: words.filter((word) => !word.startsWith('-')), omitted: words.filter((word) => word.startsWith('-')).map((word) => word.slice(1)) };
}

/** Hash of everything the initramfs depends on: the tree's programs and drivers, who may log in, the module, the arguments. */
export async function initramfsKey(request: InitramfsRequest, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([request.kernver, dracutArguments(request)]));
  for (const dir of ['usr', 'bin', 'sbin', 'lib', 'lib64', 'etc/ld.so.conf.d']) {
    const isDirectory = await lstat(join(request.tree, dir)).then((s) => s.isDirectory(), () => false);
    if (isDirectory) hash.update((await listTree(request.tree, { below: dir, signal })).hash);
  }
  hash.update(await readFile(join(request.tree, 'root/.ssh/authorized_keys')).catch(() => ''));
  hash.update(await readFile(buildScript));
  for (const entry of (await readdir(nodeModule, { recursive: true, withFileTypes: true })).sort((a, b) => (join(a.parentPath, a.name) < join(b.parentPath, b.name) ? -1 : 1))) {
    if (entry.isFile()) hash.update(entry.name).update(await readFile(join(entry.parentPath, entry.name)));
  }
  return hash.digest('hex');
}

const buildScript = join(projectRoot, 'infra', 'image', 'build-initramfs.sh');

/**
 * Lets the tree's own dracut build the nodes' initramfs, in namespaces of its own: a crash leaves neither mount nor
 * process. Resolves with its path below `work`. Throws CommandFailed.
 */
export async function buildInitramfs(request: InitramfsRequest, work: string, options: CommandOptions): Promise<string> {
  await mkdir(work, { recursive: true });
  // In a chroot, where / is no mount, the propagation of mounts can't be changed.
  const propagation = await isMountPoint('/') ? 'private' : 'unchanged';
  await runCommand([
    'unshare', '--mount', '--propagation', propagation, '--pid', '--fork', '--kill-child',
    'sh', buildScript, request.tree, nodeModule, request.kernver, work, ...dracutArguments(request),
  ], options);
  return join(work, 'initramfs.img');
}

async function isMountPoint(path: string): Promise<boolean> {
  return (await readFile('/proc/self/mountinfo', 'utf8')).split('\n').some((line) => line.split(' ')[4] === path);
}
