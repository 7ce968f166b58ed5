import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { LunaError } from '../../domain/errors.ts';
import { loadConfig } from '../config.ts';
import { projectRoot } from '../root.ts';
import { runCommand } from './command.ts';

/** Where Go and what it made are kept, and where a Go may be: PATH. */
export interface PeerOptions { cacheDir: string; searchPath?: string | undefined; signal?: AbortSignal | undefined }

const sources = join(projectRoot, 'infra', 'initramfs', 'peer');
/** Static: it runs in every image's initramfs, whatever C library that has. */
const BUILD = ['build', '-trimpath', '-buildvcs=false', '-ldflags', '-s -w', '-o'];
/** What the outside may say to Go is kept out of the result. */
const ENVIRONMENT = { CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOFLAGS: '-mod=mod', GOWORK: 'off', GOPROXY: 'off', GOENV: 'off', GOAMD64: 'v1' };
/** A compiler that was named wrongly, or hangs, must not hold up a pack for ever. */
const BUILD_DEADLINE_MS = 10 * 60_000;
const VERSION_DEADLINE_MS = 10_000;

/**
 * The path of the nodes' peer, built from infra/initramfs/peer by the Go on PATH or the one that set-up installed. The
 * same sources and the same Go are built once. Without any Go, what an earlier one made of these sources will do. Throws
 * LunaError `unavailable` when there is neither, CommandFailed when Go refuses the sources.
 */
export async function buildPeer({ cacheDir, searchPath, signal }: PeerOptions): Promise<string> {
  const folder = join(cacheDir, 'peer');
  const wanted = await sourcesHash();
  const go = await findGo(cacheDir, searchPath ?? process.env['PATH'] ?? '', signal);
  if (go === null) {
    const made = await builtBefore(folder, wanted);
    if (made !== null) return made;
    throw new LunaError('unavailable', `there is no Go 1.21 or newer to build the nodes' peer with, on PATH or in ${join(cacheDir, 'go')}`, `sh ${join(projectRoot, 'scripts', 'setup.sh')}`);
  }
  const target = join(folder, `${wanted}-${go.version}`);
  if (existsSync(target)) return target;
  await mkdir(folder, { recursive: true });
  const aside = `${target}.${randomUUID()}.new`;
  try {
    await runCommand([go.path, '-C', sources, ...BUILD, aside, '.'], {
      env: { ...ENVIRONMENT, GOCACHE: join(cacheDir, 'go-build'), GOPATH: join(cacheDir, 'go-path') }, signal: within(BUILD_DEADLINE_MS, signal),
    });
    await rename(aside, target);
  } finally {
    await rm(aside, { force: true });
  }
  await forgetOlder(folder, target);
  return target;
}

/** Changes when the peer would: with its sources, but not its tests, and how it is built. */
async function sourcesHash(): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([BUILD, ENVIRONMENT, process.arch]));
  for (const name of (await readdir(sources)).sort()) {
    if (/(?<!_test)\.go$|^go\.mod$/.test(name)) hash.update(`${name}\n`).update(await readFile(join(sources, name)));
  }
  return hash.digest('hex').slice(0, 32);
}

/** A signal that fires with another, or after so many milliseconds. */
function within(ms: number, signal: AbortSignal | undefined): AbortSignal {
  const deadline = AbortSignal.timeout(ms);
  return signal ? AbortSignal.any([signal, deadline]) : deadline;
}

/** The first Go that is new enough. */
async function findGo(cacheDir: string, searchPath: string, signal: AbortSignal | undefined): Promise<{ path: string; version: string } | null> {
  for (const dir of [...searchPath.split(delimiter).filter((dir) => dir.startsWith('/')), join(cacheDir, 'go', 'go', 'bin')]) {
    const path = join(dir, 'go');
    if (!existsSync(path)) continue;
    const version = /\bgo1\.(\d+)(\.\d+)?/.exec(await runCommand([path, 'version'], { env: { GOTOOLCHAIN: 'local' }, signal: within(VERSION_DEADLINE_MS, signal) }).catch(() => ''));
    signal?.throwIfAborted();
    if (version && Number(version[1]) >= 21) return { path, version: version[0] };
  }
  return null;
}

async function builtBefore(folder: string, wanted: string): Promise<string | null> {
  const name = (await readdir(folder).catch(() => [])).find((entry) => entry.startsWith(wanted) && !entry.endsWith('.new'));
  return name === undefined ? null : join(folder, name);
}

/** Peers kept: this one, and those that a pack may be reading. */
const KEPT = 8;

async function forgetOlder(folder: string, kept: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => !name.endsWith('.new') && join(folder, name) !== kept);
  const aged = await Promise.all(names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })));
  for (const { name } of aged.sort((a, b) => b.at - a.at).slice(KEPT - 1)) await rm(join(folder, name), { force: true });
}

if (import.meta.main) {
  const path = await buildPeer({ cacheDir: loadConfig(process.env).cacheDir });
  process.stdout.write(`${path}, ${((await stat(path)).size / 1e6).toFixed(2)} MB\n`);
}
