import type { ProvisionStatus } from '../../domain/run-views.ts';

/** A run in its download, changed as a test needs it. */
export function provisionStatus(change: Partial<ProvisionStatus>): ProvisionStatus {
  return {
    _id: 'run1',
    workflowId: 'provision/1',
    nodeId: '1',
    nodeName: 'node001',
    groupName: 'compute',
    osimageName: 'compute',
    status: 'running',
    stage: 'download',
    reason: '',
    next: '',
    startedAt: '2024-05-01T10:00:00.000Z',
    endedAt: null,
    stages: [],
    percent: 66.7,
    rate: 11_200_000,
    peers: 3,
    rateOut: null,
    eta: null,
    elapsed: 42,
    message: '',
    luna1: 'install.download',
    ...change,
  };
}
