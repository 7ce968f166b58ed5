import * as z from 'zod';
import { ipSchema } from '../address-schema.ts';
import { nameSchema } from '../objects.ts';
import { revisionOf } from './revision.ts';

const shape = {
  name: nameSchema,
  /** A network's name, and the device's address there: absent, the next free one; null, none any more. */
  network: z.string().optional(),
  ip: ipSchema.nullable().optional(),
  /** The same for several networks at once, by their names. */
  addresses: z.record(z.string(), ipSchema.nullable()).optional(),
  comment: z.string().optional(),
};

/** `POST /otherdevs`. */
export const newOtherdevSchema = z.strictObject(shape);
export type NewOtherdev = z.infer<typeof newOtherdevSchema>;

/** `PATCH /otherdevs/:name`. */
export const otherdevChangesSchema = z.strictObject(shape).partial().extend({ rev: revisionOf });
export type OtherdevChanges = z.infer<typeof otherdevChangesSchema>;
