import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type { LunaStage, StageRow } from '../domain/stages.ts';

/** Runs the row that is being waited for again, from its first unfinished stage. Refused when nothing is waited for. */
export const retryRow = defineUpdate<StageRow>('retryRow');

/** Takes the row that is being waited for as done. Refused when nothing is waited for. */
export const skipRow = defineUpdate<StageRow>('skipRow');

/** Where the run is. */
export const whereQuery = defineQuery<{ stage: LunaStage; bootId: string | null }>('where');
