import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { LunaError } from '../../domain/errors.ts';
import type { PackStatus } from '../../domain/run-views.ts';
import { callTemporal, ignoreNotFound } from './call.ts';

/** An image as packing needs it. */
export interface PackedImage { _id: string; name: string }

/** No pack is older than this. */
const LONGEST_PACK = '4 hours';
const packWorkflowId = (osimageId: string): string => `pack/${osimageId}`;

/** Starts, follows and ends the packing of images. Throws LunaError. */
export function createPacks(client: Client) {
  const handleOf = (osimage: PackedImage) => client.workflow.getHandle(packWorkflowId(osimage._id));

  return {
    /** Starts packing an image, or joins the pack going on. */
    async pack(osimage: PackedImage): Promise<{ workflowId: string; runId: string }> {
      return callTemporal(client, async () => {
        const handle = await client.workflow.start('packImage', {
          workflowId: packWorkflowId(osimage._id),
          taskQueue: 'images',
          args: [{ osimageId: osimage._id, osimageName: osimage.name }],
          workflowIdConflictPolicy: 'USE_EXISTING',
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
          workflowExecutionTimeout: LONGEST_PACK,
          staticSummary: `pack osimage ${osimage.name}`,
        });
        return { workflowId: handle.workflowId, runId: (await handle.describe()).runId };
      });
    },

    /** How the newest pack of an image stands. */
    async packStatus(osimage: PackedImage): Promise<PackStatus> {
      return callTemporal(client, async () => {
        const described = await handleOf(osimage).describe().catch((err: unknown) => {
          if (err instanceof WorkflowNotFoundError) throw new LunaError('not-found', `osimage ${osimage.name} was never packed`, `luna osimage pack ${osimage.name}`);
          throw err;
        });
        if (described.status.name === 'RUNNING') return running(described.raw.pendingActivities ?? []);
        if (described.status.name === 'COMPLETED') {
          const result = await handleOf(osimage).result() as { artefact?: string };
          return { state: 'done', phase: 'done', percent: 100, message: '', ...(result.artefact === undefined ? {} : { artefact: result.artefact }) };
        }
        return { state: 'failed', phase: described.status.name.toLowerCase(), percent: null, message: await whyFailed(handleOf(osimage).result()) };
      });
    },

    /** Ends the packing of an image; false when none goes on. */
    async cancelPack(osimage: PackedImage): Promise<boolean> {
      return callTemporal(client, async () => {
        const described = await handleOf(osimage).describe().catch(ignoreNotFound);
        if (described?.status.name !== 'RUNNING') return false;
        await handleOf(osimage).cancel();
        return true;
      });
    },
  };

  /** The activity's newest heartbeat is its progress. */
  function running(pending: readonly { heartbeatDetails?: { payloads?: Payload[] | null } | null }[]): PackStatus {
    const [payload] = pending[0]?.heartbeatDetails?.payloads ?? [];
    const beat = payload === undefined ? {} : defaultPayloadConverter.fromPayload<Partial<PackStatus>>(payload);
    return { state: 'running', phase: 'starting', percent: null, message: '', ...beat };
  }
}

/** The words of the failure behind a run that did not end well. */
async function whyFailed(result: Promise<unknown>): Promise<string> {
  try {
    await result;
    return '';
  } catch (err) {
    let cause: unknown = err;
    while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
    return cause instanceof Error ? cause.message : String(cause);
  }
}
