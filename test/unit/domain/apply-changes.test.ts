import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyChanges, type Followed } from '../../../domain/apply-changes.ts';
import { REMOVED } from '../../../domain/change.ts';
import { testSite } from '../../support/boot-http.ts';

const OTHER = '52:54:00:00:00:99';
const site = testSite();
const [node] = site.nodes.values();
assert.ok(node);
const bound = (to: string | null): Followed => ({ kind: 'mac', id: OTHER, rev: 0, diff: { node: [null, to] } });
const removed: Followed = { kind: 'node', id: node._id, rev: REMOVED, diff: {} };

test('binds a MAC, and gives it back', () => {
  const after = applyChanges(site, [bound(node._id)]);

  assert.ok(after);
  assert.equal(after.macs.get(OTHER), node._id);
  assert.equal(applyChanges(after, [bound(null)])?.macs.has(OTHER), false);
  assert.equal(site.macs.has(OTHER), false, 'the site itself stays as it is');
});

test('forgets the MACs of a node with the node', () => {
  const after = applyChanges(site, [bound(node._id), removed]);

  assert.deepEqual([after?.macs.has(OTHER), after?.macsOf.has(node._id), after?.nodesByName.has(node.name)], [false, false, false]);
});

test('asks for the whole site when a MAC was bound to a node that is gone: the counters do not tell which came first', () => {
  assert.equal(applyChanges(site, [removed, bound(node._id)]), null);
});
