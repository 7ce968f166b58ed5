import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, describe, it, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProvisionStatus } from '../../domain/run-views.ts';
import { atOrAfter } from '../../domain/stages.ts';
import { infoOf } from '../../infra/boot/torrent/metainfo.ts';
import { machineFiles } from '../../infra/lab/files.ts';
import { changeDisk, pullPlug } from '../../infra/lab/machine.ts';
import { blockPort, unblockPort } from '../../infra/lab/port-block.ts';
import { killPart } from '../support/kill-part.ts';
import { peerTraffic } from '../support/peer-traffic.ts';
import { siteGuest, untilThere } from '../support/site-guest.ts';
import { virtualSite, type VirtualSite } from '../support/virtual-site.ts';

/** One site for all: a BIOS machine and a UEFI machine. Each test leaves it as the next one expects it, also when it fails. */
let site: VirtualSite;
const SEEDER_PORT = 7052;
const GOOD_POSTSCRIPT = 'echo postscript was here > /sysroot/etc/postscript-was-here\n';

before(async () => {
  site = await virtualSite({ dir: '/var/tmp/luna-e2e', name: 'luna-e2e', firmware: ['bios', 'uefi'], postscript: GOOD_POSTSCRIPT });
});
after(async () => { await site.down(); });

/** What is on a machine's disk, as a digest; the machine must be off. */
function diskOf(name: string): string {
  return createHash('sha256').update(readFileSync(machineFiles(site.plan.dir, name).disk)).digest('hex');
}

/** The end of the run that begins after another. */
async function endOfNext(name: string, before: ProvisionStatus): Promise<ProvisionStatus> {
  const until = Date.now() + 5 * 60_000;
  for (;;) {
    const now = await site.status(name);
    if (now._id !== before._id && now.status !== 'running') return now;
    if (Date.now() > until) throw new Error(`no other run of ${name} has ended: it is ${now.status} in ${now.stage}`);
    await sleep(1000);
  }
}

async function addressOf(name: string): Promise<string> {
  const [node] = JSON.parse(await site.done(['node', 'show', name, '--json'])) as [{ interfaces: { name: string; ip: string }[] }];
  return node.interfaces.find((one) => one.name === 'BOOTIF')?.ip ?? '';
}

/**
 * A third machine of the site, which is a host with aria2, takes the image while the others do; a stranger, with the very
 * .torrent that was served to it, tries to. To be called when the others are about to begin.
 */
async function besideAria2(t: TestContext) {
  const mac = '52:54:00:fe:00:03';
  for (const line of ['group add guests -o compute -N cluster', 'node add node003 --group guests', `node change node003 --mac ${mac}`]) await site.done(line.split(' '));
  const address = await addressOf('node003');
  const guest = await siteGuest(site.plan, 'guest', mac, address);
  const stranger = await siteGuest(site.plan, 'alien', '52:54:00:fe:00:99', '10.30.99.99');
  t.after(() => Promise.all([guest.remove(), stranger.remove()]));
  await site.done(['provision', 'node003', '--no-wait']);
  const nonce = await untilThere('a boot script', async () => /luna\.nonce=([0-9a-f]{32})/.exec(await guest.get(`/luna?step=boot&mac=${mac}`))?.[1] ?? null);
  const plan = await guest.get(`/node/plan?nonce=${nonce}`);
  const valueOf = (name: string) => new RegExp(`^${name}='?([^'\n]*)`, 'm').exec(plan)?.[1] ?? '';
  const [wanted, size] = [valueOf('LUNA_TREE_SHA256'), Number(valueOf('LUNA_TREE_SIZE'))];
  const torrent = await guest.run(['sh', '-c', `curl -sSf '${valueOf('LUNA_TREE_TORRENT_URL')}' | base64 -w0`]);
  const infoHash = createHash('sha1').update(infoOf(Buffer.from(torrent, 'base64'))).digest('hex');

  async function bothTry() {
    await untilThere('a machine that loads', async () => ((await site.status('node001')).percent ?? 0) > 5 ? true : null);
    const machine = await addressOf('node001');
    const file = `${wanted}.tar.zst`;
    const [sha256, got, bySeeder, byMachine, toGuest] = await Promise.all([
      guest.aria2(torrent, file), stranger.aria2(torrent, file), stranger.greeted(site.plan.controllerAddress, SEEDER_PORT, infoHash),
      stranger.greeted(machine, 6881, infoHash), guest.greeted(machine, 6881, infoHash),
    ]);
    await site.luna(['provision', 'cancel', 'node003']);
    return { address, wanted, size, sha256, stranger: { got, seeder: bySeeder, machine: byMachine, guest: toGuest > 0 } };
  }
  return bothTry;
}

