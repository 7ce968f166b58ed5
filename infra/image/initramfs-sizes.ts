import { readFileSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../config.ts';
import { makeDebianTree } from './debian-tree.ts';
import { buildInitramfs } from './initramfs.ts';
import { chooseKernel } from './kernel.ts';
import { nodeModule } from './node-tools.ts';
import { LEVELS } from './pack.ts';
import { buildPeer } from './peer-build.ts';

/**
 * Prints what each part costs the nodes' initramfs: the two files, and what either is smaller by without a part.
 *   node infra/image/initramfs-sizes.ts [TREE]
 * It takes some minutes; the tree is the demo's unless another is named.
 */
const { cacheDir } = loadConfig(process.env);
const tree = process.argv[2] ?? await makeDebianTree({ cacheDir });
const peer = await buildPeer({ cacheDir });
const { kernver, path: kernel } = await chooseKernel(tree, null);
const classes = readFileSync(join(nodeModule, 'drivers.list'), 'utf8').split('\n').flatMap((line) => /^(\w+):/.exec(line)?.[1] ?? []);
const dir = await mkdtemp(join(tmpdir(), 'sizes-'));
const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

interface Sizes { first: number; rest: number }
interface Without { classes?: readonly string[]; peer?: string; dracutmodules?: string; level?: number }

async function sizes(name: string, { classes: wanted = classes, peer: own = peer, dracutmodules = 'luna', level = LEVELS.initramfs }: Without): Promise<Sizes> {
  const work = join(dir, name);
  const env = { LUNA_DRIVER_CLASSES: wanted.join(' ') || 'none' };
  const files = await buildInitramfs({ tree, kernver, dracutmodules, kernmodules: '', level, peer: own }, work, { env });
  const [first, rest] = [(await stat(files.first)).size, (await stat(files.rest)).size];
  await rm(work, { recursive: true });
  return { first, rest };
}

/** What every machine gets from the controller is worth the highest level, what they get from each other is not. */
const REST_LEVEL = 9;

try {
  const nothing = join(dir, 'nothing');
  await writeFile(nothing, '');
  const whole = await sizes('whole', {});
  const rows: [string, number][] = [[`kernel ${kernver}`, (await stat(kernel)).size], ['first part of the initramfs, from the controller', whole.first]];
  for (const left of ['virtual', 'ethernet']) rows.push([`of it ${left}`, whole.first - (await sizes(left, { classes: classes.filter((name) => name !== left) })).first]);
  rows.push(['of it the peer', whole.first - (await sizes('peerless', { peer: nothing })).first], ['the rest, from the swarm', whole.rest]);
  for (const left of classes.filter((name) => !['virtual', 'ethernet'].includes(name))) {
    rows.push([`of it ${left}`, whole.rest - (await sizes(left, { classes: classes.filter((name) => name !== left), level: REST_LEVEL })).rest]);
  }
  rows.push(['what aria2 would add to it', (await sizes('aria2', { dracutmodules: 'luna,aria2', level: REST_LEVEL })).rest - whole.rest]);
  process.stdout.write(`| what | MB |\n|---|---|\n${rows.map(([what, bytes]) => `| ${what} | ${megabytes(bytes)} |`).join('\n')}\n`);
} finally {
  await rm(dir, { recursive: true, force: true });
}
