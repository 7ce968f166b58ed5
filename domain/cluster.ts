import * as z from 'zod';
import { storedSchema } from './objects.ts';

/** The singleton named `general`: what holds for the whole site (luna-1 §2.2). */
export const clusterSchema = storedSchema.extend({
  nodeprefix: z.string().default('node'),
  nodedigits: z.number().int().min(1).max(9).default(3),
  /** Frontend address: the controller's address on the provisioning network; null until it is set. */
  frontend_address: z.ipv4().nullable().default(null),
  frontend_port: z.number().int().min(1).max(65535).default(7050),
  /** Seconds between a peer's announces, and the least it may wait. */
  tracker_interval: z.number().int().min(1).default(10),
  tracker_min_interval: z.number().int().min(1).default(5),
  tracker_maxpeers: z.number().int().min(1).default(200),
});
export type Cluster = z.infer<typeof clusterSchema>;
