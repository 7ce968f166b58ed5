import assert from 'node:assert/strict';
import { test } from 'node:test';
import type * as z from 'zod';
import { clusterChangesSchema } from '../../../domain/requests/cluster.ts';
import { groupChangesSchema } from '../../../domain/requests/group.ts';
import { networkChangesSchema, newNetworkSchema } from '../../../domain/requests/network.ts';
import { newNodesSchema, nodeChangesSchema } from '../../../domain/requests/node.ts';
import { newOsimageSchema, osimageChangesSchema } from '../../../domain/requests/osimage.ts';

test('takes what is meant and refuses what is not', () => {
  const table: [string, z.ZodType, unknown, boolean][] = [
    ['a network', newNetworkSchema, { name: 'cluster', network: '10.30.0.0', prefix: 16 }, true],
    ['a network of one address', newNetworkSchema, { name: 'cluster', network: '10.30.0.0', prefix: 31 }, false],
    ['an IPv6 network', newNetworkSchema, { name: 'cluster', network: 'fd00::', prefix: 64 }, true],
    ['an address that is none', networkChangesSchema, { gateway: '10.30.0.256' }, false],
    ['a gateway taken away', networkChangesSchema, { gateway: null }, true],
    ['a name with a slash', newNodesSchema, { names: ['a/b'], group: 'g' }, false],
    ['no names', newNodesSchema, { names: [], group: 'g' }, false],
    ['names left out', newNodesSchema, { group: 'g' }, true],
    ['a relative path', newOsimageSchema, { name: 'i', path: 'os/i' }, false],
    ['a name server by its whole name', networkChangesSchema, { ns_hostname: 'master.example.org.' }, true],
    ['a name server no zone can name', networkChangesSchema, { ns_hostname: 'my master' }, false],
    ['kernel options of two lines', osimageChangesSchema, { kernopts: 'quiet\nboot' }, false],
    ['kernel options cleared', osimageChangesSchema, { kernopts: '' }, true],
    ['a prefix of names', clusterChangesSchema, { nodeprefix: 'rack1-n' }, true],
    ['a prefix no name may have', clusterChangesSchema, { nodeprefix: 'my node' }, false],
    ['a stray field', nodeChangesSchema, { localboot: true, local: true }, false],
    ['a flag as text', nodeChangesSchema, { localboot: 'y' }, false],
    ['an operation without its network', groupChangesSchema, { interface: { name: 'eth1', op: 'setnet' } }, false],
    ['an operation with a stray field', groupChangesSchema, { interface: { name: 'eth1', op: 'delete', network: 'x' } }, false],
  ];
  for (const [what, schema, body, fits] of table) assert.equal(schema.safeParse(body).success, fits, what);
});

test('reads MACs in any spelling and ports as numbers or names', () => {
  assert.deepEqual(nodeChangesSchema.parse({ mac: '5254.00AB.cd01', port: 26 }), { mac: '52:54:00:ab:cd:01', port: '26' });
  assert.deepEqual(nodeChangesSchema.parse({ mac: null, port: 'Gi2/0/26' }), { mac: null, port: 'Gi2/0/26' });
});
