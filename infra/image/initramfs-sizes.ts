import { readFileSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../config.ts';
import { makeDebianTree } from './debian-tree.ts';
import { buildInitramfs } from './initramfs.ts';
import { chooseKernel } from './kernel.ts';
import { nodeModule } from './node-tools.ts';
import { LEVELS } from './pack.ts';

/**
 * Prints what each class of drivers costs the nodes' initramfs: the whole, and the whole without the class.
 *   node infra/image/initramfs-sizes.ts [TREE]
 * Each line takes some ten seconds; the tree is the demo's unless another is named.
 */
const tree = process.argv[2] ?? await makeDebianTree({ cacheDir: loadConfig(process.env).cacheDir });
const { kernver, path: kernel } = await chooseKernel(tree, null);
const classes = readFileSync(join(nodeModule, 'drivers.list'), 'utf8').split('\n').flatMap((line) => /^(\w+):/.exec(line)?.[1] ?? []);
const dir = await mkdtemp(join(tmpdir(), 'sizes-'));
const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

async function sizeWith(wanted: readonly string[]): Promise<number> {
  const work = join(dir, wanted.join('-') || 'none');
  const file = await buildInitramfs({ tree, kernver, dracutmodules: 'luna', kernmodules: '', level: LEVELS.initramfs }, work, { env: { LUNA_DRIVER_CLASSES: wanted.join(' ') || 'none' } });
  const { size } = await stat(file);
  await rm(work, { recursive: true });
  return size;
}

try {
  const whole = await sizeWith(classes);
  const lines = [`| kernel ${kernver} | ${megabytes((await stat(kernel)).size)} |`, `| initramfs, all classes | ${megabytes(whole)} |`];
  for (const left of classes) lines.push(`| of it ${left} | ${megabytes(whole - await sizeWith(classes.filter((name) => name !== left)))} |`);
  lines.push(`| initramfs without any driver | ${megabytes(await sizeWith([]))} |`);
  process.stdout.write(`| what | MB |\n|---|---|\n${lines.join('\n')}\n`);
} finally {
  await rm(dir, { recursive: true, force: true });
}