describe('installing machines', () => {
  it('takes a BIOS and a UEFI machine at once from power-off to their own systems, found by their switch ports, from each other and beside aria2', async (t) => {
    const traffic = await peerTraffic(site.plan.namespace, site.plan.dir, site.plan.bridge);
    const shareAndStray = await besideAria2(t);

    const [shared] = await Promise.all([shareAndStray(), site.done(['provision', 'node[001-002]'])]);

    for (const name of ['node001', 'node002']) {
      const status = await site.status(name);
      assert.equal(status.status, 'completed');
      assert.ok(status.stages.some((line) => line.stage === 'discover' && line.status === 'ok'), 'the MAC was learnt from the switch');
      const [node] = JSON.parse(await site.done(['node', 'show', name, '--json'])) as [{ macs: string[] }];
      assert.deepEqual(node.macs, [site.plan.machines.find((m) => m.name === name)?.mac]);
      const log = JSON.parse(await site.done(['provision', 'log', name, '--json'])) as { stage: string; status: string; message: string }[];
      assert.match(log.find((e) => e.stage === 'download' && e.status === 'ok')?.message ?? '', /swarm/);
    }
    const sent = await traffic.stop();
    const [first, second] = [await addressOf('node001'), await addressOf('node002')];
    const between = (sent.get(`${first} ${second}`) ?? 0) + (sent.get(`${second} ${first}`) ?? 0);
    const toGuest = (sent.get(`${first} ${shared.address}`) ?? 0) + (sent.get(`${second} ${shared.address}`) ?? 0);
    t.diagnostic(`between the machines ${between} bytes, from them to aria2 ${toGuest}, of an image of ${shared.size}`);
    assert.ok(between > shared.size / 5, `${between} bytes between the machines: ${JSON.stringify([...sent])}`);
    assert.equal(shared.sha256, shared.wanted, 'aria2 has the image as it was packed');
    assert.ok(toGuest > 0, `the machines fed aria2: ${JSON.stringify([...sent])}`);
    assert.deepEqual(shared.stranger, { got: null, seeder: 0, machine: 0, guest: true });
  });

  for (const [name, firmware] of [['node001', 'BIOS'], ['node002', 'UEFI']] as const) {
    it(`boots the installed ${firmware} machine from its own disk when it is power-cycled`, async () => {
      const console = site.console(name);
      const from = console.size();

      await site.done(['power', name, 'cycle']);

      await console.waitFor(/ login:/, from);
      assert.equal((await site.status(name)).status, 'completed');
    });
  }
});

