import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admittedAddresses, seededArtefacts } from '../../../../infra/boot/torrent/admission.ts';
import { armedBoot, artefact, testSite } from '../../../support/boot-http.ts';

test('only machines that are being installed may connect', () => {
  assert.ok(admittedAddresses(testSite(), [armedBoot()]).has('127.0.0.5'));
  assert.deepEqual([...admittedAddresses(testSite(), [armedBoot({ state: 'handedOver' })])], []);
  assert.deepEqual([...admittedAddresses(testSite(), [armedBoot({ nodeId: 'gone' })])], []);
});

test('the current version of every image is seeded, and an older one while an installation uses it', () => {
  const site = testSite();
  site.artefacts.set('art0', artefact({ _id: 'art0' }));

  assert.deepEqual(seededArtefacts(site, []).map((one) => one._id), ['art1']);
  assert.deepEqual(seededArtefacts(site, [armedBoot({ artefact: 'art0' }), armedBoot()]).map((one) => one._id), ['art1', 'art0']);
  assert.deepEqual(seededArtefacts(site, [armedBoot({ artefact: 'art0', state: 'handedOver' })]).map((one) => one._id), ['art1']);
});
