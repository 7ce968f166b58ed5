import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { TemporalConfig } from '../../infra/config.ts';
import { inLanes } from '../support/lanes.ts';
import type { BareMessage } from './bare-activities.ts';
import { type Load, type Pace, type Shape, START_WIDTH } from './load.ts';

const QUEUE = 'bench-bare';

/** The bare lifecycles: their worker is a process of its own, and what luna's boot service does for its agents is done here. */
export async function startBareLoad(client: Client, temporal: TemporalConfig, shape: Shape, pace: Pace): Promise<Load> {
  const worker = fork(join(import.meta.dirname, 'bare-worker.ts'), [temporal.address, temporal.namespace, QUEUE], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ready = Promise.withResolvers<undefined>();
  worker.once('exit', (code) => { ready.reject(new Error(`the bare worker ended with exit code ${code ?? '?'}`)); });
  worker.on('message', (message: BareMessage) => {
    if ('ready' in message) ready.resolve(undefined);
    else void complete(client, message, pace);
  });
  await ready.promise;
  let lastId = '';
  return {
    name: 'bare',
    workerPid: worker.pid ?? 0,
    async run(count) {
      await inLanes(Array.from({ length: count }), START_WIDTH, async () => {
        lastId = `bare/${randomUUID()}`;
        return client.workflow.start('bareLifecycle', { workflowId: lastId, taskQueue: QUEUE, args: [shape] });
      }).then((handles) => Promise.all(handles.map((handle) => handle.result())));
    },
    historyEvents: async () => (await client.workflow.getHandle(lastId).describe()).historyLength ?? NaN,
    async stop() {
      worker.disconnect();
      await Promise.race([new Promise((resolve) => worker.once('exit', resolve)), sleep(10_000).then(() => worker.kill('SIGKILL'))]);
    },
  };
}

async function complete(client: Client, { token, beats }: { token: string; beats: boolean }, { machineMs, heartbeats }: Pace): Promise<void> {
  const task = Buffer.from(token, 'base64');
  await sleep(machineMs);
  // What luna's heartbeats carry, so that both are as long.
  const word = { stage: 'download', percent: 50, rate: 100_000_000, peers: 3, message: '' };
  for (let beat = 0; beats && beat < heartbeats; beat += 1) await client.activity.heartbeat(task, word);
  await client.activity.complete(task, 'done');
}
