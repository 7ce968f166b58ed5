import { activityInfo, CompleteAsyncError } from '@temporalio/activity';

/** What the bare worker tells the benchmark: that it is ready, or that an activity waits to be completed from outside. */
export type BareMessage = { ready: true } | { token: string; beats: boolean };

/** Activities that do nothing. `tell` hands a waiting one's task token (base64) to whoever completes it. */
export function createBareActivities(tell: (message: BareMessage) => void) {
  return {
    note: (): Promise<void> => Promise.resolve(),
    act: (): Promise<void> => Promise.resolve(),
    async wait(beats: boolean): Promise<string> {
      tell({ token: Buffer.from(activityInfo().taskToken).toString('base64'), beats });
      throw new CompleteAsyncError();
    },
  };
}
export type BareActivities = ReturnType<typeof createBareActivities>;
