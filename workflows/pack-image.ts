import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { createImageActivities } from '../activities/image.ts';

const { packOsimage } = proxyActivities<ReturnType<typeof createImageActivities>>({
  // A worker that died is missed within half a minute; what it had finished is found again.
  startToCloseTimeout: '2 hours', scheduleToCloseTimeout: '4 hours', heartbeatTimeout: '30 seconds', retry: { maximumAttempts: 5, maximumInterval: '30 seconds' },
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
});

/** Packs an image and puts the new version in use; nodes that install meanwhile keep the one they began with. Id `pack/<osimageId>`. */
export async function packImage(input: { osimageId: string; osimageName: string }): Promise<{ artefact: string }> {
  setCurrentDetails(`packing **${input.osimageName}**`);
  const { artefact, kernver, bytes } = await packOsimage.executeWithOptions({ summary: input.osimageName }, [input]);
  setCurrentDetails(`**${input.osimageName}** packed: kernel ${kernver}, ${Math.round(bytes / 1e6)} MB, version ${artefact}`);
  return { artefact };
}
