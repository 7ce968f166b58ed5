import assert from 'node:assert/strict';
import { test } from 'node:test';
import { consequences } from '../../../domain/consequences.ts';
import { siteFileSchema } from '../../../domain/site-file.ts';
import { exportSite } from '../../../domain/site-export.ts';
import { planSite } from '../../../domain/site-plan.ts';
import { testSite } from '../../support/boot-http.ts';

/** What follows when the file of the test's site is edited like this. */
function after(edit: (file: object) => void): string[] {
  const before = testSite();
  const file = structuredClone(exportSite(before));
  edit(file);
  let id = 0;
  const plan = planSite(before, siteFileSchema.parse(file), { prune: true, newId: () => `new${id += 1}` });
  assert.deepEqual(plan.problems, []);
  return consequences(before, plan.after, plan.secrets);
}

/** Sets fields of what the path leads to. */
const set = (path: string, fields: object) => (file: object): void => {
  const found = path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], file);
  Object.assign(found as object, fields);
};

const cases: [string, (file: object) => void, string[]][] = [
  ['nothing when nothing changes', () => undefined, []],
  ['an address that moves, with its name and reservation', set('nodes.node001', { addresses: { BOOTIF: '127.0.0.9', BMC: '127.1.0.7' } }), [
    '1 address moves: node001 BOOTIF 127.0.0.5 → 127.0.0.9.',
    'DNS: 1 name is answered otherwise: node001.cluster (127.0.0.5 → 127.0.0.9).',
    'DHCP: 1 reservation changes: node001 52:54:00:00:00:01 127.0.0.5 → node001 52:54:00:00:00:01 127.0.0.9.',
    'Node node001 gets another network configuration at the next luna provision; until then nothing changes on it.',
  ]],
  ['nodes that begin to be installed at every boot', set('groups.compute', { boot_policy: 'always' }), [
    'Node node001 is installed at its next network boot (until now: boots its own disk).',
  ]],
  ['a script for the next installation', set('groups.compute', { partscript: 'mkfs.xfs /dev/vda' }), [
    'Node node001 gets another partscript at the next luna provision; until then nothing changes on it.',
  ]],
  ['a flag that sends a node elsewhere', set('nodes.node001', { service: true }), [
    'Node node001 boots into service mode at its next network boot (until now: boots its own disk).',
  ]],
  ['another dynamic range', set('networks.cluster', { dhcp_start: '127.0.1.0', dhcp_end: '127.0.1.255' }), [
    'DHCP: unknown machines in network cluster get 127.0.1.0–127.0.1.255 instead of 127.0.192.0–127.0.255.254.',
  ]],
  ['a network that moves away from the controller', (file) => { set('networks.ipmi', { network: '127.2.0.0/16' })(file); set('nodes.node001.addresses', { BMC: '127.2.0.7' })(file); }, [
    '1 address moves: node001 BMC 127.1.0.7 → 127.2.0.7.',
    'DNS: 1 name is answered otherwise: node001.ipmi (127.1.0.7 → 127.2.0.7).',
    'Node node001 gets another BMC setup at the next luna provision; until then nothing changes on it.',
  ]],
  ['another password', set('bmcsetups.ipmi', { password: 'other' }), [
    'BMCs of node node001 are asked with another password at once, and have it themselves only after their next installation.',
  ]],
];
for (const [what, edit, sentences] of cases) {
  test(`tells ${what}`, () => {
    assert.deepEqual(after(edit), sentences);
  });
}
