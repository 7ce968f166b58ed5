import { evidenceId, type Evidence, type EvidenceStatus } from '../../domain/evidence.ts';
import type { Order } from '../../domain/provision.ts';
import type { AwaitedRow, LunaStage } from '../../domain/stages.ts';

/** A piece of evidence of boot `b1` of node `n1`, at a second of a fixed minute. */
export function seen(stage: LunaStage, status: EvidenceStatus, { attempt = 1, seq = 0, second = 0, message = '' } = {}): Evidence {
  const key = { bootId: 'b1', stage, attempt, seq };
  return {
    _id: evidenceId(key), ...key, nodeId: 'n1', runId: 'r1', status, message, log: '', facts: {},
    at: `2026-01-01T00:00:${String(second).padStart(2, '0')}.000Z`,
  };
}

/** What the workflow of node `n1` waits for. */
export function waitingFor(row: AwaitedRow, { attempt = 1, skip = [] as LunaStage[] } = {}): Order {
  return {
    _id: 'n1', nodeName: 'node001', workflowId: 'provision/n1', runId: 'r1', bootId: 'b1', row, attempt, skip,
    token: Buffer.from('token').toString('hex'), at: '2026-01-01T00:00:00.000Z',
  };
}
