import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { timeline } from '../../../domain/timeline.ts';
import { seen } from '../../support/evidence.ts';

const at = (second: number): string => `2026-01-01T00:00:${String(second).padStart(2, '0')}.000Z`;
const entered = (stage: Parameters<typeof seen>[0], second: number) => ({ stage, startedAt: at(second), endedAt: null, status: 'running' });

describe('the timeline of a run', () => {
  it('times the controller’s stages by when the next was entered', () => {
    const lines = timeline([entered('plan', 0), entered('arm', 1), entered('power', 2), entered('pxe.dhcp', 5)], [], null);

    assert.deepEqual(lines.map((l) => [l.stage, l.startedAt, l.endedAt, l.status]), [
      ['plan', at(0), at(1), 'ok'], ['arm', at(1), at(2), 'ok'], ['power', at(2), at(5), 'ok'], ['pxe.dhcp', at(5), null, 'running'],
    ]);
  });

  it('times the node’s stages by its reports', () => {
    const evidence = [seen('prescript', 'running', { second: 8 }), seen('prescript', 'ok', { second: 9, seq: 1 })];

    const [line] = timeline([entered('prescript', 7)], evidence, null);

    assert.deepEqual(line, { stage: 'prescript', startedAt: at(8), endedAt: at(9), status: 'ok' });
  });

  it('shows a failed stage as failed', () => {
    const lines = timeline([entered('download', 1)], [seen('download', 'failed', { second: 4 })], at(5));

    assert.deepEqual(lines.map((l) => [l.stage, l.status, l.endedAt]), [['download', 'failed', at(4)]]);
  });
});
