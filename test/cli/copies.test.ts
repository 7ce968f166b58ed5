import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { withTreeLock } from '../../infra/image/tree-lock.ts';
import { Cli } from '../support/cli.ts';
import { startStubApi } from '../support/stub-api.ts';

/** Stands where ssh stands: the other machine is a folder of this one. Notes who is called; host `dead` does not answer. */
const SSH = `#!/bin/sh
while :; do
  case $1 in
    -o) shift 2 ;;
    -l) user=$2@; shift 2 ;;
    *) break ;;
  esac
done
echo "\${user:-}$1" >>"$SSH_LOG"
[ "\${1#*dead}" = "$1" ] || exit 255
shift
exec "$@"
`;

const hasRsync = ['/usr/bin/rsync', '/bin/rsync'].some((path) => existsSync(path));
const own = Object.values(networkInterfaces()).flat()[0]?.address ?? '127.0.0.1';

describe('copies of image trees', { skip: hasRsync ? false : 'needs rsync' }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'luna-copies-'));
  const [tree, machine, log] = [join(dir, 'tree'), join(dir, 'machine'), join(dir, 'ssh.log')];
  const image = { name: 'compute', comment: '', path: tree, grab_filesystems: machine, grab_exclude_list: '/etc/hostname\n/run/*\n' };
  let controllers: string[] = [];
  let api: Awaited<ReturnType<typeof startStubApi>>;
  let cli: Cli;

  before(async () => {
    mkdirSync(join(dir, 'bin'));
    writeFileSync(join(dir, 'bin/ssh'), SSH, { mode: 0o755 });
    Object.assign(process.env, { PATH: `${join(dir, 'bin')}:${process.env['PATH'] ?? ''}`, SSH_LOG: log });
    api = await startStubApi((call) => (call === 'GET /cluster' ? { json: { cluster_ips: controllers } } : call === 'GET /osimages' ? { json: [image] } : { json: image }));
    cli = new Cli(api.dataDir);
  });
  beforeEach(() => {
    for (const path of [machine, tree]) rmSync(path, { recursive: true, force: true });
    // In the tree the machine's file system lies where it lies on the machine.
    for (const path of [join(machine, 'etc'), join(machine, 'run'), join(tree, machine, 'etc')]) mkdirSync(path, { recursive: true });
    for (const [path, text] of [['etc/hostname', 'node001'], ['etc/motd', 'hello'], ['run/pid', '1']] as const) writeFileSync(join(machine, path), text);
    writeFileSync(join(tree, machine, 'etc/hostname'), 'image');
    writeFileSync(join(tree, machine, 'etc/old'), 'gone on the machine');
    writeFileSync(log, '');
  });
  after(async () => {
    await cli.stop();
    await api.stop();
    rmSync(dir, { recursive: true });
  });
  const grabbed = (path: string): string => join(tree, machine, path);

  it('grabs what a machine has, without what the image leaves out', async () => {
    const { code, stderr, stdout } = await cli.run('osimage', 'grab', '-n', 'compute', '-H', 'node001');

    assert.equal(code, 0, stderr);
    assert.match(stdout, /Next: luna osimage pack compute/);
    assert.deepEqual(['etc/motd', 'etc/hostname'].map((path) => readFileSync(grabbed(path), 'utf8')), ['hello', 'image']);
    assert.deepEqual(['etc/old', 'run/pid'].map((path) => existsSync(grabbed(path))), [false, false]);
    assert.equal(readFileSync(log, 'utf8'), 'root@node001\n');
  });

  it('changes nothing when it is only tried', async () => {
    assert.equal((await cli.run('osimage', 'grab', 'compute', '--host', 'node001', '--dry_run')).code, 0);
    assert.deepEqual(['etc/motd', 'etc/old'].map((path) => existsSync(grabbed(path))), [false, true]);
  });

  it('leaves a tree alone that somebody is in', async () => {
    const refused = await withTreeLock({ name: 'compute', runDir: join(api.dataDir, 'run'), shared: true }, () => cli.run('osimage', 'grab', 'compute', '--host', 'node001'));

    assert.equal(refused.code, 255);
    assert.match(refused.stderr, /osimage compute is locked/);
    assert.equal(readFileSync(log, 'utf8'), '');
  });

  it('fails when the machine does not answer', async () => {
    const { code, stderr, stdout } = await cli.run('osimage', 'grab', 'compute', '--host', 'dead1');

    assert.equal(code, 255);
    assert.match(stderr, /Error: .* of dead1 was not copied: rsync ended with (12|255)\nNext: {2}ssh root@dead1 true/);
    assert.doesNotMatch(stdout, /Grabbed/);
  });

  it('brings packed images and trees to the other controllers', async () => {
    controllers = [own, '192.0.2.7'];
    mkdirSync(join(api.dataDir, 'torrents'), { recursive: true });

    const { code, stderr, stdout } = await cli.run('cluster', 'sync');

    assert.equal(code, 0, stderr);
    assert.equal(stdout, '192.0.2.7 has all packed images and 1 trees.\n');
    assert.deepEqual([...new Set(readFileSync(log, 'utf8').trim().split('\n'))], ['root@192.0.2.7']);
    assert.equal((await cli.run('osimage', 'sync', 'compute')).stdout, '192.0.2.7 has osimage compute.\n');
  });

  it('copies nothing into or from the controller’s own directories, which an older luna took for trees', async (t) => {
    controllers = [own, '192.0.2.7'];
    image.path = '/';
    t.after(() => { image.path = tree; });

    const [grab, sync] = [await cli.run('osimage', 'grab', 'compute', '--host', 'node001', '--dry_run'), await cli.run('osimage', 'sync', 'compute')];

    assert.match(grab.stderr, /Error: osimage compute: \/ is the controller's own: .*\nNext: {2}luna osimage change compute --path DIR/);
    assert.match(sync.stderr, /Error: the tree \/ is brought nowhere: \/ is the controller's own/);
    assert.doesNotMatch(readFileSync(log, 'utf8'), /node001/);
  });

  it('refuses to sync from a machine that is none of the controllers', async () => {
    controllers = ['192.0.2.7', '192.0.2.8'];

    assert.equal((await cli.run('cluster', 'sync')).code, 255);
  });
});
