import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { networkScript } from '../../infra/templates/network-sh.ts';
import { startAgentServer, type AgentCall, type AgentServer } from '../support/agent-server.ts';
import { noSandbox, runInside, sandboxMachine, unpackInitramfs, type SandboxMachine, type UnpackedInitramfs } from '../support/agent-sandbox.ts';
import { signedImage, type SignedImage } from '../support/signed-image.ts';
import { bootif, planned, setupOf } from '../support/network-plan.ts';

const NONCE = '0123456789abcdef0123456789abcdef';
const ALL = ['prescript', 'partition', 'download', 'unpack', 'network', 'postscript', 'bootloader', 'localboot'];
/** Long: the machine that runs the tests may be busy. */
const DEADLINE_MS = 120_000;

const reportOf = (stage: string, attempt = '1') => (call: AgentCall) =>
  call.path === '/node/report' && call.form['stage'] === stage && call.form['attempt'] === attempt;

describe('the agent of the initramfs', { skip: noSandbox(), timeout: 600_000 }, () => {
  let initramfs: UnpackedInitramfs;
  let image: SignedImage;
  let dir: string;
  let machine: SandboxMachine;
  let server: AgentServer;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'agent-'));
    image = await signedImage(dir);
    initramfs = await unpackInitramfs(image.publicKey);
  });
  after(async () => {
    await initramfs.remove();
    await rm(dir, { recursive: true });
  });

  /** A machine told to do these stages; it ends with the test. */
  async function installing(t: { after(fn: () => Promise<void>): void }, stages: string[], scripts: Record<string, string> = {}): Promise<{ ended: Promise<number | null> }> {
    machine = await sandboxMachine(initramfs);
    const { controller } = machine;
    server = await startAgentServer({
      nonce: NONCE,
      stages,
      host: '0.0.0.0',
      urlFor: (port) => `http://${controller}:${port}`,
      plan: {
        LUNA_NODE: 'node001', LUNA_HOSTNAME: 'node001.cluster', LUNA_DOMAIN: 'cluster', LUNA_KERNVER: '6.1.0', LUNA_KERNOPTS: 'quiet', LUNA_BOOTLOADER: 'auto', LUNA_BMC: '0',
        LUNA_IF_COUNT: '1', LUNA_IF_1_NAME: 'BOOTIF', LUNA_IF_1_IP: '10.30.0.1', LUNA_IF_1_PREFIX: '16',
      },
      networks: networkScript(setupOf('networkd', [bootif, planned('ib0', { ip: '10.31.0.1', prefix: 16 })]), 'node001').text,
      scripts: { prescript: '', partscript: 'mount -t tmpfs tmpfs /sysroot', postscript: ':', ...scripts },
      tree: image,
    });
    t.after(async () => {
      await machine.stop();
      await server.close();
    });
    const args = { 'luna.node': 'node001', 'luna.hostname': 'node001.cluster', 'luna.url': `http://${controller}:${server.port}`, 'luna.nonce': NONCE };
    return { ended: machine.run(args) };
  }

  it('goes through every stage to the handover', async (t) => {
    const postscript = 'cp -ax /sysroot/. /host/\necho "$LUNA_NODE $LUNA_BOOTIF $LUNA_OSIMAGE $LUNA_FIRMWARE"';
    const { ended } = await installing(t, [...ALL, 'continue'], { postscript });
    const hello = await server.until((call) => call.path === '/node/hello', DEADLINE_MS);

    assert.equal(await ended, 0, machine.console());
    const inventory = JSON.parse(hello.form['inventory'] ?? '') as { nics: { name: string; mac: string }[]; memory: number };
    assert.equal(hello.form['mac'], machine.mac);
    assert.ok(inventory.nics.some((nic) => nic.mac === machine.mac) && inventory.memory > 0);
    const reports = server.calls.filter((call) => call.path === '/node/report').map((call) => `${call.form['stage']} ${call.form['status']}`);
    assert.deepEqual(reports, [
      'prescript skipped', 'partition ok', 'download ok', 'unpack ok', 'network ok', 'postscript ok', 'bootloader skipped', 'localboot ok',
    ], machine.console());
    assert.deepEqual(server.calls.filter((call) => call.path === '/node/report').map((call) => Number(call.form['seq'])), [1, 2, 3, 4, 5, 6, 7, 8]);
    assert.match(server.calls.find(reportOf('postscript'))?.form['log'] ?? '', /node001 boot0 yes (bios|uefi)/);
    await t.test('with the image as it was packed', () => {
      assert.equal(statSync(join(machine.shared, 'etc/one')).ino, statSync(join(machine.shared, 'etc/two')).ino);
      assert.equal(statSync(join(machine.shared, 'usr/bin/tool')).mode & 0o7777, 0o4755);
      assert.ok(!existsSync(join(machine.shared, '.luna')) || statSync(join(machine.shared, '.luna')).isDirectory());
    });
    await t.test('with a name and networks of its own', () => {
      const read = (path: string) => readFileSync(join(machine.shared, path), 'utf8');
      assert.equal(read('etc/hostname'), 'node001.cluster\n');
      assert.match(read('etc/hosts'), /node001\.cluster node001/);
      assert.match(read('etc/machine-id'), /^[0-9a-f]{32}\n$/);
      assert.deepEqual(server.calls.find((call) => call.path === '/node/network')?.form, { bootif: 'boot0', mac: machine.mac });
      for (const { path, text } of setupOf('networkd', [bootif, planned('ib0', { ip: '10.31.0.1', prefix: 16 })]).files) assert.equal(read(path), text);
      assert.match(read('etc/resolv.conf'), /\nsearch cluster example\.org\nnameserver 10\.30\.255\.254\n/);
      assert.match(server.calls.find(reportOf('network'))?.form['log'] ?? '', /^networks by networkd\n\/etc\/systemd\/network\/10-luna-BOOTIF\.network$/m);
      assert.equal(statSync(join(machine.shared, 'var/lib/luna-ready/nonce.header')).mode & 0o777, 0o600);
    });
  });

  it('says in one sentence why a partscript failed, and passes once it is mended', async (t) => {
    const partscript = 'echo "partitioning"\nmount /dev/vdb1 /sysroot';
    await installing(t, ['partition'], { partscript });
    const failed = await server.until(reportOf('partition'), DEADLINE_MS);

    assert.equal(failed.form['status'], 'failed');
    assert.match(failed.form['message'] ?? '', /^partscript exited 32: mount: \/sysroot: special device \/dev\/vdb1 does not exist\.$/);
    assert.match(failed.form['log'] ?? '', /partitioning/);
    server.scripts['partscript'] = 'mount -t tmpfs tmpfs /sysroot';
    server.stages.push('partition');
    assert.equal((await server.until(reportOf('partition', '2'), DEADLINE_MS)).form['status'], 'ok');
  });

  it('notices a partscript that mounts nothing', async (t) => {
    await installing(t, ['partition'], { partscript: ':' });
    assert.match((await server.until(reportOf('partition'), DEADLINE_MS)).form['message'] ?? '', /mounted nothing on \/sysroot/);
  });

  it('reports a postscript that exits 3 with its last words', async (t) => {
    await installing(t, ['partition', 'download', 'unpack', 'postscript'], { postscript: 'echo "it breaks here" >&2\nexit 3' });
    const failed = await server.until(reportOf('postscript'), DEADLINE_MS);

    assert.equal(failed.form['message'], 'postscript exited 3: it breaks here');
  });

  it('ends a stage and all it started when it is told to, and stays', async (t) => {
    await installing(t, ['partition'], { partscript: '(sleep 500; touch /tmp/survived) &\nsleep 500' });
    await server.until((call) => call.path === '/node/progress', DEADLINE_MS);
    server.abort = true;
    const stopped = await server.until(reportOf('partition'), DEADLINE_MS);

    assert.equal(stopped.form['status'], 'failed');
    assert.equal(stopped.form['message'], 'partition was stopped by the controller');
    server.scripts['partscript'] = 'ps ax | grep -c "[s]leep 500" || true\nmount -t tmpfs tmpfs /sysroot';
    server.stages.push('partition');
    assert.equal((await server.until(reportOf('partition', '2'), DEADLINE_MS)).form['log']?.split('\n')[0], '0');
  });

  it('loses no report while the controller is away', async (t) => {
    await installing(t, ['partition'], { partscript: 'sleep 2\nmount -t tmpfs tmpfs /sysroot' });
    await server.until((call) => call.path === '/node/script/partscript', DEADLINE_MS);
    server.down = true;
    await new Promise((resolve) => setTimeout(resolve, 5000));
    server.down = false;

    assert.equal((await server.until(reportOf('partition'), DEADLINE_MS)).form['status'], 'ok');
    assert.match(machine.console(), /does not answer \(HTTP 503 down\); trying again/);
  });

  it('unpacks nothing that is not what was packed', async (t) => {
    const whole = image.sha256;
    image.sha256 = 'f'.repeat(64);
    t.after(() => { image.sha256 = whole; });
    await installing(t, ['partition', 'download']);
    const failed = await server.until(reportOf('download'), DEADLINE_MS);

    assert.equal(failed.form['status'], 'failed');
    assert.match(failed.form['message'] ?? '', /^refused: art1\.manifest: it is of the tree [0-9a-f]{64}, not of f{64}$/);
  });

  it('is told when its boot is not known, and asks on', async (t) => {
    await installing(t, []);
    await server.until((call) => call.path === '/node/hello', DEADLINE_MS);
    const wrong = await sandboxMachine(initramfs);
    t.after(() => wrong.stop());
    void wrong.run({ 'luna.node': 'node002', 'luna.url': `http://${wrong.controller}:${server.port}`, 'luna.nonce': 'wrong' });
    for (let tries = 0; tries < 200 && !/HTTP 403/.test(wrong.console()); tries++) await new Promise((resolve) => setTimeout(resolve, 200));

    assert.match(wrong.console(), /the controller refuses \/node\/(hello|next): HTTP 403 reason=this boot is not known/);
  });
});

