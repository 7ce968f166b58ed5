import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { atOrAfter } from '../../domain/stages.ts';
import { changeDisk, pullPlug } from '../../infra/lab/machine.ts';
import { blockPort, unblockPort } from '../../infra/lab/port-block.ts';
import { killPart } from '../support/kill-part.ts';
import { virtualSite, type VirtualSite } from '../support/virtual-site.ts';

/** One site for all: a BIOS machine and a UEFI machine. Each test leaves it as the next one expects it. */
let site: VirtualSite;
const SEEDER_PORT = 7052;
const GOOD_POSTSCRIPT = 'echo postscript was here > /sysroot/etc/postscript-was-here\n';

before(async () => {
  site = await virtualSite({ dir: '/var/tmp/luna-e2e', name: 'luna-e2e', firmware: ['bios', 'uefi'], postscript: GOOD_POSTSCRIPT });
});
after(async () => { await site.down(); });

describe('installing machines', () => {
  it('takes a BIOS and a UEFI machine at once from power-off to their own systems, found by their switch ports', async () => {
    await site.done(['provision', 'node[001-002]']);

    for (const name of ['node001', 'node002']) {
      const status = await site.status(name);
      assert.equal(status.status, 'completed');
      assert.ok(status.stages.some((line) => line.stage === 'discover' && line.status === 'ok'), 'the MAC was learnt from the switch');
      const [node] = JSON.parse(await site.done(['node', 'show', name, '--json'])) as [{ macs: string[] }];
      assert.deepEqual(node.macs, [site.plan.machines.find((m) => m.name === name)?.mac]);
      const log = JSON.parse(await site.done(['provision', 'log', name, '--json'])) as { stage: string; status: string; message: string }[];
      assert.match(log.find((e) => e.stage === 'download' && e.status === 'ok')?.message ?? '', /swarm/);
    }
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

describe('failing, and getting over it', () => {
  it('names a wrong BMC password and the command that mends it', async () => {
    await site.done(['bmcsetup', 'change', 'base', '--password-file', '-'], 'wrong');

    const { code, stderr } = await site.luna(['provision', 'node001']);

    assert.notEqual(code, 0);
    assert.match(stderr, /BMC 10\.31\.1\.1 of node001 refused user admin/);
    assert.match(stderr, /luna bmcsetup change base/);
    assert.equal((await site.status('node001')).stage, 'power');
    const password = readFileSync(`${site.plan.dir}/bmc-password`, 'utf8');
    await site.done(['bmcsetup', 'change', 'base', '--password-file', '-'], password);
  });

  it('names a disk that is not there', async () => {
    await pullPlug(site.plan.dir, 'node001');
    await changeDisk(site.plan, 'node001', 'none');

    const { code, stderr } = await site.luna(['provision', 'node001']);

    assert.notEqual(code, 0);
    assert.match(stderr, /no disk/);
    assert.match(stderr, /luna provision node001/);
    assert.equal((await site.status('node001')).stage, 'partition');
    await pullPlug(site.plan.dir, 'node001');
    await changeDisk(site.plan, 'node001', 'present');
  });

  it('installs over HTTP when the torrent port is blocked, stops at a postscript that exits 3, and goes on from there once it is mended', async () => {
    await blockPort(site.plan, SEEDER_PORT);
    await site.done(['group', 'change', 'compute', '--postscript'], 'echo it breaks here >&2\nexit 3\n');

    const { code, stderr } = await site.luna(['provision', 'node001', '--retry']);

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
