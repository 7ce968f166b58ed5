import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { LabSite } from '../../../../infra/lab/site.ts';
import { labSteps } from '../../../../infra/lab/steps.ts';

const machine = { mac: '52:54:00:30:00:01', switch: 'switch01', port: 1, bmcAddress: '10.31.1.1', firmware: 'bios', disk: '4G', network: 'cluster' };
const site: LabSite = {
  frontendAddress: '10.30.0.1',
  networks: [{ name: 'cluster', network: '10.30.0.0', prefixLength: 16 }, { name: 'ipmi', network: '10.31.0.0', prefixLength: 16 }],
  further: [],
  switch: { name: 'switch01', address: '10.31.0.2', network: 'ipmi', community: 'public' },
  bmc: { user: 'admin', passwordFile: "/lab's/bmc-password", cipherSuite: 3 },
  nodes: [{ ...machine, name: 'node001' }, { ...machine, name: 'node002' }],
};

it('prints what a shell can read, from the declaration to the console', () => {
  const lines = labSteps(site, '/lab', '/lab/controller').split('\n').map((line) => line.trim());

  assert.equal(lines[1], 'export LUNA_DATA=/lab/controller LUNA_LAB_DIR=/lab');
  assert.ok(lines.includes(`luna osimage add compute --path "$(luna lab image)" --kernopts 'console=ttyS0 norandmaps'`));
  assert.ok(lines.some((line) => line.includes(`--password-file '/lab'\\''s/bmc-password'`)));
  assert.ok(lines.some((line) => line.endsWith('/infra/initramfs/examples/one-disk.sh')));
  assert.ok(lines.includes('luna group change compute --postscript --clear'));
  assert.equal(lines.at(-2), 'luna provision node[001-002]');
});
