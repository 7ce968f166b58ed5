import * as z from 'zod';
import { STAGES, type LunaStage } from './stages.ts';

/** How a stage ended, or that it is still going on. */
export const EVIDENCE_STATUS = ['running', 'ok', 'failed', 'skipped'] as const;

/**
 * What somebody observed of one stage of one boot: the agent's report, a DHCP ACK, a fetched script, a switch's answer.
 * Appended and journalled before it is acknowledged; delivered to Temporal afterwards.
 */
export const evidenceSchema = z.object({
  _id: z.string(),
  bootId: z.string(),
  nodeId: z.string(),
  runId: z.string(),
  stage: z.enum(STAGES as [string, ...string[]]),
  attempt: z.number().int().min(1),
  seq: z.number().int().min(0),
  status: z.enum(EVIDENCE_STATUS),
  /** What to tell a person: the reason of a failure, what was seen. */
  message: z.string().max(4000).default(''),
  /** Tail of the stage's log on the node. */
  log: z.string().max(16_000).default(''),
  /** Milliseconds the stage took on the node. */
  durationMs: z.number().nonnegative().optional(),
  facts: z.record(z.string(), z.unknown()).default({}),
  at: z.string(),
});
export type EvidenceStatus = (typeof EVIDENCE_STATUS)[number];

/** One piece of evidence. `_id` = `<bootId>/<stage>/<attempt>/<seq>`, so the same report twice is one record. */
export type Evidence = Omit<z.infer<typeof evidenceSchema>, 'stage'> & { stage: LunaStage };

/** The natural key of a piece of evidence. */
export function evidenceId(e: Pick<Evidence, 'bootId' | 'stage' | 'attempt' | 'seq'>): string {
  return `${e.bootId}/${e.stage}/${e.attempt}/${e.seq}`;
}

/** What a running stage tells about itself every few seconds; kept as the last value only, never journalled. */
export interface Progress {
  nodeId: string;
  bootId: string;
  stage: LunaStage;
  attempt: number;
  /** 0–100 */
  percent: number | null;
  /** bytes per second */
  rate: number | null;
  peers: number | null;
  /** What it gives to others, bytes per second; missing where it does not say. */
  rateOut?: number | null;
  /** Seconds until it has all, as it thinks; missing where it does not say. */
  eta?: number | null;
  message: string;
  at: string;
}