describe('what the agent writes into a system', { skip: noSandbox(), timeout: 120_000 }, () => {
  let initramfs: UnpackedInitramfs;
  before(async () => { initramfs = await unpackInitramfs(); });
  after(() => initramfs.remove());

  it('is each file as the controller rendered it, for root alone where it says so, and those of an earlier installation go', () => {
    const folder = '/sysroot/etc/NetworkManager/system-connections';
    const odd = planned('ib0', { ip: '10.31.0.1', prefix: 16, params: "[proxy]\npac-script='it''s $HOME `x` \\n'" });
    const setup = { ...setupOf('keyfile', [odd]), units: [] };
    const before = `mkdir -p ${folder}/folder; echo '# Written by luna when' > ${folder}/luna-old.nmconnection; echo own > ${folder}/own.nmconnection`;
    const told = runInside(initramfs, `${before}\n${networkScript(setup, 'node001').text}\nls ${folder}\nstat -c %a ${folder}/luna-ib0.nmconnection\ncat ${folder}/luna-ib0.nmconnection`);

    assert.equal(told, `networks by keyfile\n/etc/NetworkManager/system-connections/luna-ib0.nmconnection\nfolder\nluna-ib0.nmconnection\nown.nmconnection\n600\n${setup.files[0]?.text ?? ''}`);
  });

  it('is read by ifupdown, and the resolver is left to the program that has it', () => {
    const { text } = networkScript(setupOf('ifupdown', [bootif]), 'node001');
    const twice = `mkdir -p /sysroot/etc/network; ln -s /run/resolv.conf /sysroot/etc/resolv.conf\n${text}\n${text}\ncat /sysroot/etc/network/interfaces; readlink /sysroot/etc/resolv.conf`;

    assert.match(runInside(initramfs, twice), /luna\nsource \/etc\/network\/interfaces\.d\/\*\n\/run\/resolv\.conf\n$/);
  });

  it('enables a service that is not', () => {
    const code = 'mkdir -p /sysroot/etc/systemd/system/multi-user.target.wants; ln -s x /sysroot/etc/systemd/system/multi-user.target.wants/there.service\nchroot() { echo "chroot $*"; }\nenable_unit there\nenable_unit missing';

    assert.equal(runInside(initramfs, code), 'chroot /sysroot systemctl -q enable missing\n');
  });

  it('kernel arguments where the family keeps them', () => {
    assert.equal(runInside(initramfs, 'mkdir -p /sysroot/etc/default/grub.d\nset_kernel_arguments "quiet console=ttyS0"\ncat /sysroot/etc/default/grub.d/luna.cfg'), "GRUB_CMDLINE_LINUX='quiet console=ttyS0'\n");
    assert.equal(
      runInside(initramfs, 'mkdir -p /sysroot/etc/default\necho GRUB_TIMEOUT=1 > /sysroot/etc/default/grub\nset_kernel_arguments a\nset_kernel_arguments b\ncat /sysroot/etc/default/grub'),
      "GRUB_TIMEOUT=1\nGRUB_CMDLINE_LINUX='b' # luna\n",
    );
  });
});
