import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { matchPort, type Seen } from '../../../domain/discovery.ts';
import { nodeSchema, type Node } from '../../../domain/node.ts';

const node = (name: string, sw: string | null, port: string | null): Node => nodeSchema.parse({ _id: `id-${name}`, name, rev: 0, group: 'g', switch: sw, port });
const on = (switchId: string, port: number, portName: string | null): Seen => ({ mac: '52:54:00:30:00:01', switchId, port, portName });

describe('finding who a machine is by its switch port', () => {
  it('matches the number of the port', () => {
    const match = matchPort([on('sw1', 3, 'Gi0/3')], [node('a', 'sw1', '2'), node('b', 'sw1', '3')]);

    assert.equal(match.is === 'match' && match.nodeId, 'id-b');
  });

  it('matches the name of the port', () => {
    const match = matchPort([on('sw1', 3, 'Gi0/3')], [node('a', 'sw1', 'Gi0/3')]);

    assert.equal(match.is === 'match' && match.nodeId, 'id-a');
  });

  it('decides a MAC seen on uplinks too by the only declared port', () => {
    const match = matchPort([on('sw1', 48, 'uplink'), on('sw2', 7, null)], [node('a', 'sw2', '7'), node('b', 'sw1', '1')]);

    assert.equal(match.is === 'match' && match.nodeId, 'id-a');
  });

  it('never guesses between two candidates', () => {
    const match = matchPort([on('sw1', 3, '4'), on('sw2', 7, null)], [node('a', 'sw1', '3'), node('b', 'sw2', '7')]);

    assert.deepEqual(match.is === 'ambiguous' && match.nodeIds.sort(), ['id-a', 'id-b']);
  });

  it('finds nobody on an undeclared port, and says where the MAC was seen', () => {
    const match = matchPort([on('sw1', 9, null)], [node('a', 'sw1', '3'), node('b', null, null)]);

    assert.deepEqual(match, { is: 'none', seen: [on('sw1', 9, null)] });
  });
});
