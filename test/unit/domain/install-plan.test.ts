import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LunaError } from '../../../domain/errors.ts';
import { installPlan, provisionable } from '../../../domain/install-plan.ts';
import type { Node } from '../../../domain/node.ts';
import type { Site } from '../../../domain/site.ts';
import { artefact, testSite } from '../../support/boot-http.ts';

const nodeOf = (site: Site): Node => site.nodes.get('node-1') as Node;

describe('an install plan', () => {
  test('configures every NIC, one default route, and the BMC apart', () => {
    const site = testSite();
    const plan = installPlan(site, nodeOf(site));

    assert.deepEqual(plan.interfaces, [
      {
        name: 'BOOTIF', ip: '127.0.0.5', prefix: 16, gateway: '127.0.0.1', ip6: null, prefix6: null, gateway6: null, dns: ['127.0.0.1'], search: ['cluster'],
        mtu: null, vlan: null, bond: null, routes: [], dhcp: false, params: 'MTU=9000\n',
      },
    ]);
    assert.deepEqual(plan.bmc, { ip: '127.1.0.7', netmask: '255.255.0.0', gateway: null, user: 'ladmin', userid: 3, netchannel: 1, mgmtchannel: 1 });
    assert.equal(plan.hostname, 'node001.cluster');
  });

  test('leaves the BMC alone when the operator says so', () => {
    const site = testSite();

    assert.equal(installPlan(site, { ...nodeOf(site), setupbmc: false }).bmc, null);
  });

  test('keeps the packed version a run began with', () => {
    const site = testSite();
    site.artefacts.set('art0', artefact({ _id: 'art0', kernver: '6.1.0-1' }));

    assert.equal(installPlan(site, nodeOf(site), 'art0').artefact.kernver, '6.1.0-1');
    assert.equal(installPlan(site, nodeOf(site)).artefact.kernver, '6.1.0-56-amd64');
  });

  const missing: [name: string, spoil: (site: Site) => void, next: RegExp][] = [
    ['the image is not packed', (site) => site.artefacts.clear(), /^luna osimage pack debian12$/],
    ['nothing of the image configures networks', (site) => { Object.assign(site.artefacts.get('art1') ?? {}, { network: null }); }, /^luna osimage pack debian12$/],
    ['there is no frontend address', (site) => { Object.assign(site.cluster ?? {}, { frontend_address: null }); }, /^luna cluster change --frontend_address/],
    ['there is no cluster', (site) => { site.cluster = null; }, /^luna cluster change/],
    ['BOOTIF has no network', (site) => { Object.assign(site.groups.get('g1') ?? {}, { interfaces: [] }); }, /^luna group change compute -i BOOTIF --setnet/],
    ['the node has no address', (site) => { nodeOf(site).addresses = {}; }, /^luna node change node001 -i BOOTIF/],
    ['the group is gone', (site) => site.groups.clear(), /^luna node change node001 --group/],
    ['the node boots its disk anyway', (site) => { nodeOf(site).localboot = true; }, /^luna node change node001 --localboot n$/],
    ['the node is in service mode', (site) => { nodeOf(site).service = true; }, /^luna node change node001 --service n$/],
  ];
  for (const [name, spoil, next] of missing) {
    test(`is refused with the next command when ${name}`, () => {
      const site = testSite();
      spoil(site);

      assert.throws(() => provisionable(site, nodeOf(site)), (error: LunaError) => next.test(error.next ?? ''));
    });
  }
});
