import { LunaError } from '../../domain/errors.ts';
import type { Lifecycle, NodeRef } from '../../infra/api/lifecycle.ts';

/** A lifecycle that does nothing and writes down what it was asked. Packing fails: the engine is away. */
export function fakeLifecycle(): Lifecycle & { asked: string[] } {
  const asked: string[] = [];
  const note = (what: string, nodes: readonly NodeRef[]): void => { asked.push(`${what} ${nodes.map(({ name }) => name).join(',')}`); };
  return {
    asked,
    provision(nodes, { retry, from }) {
      note(`provision retry=${retry} from=${from ?? '-'}`, nodes);
      return Promise.resolve(nodes.map(({ _id, name }) => ({ node: name, workflowId: `provision/${_id}`, runId: 'run', attached: false })));
    },
    cancel(nodes) {
      note('cancel', nodes);
      return Promise.resolve(nodes.map(({ name }) => ({ node: name, cancelled: true })));
    },
    stage(node, action) {
      note(`stage ${action}`, [node]);
      return Promise.resolve('download');
    },
    power(nodes, action) {
      note(`power ${action}`, nodes);
      return Promise.resolve(nodes.map(({ name }) => ({ node: name, state: 'on' })));
    },
    pack: () => Promise.reject(new LunaError('unavailable', 'Temporal did not answer', 'luna status')),
    packStatus: () => Promise.resolve({ state: 'running', phase: 'tree', percent: 7, message: '' }),
    cancelPack: () => Promise.resolve(false),
    health: () => Promise.resolve({ ok: false, address: '127.0.0.1:7233', message: 'away', ui: null }),
  };
}
