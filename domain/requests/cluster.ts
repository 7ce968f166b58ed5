import * as z from 'zod';
import { clusterSchema } from '../cluster.ts';
import { revisionOf } from './revision.ts';

const fields = clusterSchema.shape;

/** `POST /cluster`. */
export const newClusterSchema = z.strictObject({
  frontend_address: z.ipv4().nullable().optional(),
  nodeprefix: fields.nodeprefix.unwrap().optional(),
  nodedigits: fields.nodedigits.unwrap().optional(),
});
export type NewCluster = z.infer<typeof newClusterSchema>;

/** `PATCH /cluster`. */
export const clusterChangesSchema = newClusterSchema.extend({
  rev: revisionOf,
  frontend_port: fields.frontend_port.unwrap().optional(),
  tracker_interval: fields.tracker_interval.unwrap().optional(),
  tracker_min_interval: fields.tracker_min_interval.unwrap().optional(),
  tracker_maxpeers: fields.tracker_maxpeers.unwrap().optional(),
  comment: z.string().optional(),
});
export type ClusterChanges = z.infer<typeof clusterChangesSchema>;
