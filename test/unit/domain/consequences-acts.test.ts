import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cancelConsequences, packConsequences, powerConsequences, provisionConsequences, stageConsequences } from '../../../domain/consequences/acts.ts';
import { nodeSchema, type Node } from '../../../domain/node.ts';
import type { Site } from '../../../domain/site.ts';
import { testSite } from '../../support/boot-http.ts';

/** node001 as it is, node002 like it, node003 without any address; node002 is being installed. */
function three(): { site: Site; nodes: Node[]; runs: { nodeId: string; status: 'running'; stage: 'download' }[] } {
  const site = testSite();
  const like = (name: string, addresses: Record<string, number>): void => {
    site.nodes.set(name, nodeSchema.parse({ _id: name, name, rev: 0, group: 'g1', addresses }));
  };
  like('node002', { i1: 6, i2: 8 });
  like('node003', {});
  return { site, nodes: [...site.nodes.values()], runs: [{ nodeId: 'node002', status: 'running', stage: 'download' }] };
}

test('tells which nodes an installation would wipe, and which it would not touch', () => {
  const { site, nodes, runs } = three();

  assert.deepEqual(provisionConsequences(site, nodes, runs, false), [
    'Node node001 is power-cycled and installed with osimage debian12: what the partscript of group compute formats is lost.',
    'Node node002 is being installed already (download): that goes on.',
    "Node node003 can't be installed: node node003 has no address in network cluster.",
  ]);
  assert.deepEqual(provisionConsequences(site, nodes.slice(0, 2), [], true), [
    'Nodes node[001-002] (2) go on where the last run failed, or else from a power cycle with osimage debian12: then what the partscript of group compute formats is lost.',
  ]);
});

test('tells what a BMC would do, and what that would interrupt', () => {
  const { site, nodes, runs } = three();

  assert.deepEqual(powerConsequences(site, nodes, runs, 'off'), [
    'Node node001 is powered off at once, whatever runs there.',
    'Node node002 is powered off at once, whatever runs there. It is being installed (download).',
    'Node node003 has no BMC that could be asked.',
  ]);
  assert.deepEqual(powerConsequences(site, nodes.slice(0, 2), runs, 'identify'), ['Nodes node[001-002] (2) light their identify light.']);
});

test('tells what ends, what is run again, and who gets a new version', () => {
  const { site, nodes, runs } = three();
  const [osimage] = site.osimages.values();
  const [one, running] = nodes;

  assert.deepEqual(cancelConsequences(nodes, runs), [
    'Nodes node[001,003] (2) are not being installed: nothing happens.',
    'The installation of node node002 ends (download); the machine stays as it is.',
  ]);
  assert.deepEqual(running && stageConsequences(running, runs, 'skip'), ['Stage download of node node002 is taken as done.']);
  assert.deepEqual(one && stageConsequences(one, runs, 'retry'), ['Node node001 is not being installed: there is no stage to retry.']);
  assert.deepEqual(osimage && packConsequences(site, osimage), ['Osimage debian12 is packed from /srv/debian12; nodes node[001-003] (3) get it at the next installation.']);
});
