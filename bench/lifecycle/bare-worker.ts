import { join } from 'node:path';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { type BareMessage, createBareActivities } from './bare-activities.ts';

// A process: `bare-worker ADDRESS NAMESPACE QUEUE`. It talks to its parent by node's own channel and ends with it.

const [address = '', namespace = 'default', taskQueue = ''] = process.argv.slice(2);
const tell = (message: BareMessage): void => { process.send?.(message); };
Runtime.install({ logger: new DefaultLogger('WARN') });
const connection = await NativeConnection.connect({ address });
const worker = await Worker.create({
  connection,
  namespace,
  taskQueue,
  workflowsPath: join(import.meta.dirname, 'bare-workflow.ts'),
  activities: createBareActivities(tell),
  // As the lifecycle worker has it.
  maxConcurrentActivityTaskExecutions: 64,
  maxConcurrentLocalActivityExecutions: 64,
});
process.on('disconnect', () => { worker.shutdown(); });
tell({ ready: true });
await worker.run();
await connection.close();
