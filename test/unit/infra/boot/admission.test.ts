import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Boot } from '../../../../domain/provision.ts';
import { loadingMachines, seededArtefacts } from '../../../../infra/boot/torrent/admission.ts';
import { armedBoot, artefact, testSite } from '../../../support/boot-http.ts';

const addresses = (boot: Partial<Boot>): string[] => [...loadingMachines(testSite(), [armedBoot(boot)]).keys()];

test('only machines that are being installed may load: from the addresses declared for them, and from where they said hello', () => {
  assert.deepEqual(addresses({}), ['127.0.0.5']);
  assert.deepEqual(addresses({ ip: '127.0.9.9', state: 'live' }), ['127.0.0.5', '127.0.9.9']);
  assert.deepEqual(addresses({ ip: '127.0.9.9', state: 'handedOver' }), []);
  assert.deepEqual(addresses({ nodeId: 'gone' }), []);
});

test('the current version of every image is seeded, and an older one while an installation uses it', () => {
  const site = testSite();
  site.artefacts.set('art0', artefact({ _id: 'art0' }));

  assert.deepEqual(seededArtefacts(site, []).map((one) => one._id), ['art1']);
  assert.deepEqual(seededArtefacts(site, [armedBoot({ artefact: 'art0' }), armedBoot()]).map((one) => one._id), ['art1', 'art0']);
  assert.deepEqual(seededArtefacts(site, [armedBoot({ artefact: 'art0', state: 'handedOver' })]).map((one) => one._id), ['art1']);
});
