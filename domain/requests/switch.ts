import * as z from 'zod';
import { ipSchema } from '../address-schema.ts';
import { nameSchema } from '../objects.ts';
import { switchSchema } from '../switch.ts';
import { revisionOf } from './revision.ts';

/** `POST /switches`. `network` is a name, `read` the read community. */
export const newSwitchSchema = z.strictObject({
  name: nameSchema,
  network: z.string(),
  ip: ipSchema,
  read: z.string().min(1).max(255).optional(),
  oid: switchSchema.shape.oid.unwrap().optional(),
  snmp_port: switchSchema.shape.snmp_port.unwrap().optional(),
  comment: z.string().optional(),
});
export type NewSwitch = z.infer<typeof newSwitchSchema>;

/** `PATCH /switches/:name`. A new network without a new address keeps the offset. */
export const switchChangesSchema = newSwitchSchema.partial().extend({ rev: revisionOf });
export type SwitchChanges = z.infer<typeof switchChangesSchema>;
