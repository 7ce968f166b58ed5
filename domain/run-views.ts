import * as z from 'zod';
import { EVIDENCE_STATUS, type Evidence, evidenceSchema } from './evidence.ts';
import { RUN_STATUS, type RunSummary } from './provision.ts';
import { STAGES } from './stages.ts';

/** A run of the lifecycle as people see it. */
export const runSummarySchema = z.object({
  _id: z.string(),
  workflowId: z.string(),
  nodeId: z.string(),
  nodeName: z.string(),
  groupName: z.string(),
  osimageName: z.string(),
  status: z.enum(RUN_STATUS),
  stage: z.enum(STAGES),
  reason: z.string(),
  next: z.string(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  stages: z.array(z.object({ stage: z.enum(STAGES), startedAt: z.string(), endedAt: z.string().nullable(), status: z.string() })),
}).meta({ id: 'Run' }) satisfies z.ZodType<RunSummary>;

/** Where a run is, with what its running stage tells about itself. `luna1`: Luna 1's word for it; `elapsed` in seconds, `rate` (in) and `rateOut` in bytes per second, `eta` in seconds. */
export const provisionStatusSchema = runSummarySchema.extend({
  percent: z.number().nullable(),
  rate: z.number().nullable(),
  peers: z.number().nullable(),
  rateOut: z.number().nullable(),
  eta: z.number().nullable(),
  elapsed: z.number(),
  message: z.string(),
  luna1: z.string().nullable(),
}).meta({ id: 'ProvisionStatus' });
export type ProvisionStatus = z.infer<typeof provisionStatusSchema>;

/** What one node could not do. */
const nodeRefusal = z.object({ node: z.string(), error: z.string() }).meta({ id: 'NodeRefusal' });

/** What became of a node that was asked to be provisioned. `attached`: it was running already. */
export const provisionStartedSchema = z.union([
  z.object({ node: z.string(), workflowId: z.string(), runId: z.string(), attached: z.boolean() }).meta({ id: 'ProvisionStarted' }),
  nodeRefusal,
]);
export type ProvisionStarted = z.infer<typeof provisionStartedSchema>;

/** What became of a node whose provision was asked to end. */
export const provisionCancelledSchema = z.union([z.object({ node: z.string(), cancelled: z.boolean() }).meta({ id: 'ProvisionCancelled' }), nodeRefusal]);
export type ProvisionCancelled = z.infer<typeof provisionCancelledSchema>;

/** The answer of a node's BMC. */
export const powerAnswerSchema = z.union([z.object({ node: z.string(), state: z.string() }).meta({ id: 'PowerState' }), nodeRefusal]);

/** How far packing an image is; `percent` of the phase. */
export const packStatusSchema = z.object({
  state: z.enum(['running', 'done', 'failed']),
  phase: z.string(),
  percent: z.number().nullable(),
  message: z.string(),
  artefact: z.string().optional(),
}).meta({ id: 'PackStatus' });
export type PackStatus = z.infer<typeof packStatusSchema>;

/** A piece of evidence as the log of a run shows it. */
export const evidenceViewSchema = evidenceSchema.extend({ stage: z.enum(STAGES), status: z.enum(EVIDENCE_STATUS) })
  .meta({ id: 'Evidence' }) satisfies z.ZodType<Evidence>;
