import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { AgentCall } from '../support/agent-server.ts';
import { noSandbox, runInside, unpackInitramfs, type UnpackedInitramfs } from '../support/agent-sandbox.ts';
import { seedingPeer } from '../support/seeding-peer.ts';
import { signedImage, type SignedImage } from '../support/signed-image.ts';
import { toldMachine, type ToldMachine } from '../support/told-machine.ts';

const DEADLINE_MS = 180_000;
/** A root that outlives the machine, so that a test sees what is on it. */
const ON_DISK = 'mkdir -p /host/root\nmount --bind /host/root /sysroot\necho mine > /sysroot/kept';
const IN_MEMORY = 'mount -t tmpfs tmpfs /sysroot';
const SEED_PORT = '16882';
/** What parts of the stage `download` need when they are run alone. */
const PARTS = '. $LIB/swarm.sh\n. $LIB/download.sh\nprogress() { echo "$*" > $RUN/progress; }\necho "X-Luna-Nonce: 0" > $RUN/nonce.header';

const reportOf = (stage: string, attempt = '1') => (call: AgentCall) =>
  call.path === '/node/report' && call.form['stage'] === stage && call.form['attempt'] === attempt;

describe('the image on its way into a node', { skip: noSandbox(), timeout: 900_000 }, () => {
  let dir: string;
  let image: SignedImage;
  let initramfs: UnpackedInitramfs;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'node-swarm-'));
    image = await signedImage(dir, 3_000_000);
    initramfs = await unpackInitramfs(image.publicKey);
  });
  after(async () => {
    await initramfs.remove();
    await rm(dir, { recursive: true });
  });

  /** A machine beside a seeding peer, told to do these stages. */
  async function besideSeed(t: TestContext, partscript: string, stages: string[], more: { prescript?: string } = {}): Promise<ToldMachine> {
    const told = await toldMachine(t, initramfs, { stages: [], tree: image, partscript, peers: [SEED_PORT], ...more });
    t.after(await seedingPeer(image, image.path, `${told.machine.controller}:${SEED_PORT}`, `${told.url}/announce?nonce=0123456789abcdef0123456789abcdef`));
    told.server.stages.push(...stages);
    return told;
  }

  const noise = () => readFileSync(join(dir, 'tree/usr/lib/noise'));
  const scratchOf = ({ machine }: ToldMachine) => join(machine.shared, `root/.luna/${image.sha256}.tar.zst`);
  const messageOf = async ({ server }: ToldMachine, stage: string, attempt = '1') => {
    const { form } = await server.until(reportOf(stage, attempt), DEADLINE_MS);
    return `${form['status'] ?? ''}: ${form['message'] ?? ''}`;
  };

  /** Runs this in place of the peer, but for its checks, until the test ends. Called again, it changes what is run. */
  function insteadOfThePeer(t: TestContext, code: string): void {
    const peer = join(initramfs.root, 'usr/lib/luna/peer');
    if (!existsSync(`${peer}.whole`)) {
      renameSync(peer, `${peer}.whole`);
      t.after(() => { renameSync(`${peer}.whole`, peer); });
    }
    writeFileSync(peer, `#!/bin/sh\n[ "$1" != -check ] || exec "$0.whole" "$@"\n${code}\n`, { mode: 0o755 });
  }

  it('is unpacked while it comes, and others are fed from the scratch file until the machine is handed over', async (t) => {
    const told = await besideSeed(t, ON_DISK, ['partition', 'download', 'unpack']);

    assert.equal(await messageOf(told, 'download'), 'ok: from the swarm, 3 MB');
    assert.equal(await messageOf(told, 'unpack'), 'ok: ');
    assert.deepEqual(readFileSync(join(told.machine.shared, 'root/usr/lib/noise')), noise());
    assert.equal(readFileSync(scratchOf(told)).compare(readFileSync(image.path)), 0);
    assert.ok(told.server.calls.every((call) => !call.path.endsWith('.tar.zst')), 'nothing came by HTTP');
    told.server.stages.push('localboot', 'continue');
    assert.equal(await told.ended, 0, told.machine.console());
    assert.ok(!existsSync(join(told.machine.shared, 'root/.luna')));
    const left = told.server.calls.filter((call) => call.path === '/announce' && call.form['event'] === 'stopped');
    assert.equal(left.length, 1, 'it says that it leaves the swarm');
  });

  it('goes through memory alone where the root is memory', async (t) => {
    const told = await besideSeed(t, IN_MEMORY, ['partition', 'download', 'unpack', 'postscript']);
    told.server.scripts['postscript'] = 'ls -A /sysroot\ncp /sysroot/usr/lib/noise /host/noise';

    assert.equal(await messageOf(told, 'download'), 'ok: from the swarm, 3 MB');
    assert.equal(await messageOf(told, 'postscript'), 'ok: ');
    assert.deepEqual(readFileSync(join(told.machine.shared, 'noise')), noise());
    assert.ok(!(told.server.calls.find(reportOf('postscript'))?.form['log'] ?? '').includes('.luna'));
  });

  it('comes from the controller by HTTP when no peer has anything', async (t) => {
    const told = await toldMachine(t, initramfs, { stages: ['partition', 'download', 'unpack'], tree: image, partscript: ON_DISK });

    assert.equal(await messageOf(told, 'download'), 'ok: from the controller by HTTP, 3 MB: no peer sent anything');
    assert.equal(await messageOf(told, 'unpack'), 'ok: ');
    assert.deepEqual(readFileSync(join(told.machine.shared, 'root/usr/lib/noise')), noise());
  });

  it('comes by aria2, which the image has, when the peer fails; nothing of it is unpacked before all of it is verified', async (t) => {
    insteadOfThePeer(t, 'echo "peer: no memory" >&2\nexit 1');
    const told = await besideSeed(t, ON_DISK, ['partition', 'download', 'unpack']);

    assert.match(await messageOf(told, 'download'), /^ok: from the swarm by aria2, 3 MB: the peer ended \(no memory\)$/);
    assert.equal(await messageOf(told, 'unpack'), 'ok: ');
    assert.deepEqual(readFileSync(join(told.machine.shared, 'root/usr/lib/noise')), noise());
  });

  it('does not come where the root is memory and the peer ends: the stage says how the peer ended, not what was cut short by it', async (t) => {
    const told = await toldMachine(t, initramfs, { stages: ['partition'], tree: image, partscript: IN_MEMORY });
    for (const [attempt, code, expected] of [
      ['1', 'echo "peer: http://c/tree: the controller answered 403 Forbidden" >&2\nexit 1', /^failed: the peer ended \(http:\/\/c\/tree: the controller answered 403 Forbidden\)$/],
      ['2', 'kill -9 $$', /^failed: the peer ended \(killed by signal 9\)$/],
      ['3', 'echo no image\necho "peer: write /dev/stdout: broken pipe" >&2\nexit 1', /^failed: unpacking failed: (zstd|tar): /],
    ] as const) {
      insteadOfThePeer(t, code);
      told.server.stages.push('download');
      assert.match(await messageOf(told, 'download', attempt), expected);
    }
  });

  it('may take the room of all file systems that the tree will lie on, each counted once, and the scratch file that of the root alone', () => {
    const said = runInside(initramfs, `${PARTS}
mount -t tmpfs -o size=4m tmpfs /sysroot
mkdir /sysroot/usr /sysroot/again /sysroot/dev
mount -t tmpfs -o size=8m tmpfs /sysroot/usr
mount --bind /sysroot/usr /sysroot/again
mount -t tmpfs -o size=64m tmpfs /sysroot/dev
findmnt() { echo ext4; }
for sizes in '1000000 9000000' '5000000 6000000' '1000000 13000000'; do
    LUNA_TREE_SIZE=\${sizes% *} LUNA_TREE_UNPACKED=\${sizes#* }
    rm -f $RUN/store
    (choose_store; echo $store) 2>&1 || :
    (enough_room; echo enough) 2>&1 || :
done`);

    assert.deepEqual(said.trim().split('\n'), [
      'file', 'enough',
      'memory', '/sysroot has 4 MB free, the image needs 5 MB packed',
      '/sysroot and what is mounted below it have 12 MB free, the image needs 13 MB unpacked',
      '/sysroot and what is mounted below it have 12 MB free, the image needs 14 MB packed and unpacked together',
    ]);
  });

  for (const [what, curl, words] of [
    ["can't be written", '', /^the image can't be written, \/sysroot has 0 MB free: curl: \(23\) /],
    ['is refused', 'curl() { echo "curl: (22) The requested URL returned error: 403" >&2; return 22; }', /^the controller does not give the image: curl: \(22\) .* 403$/],
  ] as const) {
    it(`by HTTP is given up at once when it ${what}, and its progress is told no more`, () => {
      const [reason = '', ...more] = runInside(initramfs, `${PARTS}
mount -t tmpfs -o size=1m tmpfs /sysroot
truncate -s 3000000 $RUN/image
LUNA_TREE_URL=file://$RUN/image LUNA_TREE_SIZE=3000000
${curl}
(from_controller /sysroot/image) 2>&1 || echo "ended with $?"
rm -f $RUN/progress
sleep 1.5
[ ! -e $RUN/progress ] || echo 'progress is told'`).trim().split('\n');

      assert.match(reason, words);
      assert.deepEqual(more, ['ended with 1']);
    });
  }

  it('is not believed when the download runs again: each piece is checked, what differs is loaded anew', async (t) => {
    const told = await besideSeed(t, ON_DISK, ['partition', 'download', 'unpack']);
    await messageOf(told, 'unpack');
    const scratch = readFileSync(scratchOf(told));
    scratch.writeUInt8((scratch[40_000] ?? 0) ^ 1, 40_000);
    writeFileSync(scratchOf(told), scratch);
    writeFileSync(join(told.machine.shared, 'root/usr/bin/of-an-earlier-try'), '');

    told.server.stages.push('download', 'unpack');

    assert.equal(await messageOf(told, 'download', '2'), 'ok: from the swarm, 3 MB');
    assert.equal(await messageOf(told, 'unpack', '2'), 'ok: ');
    assert.equal(readFileSync(scratchOf(told)).compare(readFileSync(image.path)), 0);
    assert.deepEqual(readFileSync(join(told.machine.shared, 'root/usr/lib/noise')), noise());
    assert.ok(!existsSync(join(told.machine.shared, 'root/usr/bin/of-an-earlier-try')), 'what an earlier try left is gone');
    assert.equal(readFileSync(join(told.machine.shared, 'root/kept'), 'utf8'), 'mine\n', 'what the partscript made stays');
  });

  it('is not lost when unpacking fails: the stage says why, and passes once that is mended', async (t) => {
    const inTheWay = `${ON_DISK}\nmkdir -p /sysroot/usr/lib/noise/in-the-way`;
    const told = await besideSeed(t, inTheWay, ['partition', 'download', 'unpack']);

    assert.equal(await messageOf(told, 'download'), 'ok: from the swarm, 3 MB');
    assert.match(await messageOf(told, 'unpack'), /^failed: unpacking failed: tar: .*noise/);
    execFileSync('rm', ['-rf', join(told.machine.shared, 'root/usr/lib/noise')]);
    told.server.stages.push('unpack');

    assert.equal(await messageOf(told, 'unpack', '2'), 'ok: ');
    assert.deepEqual(readFileSync(join(told.machine.shared, 'root/usr/lib/noise')), noise());
  });

  it('ends with its stage when the controller says so, and nothing is left running', async (t) => {
    const told = await toldMachine(t, initramfs, { stages: [], tree: { ...image, torrent: (where) => image.torrent({ ...where, urlList: [] }) }, partscript: ON_DISK });
    told.server.stages.push('partition', 'download');
    await told.server.until((call) => call.path === '/node/progress' && call.form['stage'] === 'download', DEADLINE_MS);
    told.server.abort = true;

    assert.equal(await messageOf(told, 'download'), 'failed: download was stopped by the controller');
    told.server.scripts['prescript'] = 'ps ax | grep -c "[l]una/peer" || :';
    told.server.stages.push('prescript');
    const { form } = await told.server.until(reportOf('prescript'), DEADLINE_MS);
    assert.equal(form['log']?.split('\n')[0], '0');
  });
});
