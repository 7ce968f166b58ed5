import type { Evidence, Progress } from '../domain/evidence.ts';
import type { createDelivery } from '../infra/lifecycle/delivery.ts';
import type { Log } from '../infra/log.ts';
import { bootOfNode, moveBoot } from '../infra/store/boots.ts';
import type { Store } from '../infra/store/connect.ts';
import { appendEvidence } from '../infra/store/evidence.ts';
import { noteHeard, putProgress } from '../infra/store/progress.ts';

/** How often last words are written; what comes in between is replaced in memory. */
const FLUSH_MS = 2000;

/** Journals what the boot services observe, and delivers it to the workflows that wait for it. */
export function createReporter(store: Store, delivery: ReturnType<typeof createDelivery>, log: Log) {
  const words = new Map<string, Progress>();
  const heard = new Set<string>();
  const timer = setInterval(() => { void flush(); }, FLUSH_MS);

  async function flush(): Promise<void> {
    const batch = [...words.values()];
    const silent = [...heard].filter((id) => !words.has(id));
    words.clear();
    heard.clear();
    try {
      await putProgress(store, batch);
      await noteHeard(store, silent, new Date().toISOString());
    } catch (error) {
      log.warn('progress.lost', { error: error instanceof Error ? error.message : String(error) });
    }
  }

  return {
    /** Resolves when the evidence is journalled; what waits for it is told afterwards. */
    async report(evidence: Evidence): Promise<void> {
      await appendEvidence(store, [evidence]);
      words.set(evidence.nodeId, wordOf(evidence));
      if (evidence.stage === 'localboot' && evidence.status === 'ok') await handOver(evidence);
      log.info('evidence', { nodeId: evidence.nodeId, stage: evidence.stage, attempt: evidence.attempt, status: evidence.status, message: evidence.message });
      if (evidence.status !== 'running') void delivery.deliver(evidence.nodeId);
    },
    /** The heartbeat of a running stage. */
    progress(word: Progress): void {
      words.set(word.nodeId, word);
      void delivery.heartbeat(word, Date.now());
    },
    /** The node's agent asked for work. */
    heard(nodeId: string): void {
      heard.add(nodeId);
    },
    async stop(): Promise<void> {
      clearInterval(timer);
      await flush();
    },
  };

  /** From here on the machine is its own: its next network boot is answered by its boot policy. */
  async function handOver(evidence: Evidence): Promise<void> {
    const boot = await bootOfNode(store, evidence.nodeId);
    if (boot?.bootId === evidence.bootId) await moveBoot(store, boot._id, ['live'], 'handedOver');
  }
}

/** Evidence is also the newest word of its node, so that people see the stage at once. */
function wordOf({ nodeId, bootId, stage, attempt, message, at }: Evidence): Progress {
  return { nodeId, bootId, stage, attempt, percent: null, rate: null, peers: null, message, at };
}
