import { type ChildProcess, execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { withTracker } from '../infra/boot/torrent/metainfo.ts';
import { loadConfig } from '../infra/config.ts';
import { openImageKey } from '../infra/image/image-key.ts';
import { manifestText } from '../infra/image/manifest.ts';
import { LEVELS } from '../infra/image/pack.ts';
import { buildPeer } from '../infra/image/peer-build.ts';
import type { TreeArchive } from '../infra/image/tree-archive.ts';
import { packTree } from '../infra/image/tree-files.ts';
import { agentPipeline } from '../test/support/agent-pipeline.ts';
import { artefact } from '../test/support/boot-http.ts';
import { differences } from '../test/support/odd-tree.ts';
import { shell, type Took, timed, untilTrue } from './pack/timed.ts';
import { emptyTracker } from './pack/tracker.ts';
import { packingTree } from './pack/tree.ts';
import { median, report, rounded, say } from './support/outcome.ts';

// Packing and unpacking a tree of 2 GB, beside tar and zstd alone at the same level. Archives and unpacked trees lie in
// memory, so that no disk is measured; luna's unpacking is the agent's own pipeline, with the peer that verifies every piece.

const { values: options } = parseArgs({
  options: { 'rounds': { type: 'string', default: '3' }, 'level': { type: 'string', default: String(LEVELS.tree) }, 'round-trip': { type: 'boolean', default: true } },
  allowNegative: true,
});
const [rounds, level] = [Number(options.rounds), Number(options.level)];
enterMountNamespace();
const { cacheDir } = loadConfig(process.env);
const tree = packingTree(cacheDir);
const tracker = await emptyTracker();
const peer = await buildPeer({ cacheDir });
const work = mkdtempSync('/var/tmp/luna-bench-pack-');
execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=90%', 'tmpfs', work]);
const at = (name: string): string => join(work, name);
const runs = new Map<string, Took[]>();
let lost: string[] = [];
let facts = { unpacked: 0, packed: 0, pieces: 0 };
try {
  say('reading the tree once, so that no disk is measured');
  await shell('tar --create --one-file-system --file=- --directory="$1" . | cat > /dev/null', tree);
  for (let round = 1; round <= rounds; round += 1) {
    const archive = await packRound();
    facts = { unpacked: archive.unpackedSize, packed: archive.size, pieces: archive.sums.length / 32 };
    await unpackRound(archive);
    if (round === rounds && options['round-trip']) lost = await roundTrip(archive);
  }
} finally {
  tracker.stop();
  execFileSync('umount', [work]);
  rmSync(work, { recursive: true });
}

const of = (what: string, figure: keyof Took): number => median((runs.get(what) ?? []).map((took) => took[figure]));
const row = (what: string, whose: string): (string | number)[] => [what, ...[whose, 'plain'].flatMap((who) => (['seconds', 'cpu'] as const).map((figure) => rounded(of(`${what} ${who}`, figure), 2)))];
for (const line of lost.slice(0, 20)) say(`differs: ${line}`);
report({
  bench: 'pack',
  columns: ['', 'luna s', 'CPU s', 'plain s', 'CPU s'],
  rows: [row('pack', 'luna'), row('unpack', 'luna')],
  figures: {
    ratio_pack: rounded(of('pack luna', 'seconds') / of('pack plain', 'seconds'), 3), ratio_unpack: rounded(of('unpack luna', 'seconds') / of('unpack plain', 'seconds'), 3),
    round_trip_differences: options['round-trip'] ? lost.length : null,
    level, rounds, unpacked_mb: Math.round(facts.unpacked / 1e6), packed_mb: Math.round(facts.packed / 1e6), pieces: facts.pieces,
  },
  targets: { ratio_pack: 1.1, ratio_unpack: 1.1, ...(options['round-trip'] ? { round_trip_differences: 0 } : {}) },
});

/** Runs this program again where its mounts are its own. */
function enterMountNamespace(): void {
  if (process.env['LUNA_BENCH_MOUNTS'] === 'own') return;
  const { status } = spawnSync('unshare', ['--mount', '--', process.execPath, ...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit', env: { ...process.env, LUNA_BENCH_MOUNTS: 'own' } });
  process.exit(status ?? 1);
}

function note(what: string, took: Took): void {
  runs.set(what, [...runs.get(what) ?? [], took]);
  say(`${what}: ${took.seconds.toFixed(2)} s, ${took.cpu.toFixed(2)} s CPU`);
}

interface Packed extends TreeArchive { infoHash: string }

async function packed(): Promise<Packed> {
  const { archive, torrent } = await packTree({ tree, level, dirs: { torrents: at('torrents'), cache: at('cache') }, work: at('work') });
  return { ...archive, ...torrent };
}

/** Both read the same files; whoever comes first in a round comes second in the next. */
async function packRound(): Promise<Packed> {
  let made: Packed | undefined;
  const luna = async (): Promise<void> => {
    for (const name of ['torrents', 'cache', 'work']) await rm(at(name), { recursive: true, force: true });
    mkdirSync(at('work'));
    note('pack luna', await timed(async () => { made = await packed(); }));
  };
  const plain = async (): Promise<void> => {
    note('pack plain', await timed(() => shell('tar --create --one-file-system --file=- --directory="$1" . | zstd -q -T0 -"$2" -f -o "$3"', tree, String(level), at('plain.tar.zst'))));
    rmSync(at('plain.tar.zst'));
  };
  await inTurn(luna, plain, 'pack');
  if (made === undefined) throw new Error('nothing was packed');
  return made;
}

async function unpackRound(archive: Packed): Promise<void> {
  const luna = async (): Promise<void> => {
    note('unpack luna', await timed(() => unpackAsAgent(archive, at('target'))));
    await rm(at('target'), { recursive: true });
  };
  const byHand = async (): Promise<Took> => {
    mkdirSync(at('target'));
    const took = await timed(() => shell('zstd -q -d -c "$1" | tar --extract --file=- --directory="$2" 2> "$3"', archive.path, at('target'), at('plain.log')));
    await rm(at('target'), { recursive: true });
    return took;
  };
  const plain = async (): Promise<void> => { note('unpack plain', await byHand()); };
  // Memory that a host took back while this machine packed is slow to the one who touches it first: that one is not counted.
  await byHand();
  for (const _ of ['one first', 'the other first']) await inTurn(luna, plain, 'unpack');
}

async function inTurn(luna: () => Promise<void>, plain: () => Promise<void>, what: string): Promise<void> {
  const odd = (runs.get(`${what} luna`)?.length ?? 0) % 2 === 1;
  for (const one of odd ? [plain, luna] : [luna, plain]) await one();
}

/** The pieces are there, as after a download: the peer reads each from its file, verifies it, and passes it on. */
async function unpackAsAgent(archive: Packed, target: string): Promise<void> {
  mkdirSync(target);
  await rm(at('agent'), { recursive: true, force: true });
  const pipeline = agentPipeline(at('agent'), target);
  const key = openImageKey({ file: at('image.key'), made: true });
  const { sha256, size, unpackedSize } = archive;
  const torrent = withTracker(readFileSync(join(at('torrents'), `${sha256}.torrent`)), { announce: tracker.announce, urlList: [] });
  const text = Buffer.from(manifestText(artefact({ tree: { file: `${sha256}.tar.zst`, sha256, size, infoHash: archive.infoHash, unpackedSize } }), archive));
  for (const [name, bytes] of [['manifest', text], ['signature', key.sign(text)], ['key', key.publicKey], ['torrent', torrent]] as const) writeFileSync(at(name), bytes);
  const fifo = join(pipeline.run, 'tree.pipe');
  execFileSync('mkfifo', [fifo]);
  const child = pipeline.start(unpackedSize, fifo, peer, '-torrent', at('torrent'), '-manifest', at('manifest'), '-signature', at('signature'), '-key', at('key'),
    '-listen', '127.0.0.1:0', '-status', join(pipeline.run, 'swarm.status'), '-stream', '-file', archive.path, '-resume');
  const over = once(child, 'close');
  try {
    await untilTrue(() => pipeline.code() !== null, 600, 'the end of the pipeline');
  } finally {
    endGroup(child);
    await over;
  }
  if (pipeline.code() !== 0) throw new Error(`unpacking failed: ${pipeline.words()} ${readFileSync(join(pipeline.run, 'swarm.log'), 'utf8')}`);
}

/** The peer would feed others for ever. */
function endGroup({ pid, exitCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null) return;
  process.kill(-pid);
}

/** On a disk, whose file system has all that a tree may hold. */
async function roundTrip(archive: Packed): Promise<string[]> {
  const folder = mkdtempSync(join(cacheDir, 'bench', 'round-trip-'));
  try {
    say('comparing what was unpacked with the tree, by rsync');
    await unpackAsAgent(archive, join(folder, 'tree'));
    if (statSync(folder).dev === statSync(work).dev) say('the cache is in memory: extended attributes of users may be missing there');
    return [...differences(tree, join(folder, 'tree')), ...differences(join(tree, 'odd'), join(folder, 'tree', 'odd'))];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
