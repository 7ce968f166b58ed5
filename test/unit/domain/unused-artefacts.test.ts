import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Artefact } from '../../../domain/osimage.ts';
import { type ArtefactUse, unusedArtefacts } from '../../../domain/unused-artefacts.ts';
import { artefact } from '../../support/boot-http.ts';

const NOW = Date.parse('2026-01-30T12:00:00.000Z');
const HOUR = 3_600_000;
const ago = (hours: number): string => new Date(NOW - hours * HOUR).toISOString();
const version = (_id: string, hours: number, osimage = 'img1'): Artefact => artefact({ _id, osimage, packedAt: ago(hours) });
/** Five nights of packing: `v1` the oldest, `v5` in use. */
const NIGHTS = [1, 2, 3, 4, 5].map((night) => version(`v${night}`, (6 - night) * 24));
const use = (changes: Partial<ArtefactUse> = {}): ArtefactUse => ({
  osimages: new Map([['img1', { current: 'v5' }]]), named: new Set(), beginning: new Set(), left: new Map(), ...changes,
});
const unused = (artefacts: readonly Artefact[], changes: Partial<ArtefactUse> = {}): string[] => unusedArtefacts(artefacts, use(changes), NOW).map(({ _id }) => _id).sort();

describe('packed versions that nobody uses', () => {
  test('are all but the one in use and two beside it', () => {
    assert.deepEqual(unused(NIGHTS), ['v1', 'v2']);
  });

  test('are not those that a boot or a wave names, nor any of an image that a run has just decided on', () => {
    assert.deepEqual(unused(NIGHTS, { named: new Set(['v1']) }), ['v2']);
    assert.deepEqual(unused(NIGHTS, { beginning: new Set(['img1']) }), []);
  });

  test('are none that was packed or pointed at within the hour', () => {
    const many = [version('v1', 0.9), version('v2', 0.8), version('v3', 0.7), version('v4', 0.6), version('v5', 0.5)];

    assert.deepEqual(unused(many), []);
    assert.deepEqual(unused(NIGHTS, { left: new Map([['v1', ago(0.5)]]) }), ['v2', 'v3']);
  });

  test('are not those that an undo of the newest pack comes back to, however old they are', () => {
    assert.deepEqual(unused(NIGHTS, { left: new Map([['v1', ago(2)], ['v4', ago(30)]]) }), ['v2', 'v3']);
  });

  test('are all of an image that was removed a week ago, and all but two until then', () => {
    const gone = { osimages: new Map<string, never>() };

    assert.deepEqual(unused(NIGHTS, { ...gone, left: new Map([['v5', ago(2)]]) }), ['v1', 'v2', 'v3']);
    assert.deepEqual(unused(NIGHTS, { ...gone, left: new Map([['v5', ago(2)]]), named: new Set(['v1']) }), ['v2', 'v3']);
    assert.deepEqual(unused([version('w', 200), version('v', 160, 'img2')], { ...gone }), ['w']);
  });

  test('are counted image by image', () => {
    const osimages = new Map([['img1', { current: 'v5' }], ['img2', { current: 'w2' }]]);

    assert.deepEqual(unused([...NIGHTS, version('w1', 99, 'img2'), version('w2', 98, 'img2')], { osimages }), ['v1', 'v2']);
  });
});
