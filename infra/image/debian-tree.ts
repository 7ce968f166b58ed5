import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../root.ts';
import { hostSources, transportOptions } from './apt-sources.ts';
import { runCommand } from './command.ts';

/** The release the demo installs. */
const RELEASE = 'bookworm';
const recipe = join(projectRoot, 'infra', 'image', 'debian');

/** What is needed to make the tree. `progress` gets a sentence now and then. */
export interface DebianTreeOptions { cacheDir: string; progress?: (sentence: string) => void; signal?: AbortSignal }

/**
 * The path of a small Debian tree that luna can pack and a machine can boot, made by mmdebstrap as `infra/image/debian/`
 * says, from where this machine's apt gets its packages. Made once for each recipe: a few minutes, afterwards nothing.
 * Root logs in on the console with `luna`, and by ssh with the key `<cacheDir>/image/ssh/id_ed25519`.
 */
export async function makeDebianTree({ cacheDir, progress, signal }: DebianTreeOptions): Promise<string> {
  const folder = join(cacheDir, 'image');
  await mkdir(folder, { recursive: true });
  const tree = join(folder, `debian-${(await recipeHash()).slice(0, 12)}`);
  if (existsSync(tree)) return tree;
  const unlock = await lock(join(folder, 'lock'), signal);
  try {
    if (existsSync(tree)) return tree;
    const unfinished = `${tree}.unfinished`;
    await removeOld(folder);
    const began = Date.now();
    progress?.(`making a Debian ${RELEASE} tree by mmdebstrap (some minutes, once)`);
    await bootstrap(unfinished, await accessKey(folder), signal, (line) => { if (line.startsWith('I: ')) progress?.(`mmdebstrap: ${line.slice(3)}`); });
    await rename(unfinished, tree);
    progress?.(`made ${tree} in ${Math.round((Date.now() - began) / 1000)} s`);
    return tree;
  } finally {
    await unlock();
  }
}

/** Changes when anything that makes the tree changes. */
async function recipeHash(): Promise<string> {
  const hash = createHash('sha256').update(RELEASE);
  for (const name of (await readdir(recipe)).sort()) hash.update(name).update(await readFile(join(recipe, name)));
  return hash.digest('hex');
}

async function bootstrap(target: string, publicKey: string, signal: AbortSignal | undefined, onLine: (line: string) => void): Promise<void> {
  const words = async (name: string) => (await readFile(join(recipe, name), 'utf8')).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const sources = await hostSources(RELEASE);
  const list = `${target}.list`;
  await writeFile(list, `${sources.join('\n')}\n`);
  const options = transportOptions(await runCommand(['apt-config', 'dump']).catch(() => ''));
  try {
    await runCommand([
      'mmdebstrap', '--mode=root', '--variant=minbase', `--include=${(await words('packages.txt')).join(',')}`,
      ...(await words('exclude.txt')).map((path) => `--dpkgopt=path-exclude=${path}`), ...options.map((option) => `--aptopt=${option}`),
      `--setup-hook=sh '${join(recipe, 'setup.sh')}' "$1"`, `--customize-hook=sh '${join(recipe, 'customize.sh')}' "$1"`,
      RELEASE, target, ...(sources.length > 0 ? [list] : []),
    ], { signal, env: { AUTHORIZED_KEYS: publicKey, TMPDIR: '/var/tmp' }, onLine });
  } finally {
    await rm(list, { force: true });
  }
}

/** A key of this installation for its own demo machines: made here, known nowhere else. Empty without ssh-keygen. */
async function accessKey(folder: string): Promise<string> {
  const key = join(folder, 'ssh', 'id_ed25519');
  if (!existsSync(key)) {
    await mkdir(join(folder, 'ssh'), { recursive: true, mode: 0o700 });
    await runCommand(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'luna demo', '-f', key]).catch(() => '');
  }
  return existsSync(`${key}.pub`) ? `${key}.pub` : '';
}

/** What a crash left, and all trees of earlier recipes but the last, which an instance may still be packing. */
async function removeOld(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.startsWith('debian-'));
  const trees = await Promise.all(names.filter((name) => !name.includes('.')).map(async (name) => ({ name, at: (await stat(join(folder, name))).ctimeMs })));
  const last = trees.sort((a, b) => b.at - a.at)[0]?.name;
  for (const name of names) if (name !== last) await rm(join(folder, name), { recursive: true, force: true });
}

/** How long another process may take to make the tree. */
const LOCK_DEADLINE_MS = 20 * 60_000;

/** One maker at a time: a file with the maker's pid; a dead maker's is taken over. */
async function lock(path: string, signal?: AbortSignal): Promise<() => Promise<void>> {
  const deadline = Date.now() + LOCK_DEADLINE_MS;
  for (;;) {
    signal?.throwIfAborted();
    const mine = await writeFile(path, String(process.pid), { flag: 'wx' }).then(() => true, () => false);
    if (mine) return () => rm(path, { force: true });
    const maker = await readFile(path, 'utf8').catch(() => '');
    const age = Date.now() - (await stat(path).then((s) => s.mtimeMs, () => Date.now()));
    if (age > 1000 && !existsSync(`/proc/${maker}`)) await rm(path, { force: true });
    else if (Date.now() > deadline) throw new Error(`${path}: process ${maker} has been making the tree for longer than ${LOCK_DEADLINE_MS / 60_000} minutes; end it and try again`);
    else await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
