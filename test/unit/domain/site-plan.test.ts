import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { exportSite } from '../../../domain/site-export.ts';
import { siteChanges } from '../../../domain/site-changes.ts';
import { siteFileSchema, type SiteFile } from '../../../domain/site-file.ts';
import { planSite, type SitePlan } from '../../../domain/site-plan.ts';
import type { Site } from '../../../domain/site.ts';
import { siteYaml } from '../../../infra/api/site-yaml.ts';

const text = readFileSync(join(import.meta.dirname, '../../fixtures/site/site.yaml'), 'utf8');
const empty: Site = {
  cluster: null, networks: new Map(), switches: new Map(), otherdevs: new Map(), osimages: new Map(), artefacts: new Map(), bmcsetups: new Map(),
  groups: new Map(), nodes: new Map(), nodesByName: new Map(), macs: new Map(), macsOf: new Map(),
};

let ids = 0;
const planned = (before: Site, file: SiteFile, prune = false): SitePlan => planSite(before, siteFileSchema.parse(file), { prune, newId: () => `id${ids += 1}` });
const secretsOf = ({ secrets }: SitePlan): Map<string, string> => new Map(secrets.map(({ kind, id, value }) => [`${kind}/${id}`, value]));

/** The fixture with edits, applied to the fixture. */
function edited(edit: (file: Record<string, Record<string, Record<string, unknown>>>) => void, prune = false): SitePlan {
  const { after } = planned(empty, parse(text) as SiteFile);
  const file = parse(text) as Record<string, Record<string, Record<string, unknown>>>;
  edit(file);
  return planned(after, file as unknown as SiteFile, prune);
}

test('takes the examples of the documentation', () => {
  const examples = [...readFileSync(join(import.meta.dirname, '../../../docs/site-file.md'), 'utf8').matchAll(/^```yaml\n([^]*?)^```/gm)];
  assert.equal(examples.length, 3);
  for (const [, example = ''] of examples) assert.deepEqual(planned(empty, parse(example) as SiteFile).problems, []);
});

test('exports what was applied, to the letter', async () => {
  const plan = planned(empty, parse(text) as SiteFile);

  assert.deepEqual(plan.problems, []);
  assert.equal(await siteYaml(exportSite(plan.after, secretsOf(plan))), text);
});

test('leaves every object the same when nothing differs', () => {
  const { before, after, problems } = edited(() => undefined, true);

  assert.deepEqual(problems, []);
  assert.deepEqual(siteChanges({ before, after }), []);
  assert.equal([...after.nodes.values()].every((node) => before.nodes.get(node._id) === node), true);
});

test('renumbers the members of a network that is silent about them', () => {
  const { after, before, problems } = edited((file) => {
    Object.assign(file['networks']?.['ipmi'] ?? {}, { network: '10.99.0.0/24' });
    Object.assign(file['switches']?.['switch01'] ?? {}, { ip: '10.99.0.253' });
    Object.assign(file['otherdevs']?.['pdu01']?.['addresses'] ?? {}, { ipmi: '10.99.0.252' });
    delete (file['nodes']?.['node[0001-0003]']?.['addresses'] as Record<string, unknown>)['BMC'];
  });

  assert.deepEqual(problems, []);
  assert.deepEqual(siteChanges({ before, after }).filter(({ kind }) => kind === 'node'), []);
  const nodes = exportSite(after).nodes?.['node[0001-0003]'];
  assert.equal(nodes?.addresses?.['BMC'], '10.99.0.[1-3]');
});

test('keeps the addresses of an interface whose name changes and network stays', () => {
  const { before, after, problems } = edited((file) => {
    const { interfaces } = file['groups']?.['compute'] ?? {};
    const { BMC, ...rest } = interfaces as Record<string, unknown>;
    Object.assign(file['groups']?.['compute'] ?? {}, { interfaces: { ...rest, eth9: BMC } });
    delete (file['nodes']?.['node[0001-0003]']?.['addresses'] as Record<string, unknown>)['BMC'];
  });

  assert.deepEqual(problems, []);
  const node = siteChanges({ before, after }).find(({ name }) => name === 'node0002');
  assert.deepEqual(node?.diff, { 'addresses.BMC': ['10.31.0.2', null], 'addresses.eth9': [null, '10.31.0.2'] });
});

const wrong: [string, (file: Record<string, Record<string, Record<string, unknown>>>) => void, string][] = [
  ['a network twice', (file) => { Object.assign(file['networks'] ?? {}, { other: { network: '10.30.7.0/24' } }); }, 'networks.other.network: 10.30.7.0/24 overlaps network cluster 10.30.0.0/16'],
  ['an address in the dynamic range', (file) => { Object.assign(file['nodes'] ?? {}, { x: { group: 'compute', addresses: { BOOTIF: '10.30.130.1' } } }); },
    'nodes.x: 10.30.130.1 of node x lies in the dynamic range of network cluster (10.30.128.1–10.30.140.255)'],
  ['an address set aside', (file) => { Object.assign(file['nodes'] ?? {}, { x: { group: 'compute', addresses: { BOOTIF: '10.30.0.80' } } }); }, 'nodes.x: 10.30.0.80 of node x is taken by network cluster'],
  ['a MAC that another node has', (file) => { Object.assign(file['nodes'] ?? {}, { x: { group: 'tmpfs', mac: '52:54:00:00:00:02' } }); }, 'nodes.x: 52:54:00:00:00:02 of node x is bound to node node0002'],
  ['a port twice', (file) => { Object.assign(file['nodes'] ?? {}, { x: { group: 'tmpfs', switch: 'switch01', port: 'Gi1/0/2' } }); }, 'nodes.x: port Gi1/0/2 of switch switch01 of node x is taken by node node0002'],
  ['an IPv4 network as network6', (file) => { Object.assign(file['groups']?.['tmpfs'] ?? {}, { interfaces: { eth0: { network6: 'ipmi' } } }); }, 'groups.tmpfs.interfaces.eth0.network6: network ipmi is IPv4: it goes to network'],
  ['a bond of what is not there to be bonded', (file) => { Object.assign(file['groups']?.['tmpfs'] ?? {}, { interfaces: { b: { bond: { mode: '802.3ad', members: ['BMC'] } } } }); },
    "groups.tmpfs.interfaces: interface b of group tmpfs can't take BMC: a bond is made of NICs"],
  ['a gateway outside', (file) => { Object.assign(file['networks']?.['ipmi'] ?? {}, { gateway: '10.32.0.1' }); }, 'networks.ipmi: 10.32.0.1 lies outside: network ipmi is 10.31.0.0/24'],
  ['a tree of two images', (file) => { Object.assign(file['osimages'] ?? {}, { x: { path: '/opt/luna/os/compute' } }); }, 'osimages.x.path: /opt/luna/os/compute is the tree of osimage compute'],
  ['a node without a group', (file) => { Object.assign(file['nodes'] ?? {}, { x: {} }); }, 'nodes.x: the group of node x is missing'],
  ['a removed network in use', (file) => { delete file['networks']?.['public6']; }, 'otherdevs.pdu01.addresses.public6: there is no network named public6'],
];
for (const [what, edit, problem] of wrong) {
  test(`refuses ${what}`, () => {
    const { problems } = edited(edit, true);
    assert.equal(problems.map(({ path, message }) => `${path.join('.')}: ${message}`)[0], problem);
  });
}
