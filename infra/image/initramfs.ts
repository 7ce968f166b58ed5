import { createHash } from 'node:crypto';
import { copyFile, lstat, mkdir, readdir, readFile } from 'node:fs/promises';
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
  /** zstd's, for what every machine gets from the controller. */
  level: number;
  /** The program with which nodes take the image from each other. */
  peer: string;
}

/** The dracut modules that every node needs; all else it starts with comes from them. */
const MODULES = 'base udev-rules luna';

/** No module of dracut's: an osimage that lists it has aria2 in its initramfs, for who would rather trust that than luna's peer. */
const ARIA2 = 'aria2';

/** dracut's arguments beside those that build-initramfs.sh always gives. */
export function dracutArguments({ dracutmodules, kernmodules }: Pick<InitramfsRequest, 'dracutmodules' | 'kernmodules'>): string[] {
  const modules = addedAndOmitted(dracutmodules);
  const drivers = addedAndOmitted(kernmodules);
  const option = (name: string, words: string[]) => (words.length > 0 ? [name, words.join(' ')] : []);
  return [
    '--modules', MODULES,
    ...option('--add', modules.added.filter((word) => !MODULES.split(' ').includes(word) && word !== ARIA2)), ...option('--omit', modules.omitted),
    ...option('--add-drivers', drivers.added), ...option('--omit-drivers', drivers.omitted),
  ];
}

function addedAndOmitted(list: string): { added: string[]; omitted: string[] } {
  const words = list.split(',').map((word) => word.trim()).filter((word) => word !== '');
  return { added: words.filter((word) => !word.startsWith('-')), omitted: words.filter((word) => word.startsWith('-')).map((word) => word.slice(1)) };
}

const wantsAria2 = ({ dracutmodules }: Pick<InitramfsRequest, 'dracutmodules'>): boolean => addedAndOmitted(dracutmodules).added.includes(ARIA2);

/** Hash of everything the initramfs depends on: the tree's programs and drivers, who may log in, how file systems are made, the module, the arguments. */
export async function initramfsKey(request: InitramfsRequest, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([request.kernver, request.level, request.dracutmodules, dracutArguments(request)]));
  for (const dir of ['usr', 'bin', 'sbin', 'lib', 'lib64', 'etc/ld.so.conf.d']) {
    const isDirectory = await lstat(join(request.tree, dir)).then((s) => s.isDirectory(), () => false);
    if (isDirectory) hash.update((await listTree(request.tree, { below: dir, signal })).hash);
  }
  for (const file of ['root/.ssh/authorized_keys', 'etc/mke2fs.conf']) hash.update(`${file}\n`).update(await readFile(join(request.tree, file)).catch(() => ''));
  for (const script of [buildScript, splitScript]) hash.update(await readFile(script));
  hash.update(await readFile(request.peer));
  for (const entry of (await readdir(nodeModule, { recursive: true, withFileTypes: true })).sort((a, b) => (join(a.parentPath, a.name) < join(b.parentPath, b.name) ? -1 : 1))) {
    if (entry.isFile()) hash.update(entry.name).update(await readFile(join(entry.parentPath, entry.name)));
  }
  return hash.digest('hex');
}

const buildScript = join(projectRoot, 'infra', 'image', 'build-initramfs.sh');
const splitScript = join(projectRoot, 'infra', 'image', 'split-initramfs.sh');

/** The files of an initramfs: `first` brings a machine to its network, `rest` is all else; one after another they are the whole. */
export interface Initramfs { first: string; rest: string }

/**
 * Lets the tree's own dracut build the nodes' initramfs, in namespaces of its own: a crash leaves neither mount nor
 * process. Resolves with paths below `work`. Throws CommandFailed.
 */
export async function buildInitramfs(request: InitramfsRequest, work: string, options: CommandOptions): Promise<Initramfs> {
  await mkdir(join(work, 'own'), { recursive: true });
  await copyFile(request.peer, join(work, 'own', 'peer'));
  // In a chroot, where / is no mount, the propagation of mounts can't be changed.
  const propagation = await isMountPoint('/') ? 'private' : 'unchanged';
  await runCommand([
    'unshare', '--mount', '--propagation', propagation, '--pid', '--fork', '--kill-child',
    'sh', buildScript, request.tree, nodeModule, request.kernver, work, String(request.level), ...dracutArguments(request),
  ], { ...options, env: { ...options.env, LUNA_ARIA2: wantsAria2(request) ? 'yes' : '' } });
  return { first: join(work, 'initramfs.img'), rest: join(work, 'rest.img') };
}

async function isMountPoint(path: string): Promise<boolean> {
  return (await readFile('/proc/self/mountinfo', 'utf8')).split('\n').some((line) => line.split(' ')[4] === path);
}
