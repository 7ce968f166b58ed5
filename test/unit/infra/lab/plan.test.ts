import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LabError } from '../../../../infra/lab/lab-error.ts';
import { planLab } from '../../../../infra/lab/plan.ts';
import { labSite } from '../../../../infra/lab/site.ts';

test('gives machine N port N, a MAC ending in N and a BMC of its own', () => {
  const plan = planLab({ dir: '/tmp/lab', nodes: 11 });

  const last = plan.machines[10];
  assert.equal(last?.name, 'node011');
  assert.equal(last.port, 11);
  assert.equal(last.mac, '52:54:00:30:00:0b');
  assert.equal(last.bmcAddress, '10.31.1.11');
  assert.equal(new Set(plan.machines.flatMap((one) => [one.tap, one.uuid, one.inBandPort, one.consolePort])).size, 44);
});

test('takes firmwares in turn', () => {
  const plan = planLab({ dir: '/tmp/lab', nodes: 3, firmware: ['bios', 'uefi'] });

  assert.deepEqual(plan.machines.map((one) => one.firmware), ['bios', 'uefi', 'bios']);
});

test('leaves the disk out of a machine that is named diskless', () => {
  const plan = planLab({ dir: '/tmp/lab', diskless: ['node002'] });

  assert.deepEqual(plan.machines.map((one) => one.disk), ['4G', 'none']);
});

test('refuses what can not be built', () => {
  const impossible = [
    { dir: '/tmp/lab', nodes: 0 },
    { dir: '/tmp/lab', nodes: 65 },
    { dir: '/tmp/lab', name: 'Lab of mine' },
    { dir: '/tmp/my lab' },
    { dir: `/tmp/${'x'.repeat(80)}` },
    { dir: '/tmp/lab', bmcPassword: 'seventeen letters' },
    { dir: '/tmp/lab', diskless: ['node009'] },
  ];

  for (const options of impossible) assert.throws(() => planLab(options), LabError);
});

test('describes the site without its password', () => {
  const site = labSite(planLab({ dir: '/tmp/lab', bmcPassword: 'hush' }));

  assert.equal(site.frontendAddress, '10.30.0.1');
  assert.deepEqual(site.nodes.map((node) => [node.name, node.switch, node.port]), [['node001', 'switch01', 1], ['node002', 'switch01', 2]]);
  assert.ok(!JSON.stringify(site).includes('hush'));
});