describe('booting without installing', () => {
  it('gives a shell and sshd in service mode, and touches no disk', async (t) => {
    t.after(async () => {
      await pullPlug(site.plan.dir, 'node001');
      await site.done(['node', 'change', 'node001', '--service', 'n']);
    });
    await pullPlug(site.plan.dir, 'node001');
    const before = diskOf('node001');
    await site.done(['node', 'change', 'node001', '--service', 'y']);
    const console = site.console('node001');
    const from = console.size();

    await site.done(['power', 'node001', 'on']);
    await console.waitFor(/\(service\) node001 #/, from);
    await console.type('echo the answer is $((6 * 7))\r');

    await console.waitFor(/the answer is 42/, from);
    const [{ interfaces }] = JSON.parse(await site.done(['node', 'show', 'node001', '--json'])) as [{ interfaces: { name: string; ip: string }[] }];
    assert.match(await site.ssh(interfaces.find(({ name }) => name === 'BOOTIF')?.ip ?? '', 'cat /proc/cmdline'), /luna\.service=1/);
    await pullPlug(site.plan.dir, 'node001');
    assert.equal(diskOf('node001'), before);
  });

  it('lets a machine that nobody knows wait in the menu, where a person says which node it is', async (t) => {
    const mac = site.plan.machines[0]?.mac ?? '';
    t.after(() => site.done(['node', 'change', 'node001', '--mac', mac]));
    await site.done(['node', 'change', 'node001', '--switch', '', '--port', '', '--mac', '']);
    const console = site.console('node001');
    const from = console.size();

    await site.done(['power', 'node001', 'on']);
    await console.waitFor(/which node is this machine/, from);
    const unknown = JSON.parse(await site.done(['node', 'list', '--unknown', '--json'])) as { mac: string }[];
    await console.type('l');
    await console.waitFor(/Back \(b\)/, from);
    await console.type('\r');

    await console.waitFor(/ login:/, from);
    assert.ok(unknown.some((machine) => machine.mac === mac), `${mac} is among ${JSON.stringify(unknown)}`);
    const [node] = JSON.parse(await site.done(['node', 'show', 'node001', '--json'])) as [{ macs: string[] }];
    assert.deepEqual(node.macs, [mac]);
  });
});

describe('failing, and getting over it', () => {
  it('names a wrong BMC password and the command that mends it', async (t) => {
    const password = readFileSync(`${site.plan.dir}/bmc-password`, 'utf8');
    t.after(() => site.done(['bmcsetup', 'change', 'base', '--password-file', '-'], password));
    await site.done(['bmcsetup', 'change', 'base', '--password-file', '-'], 'wrong');

    const { code, stderr } = await site.luna(['provision', 'node001']);

    assert.notEqual(code, 0);
    assert.match(stderr, /BMC 10\.31\.1\.1 of node001 refused user admin/);
    assert.match(stderr, /luna bmcsetup change base/);
    assert.equal((await site.status('node001')).stage, 'power');
  });

  it('begins by itself when a machine boots whose group is always installed, and names a disk that is not there', async (t) => {
    t.after(async () => {
      await site.done(['group', 'change', 'compute', '--boot-policy', 'once']);
      await pullPlug(site.plan.dir, 'node001');
      await changeDisk(site.plan, 'node001', 'present');
    });
    await site.done(['group', 'change', 'compute', '--boot-policy', 'always']);
    await pullPlug(site.plan.dir, 'node001');
    await changeDisk(site.plan, 'node001', 'none');
    const before = await site.status('node001');

    await site.done(['power', 'node001', 'on']);
    const failed = await endOfNext('node001', before);

    assert.equal(failed.status, 'failed');
    assert.equal(failed.stage, 'partition');
    assert.match(failed.reason, /no disk/);
    assert.match(failed.next, /luna provision node001/);
    assert.ok(!failed.stages.some((line) => line.stage === 'power'), 'nobody asked for it');
  });

  it('installs over HTTP when the torrent port is blocked, stops at a postscript that exits 3, and goes on from there once it is mended', async (t) => {
    t.after(async () => {
      await unblockPort(site.plan, SEEDER_PORT);
      await site.done(['group', 'change', 'compute', '--postscript'], GOOD_POSTSCRIPT);
    });
    await blockPort(site.plan, SEEDER_PORT);
    await site.done(['group', 'change', 'compute', '--postscript'], 'echo it breaks here >&2\nexit 3\n');

    const { code, stderr } = await site.luna(['provision', 'node001']);

    assert.notEqual(code, 0);
    const failed = await site.status('node001');
    assert.equal(failed.stage, 'postscript');
    assert.match(stderr, /postscript.*3/);
    assert.match(stderr, /luna provision node001 --retry/);
    const log = JSON.parse(await site.done(['provision', 'log', 'node001', '--json'])) as { stage: string; status: string; message: string }[];
    assert.match(log.find((e) => e.stage === 'download' && e.status === 'ok')?.message ?? '', /HTTP/);

    await unblockPort(site.plan, SEEDER_PORT);
    await site.done(['group', 'change', 'compute', '--postscript'], GOOD_POSTSCRIPT);
    await site.done(['provision', 'node001', '--retry']);

    const status = await site.status('node001');
    assert.equal(status.status, 'completed');
    assert.ok(!status.stages.some((line) => line.stage === 'power'), 'it went on with the agent that was still there');
  });

  it('says when and where a machine was lost that is switched off half-way', async () => {
    await site.done(['provision', 'node001', '--no-wait']);
    await site.waitFor('node001', 'unpack', ({ stage }) => atOrAfter(stage, 'unpack'));
    await pullPlug(site.plan.dir, 'node001');

    const { code, stderr } = await site.luna(['provision', 'node001']);

    assert.notEqual(code, 0);
    assert.match(stderr, /node001 stopped answering in unpack/);
    assert.match(stderr, /luna provision node001 --retry/);
  });

  it('finishes the installation though each process, Temporal and the database are killed on the way', async () => {
    await site.done(['provision', 'node001', '--retry', '--no-wait']);
    for (const [stage, parts] of [
      ['pxe.dhcp', ['lifecycle']],
      ['prescript', ['boot']],
      ['download', ['seeder', 'temporal']],
      ['unpack', ['documents', 'api', 'images']],
    ] as const) {
      await site.waitFor('node001', stage, (status) => atOrAfter(status.stage, stage));
      for (const part of parts) {
        await killPart(site.dataDir, part);
        await sleep(1000);
      }
    }

    const ended = await site.waitFor('node001', 'the end', ({ status }) => status === 'completed');

    assert.equal(ended.status, 'completed');
  });
});
