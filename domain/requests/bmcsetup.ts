import * as z from 'zod';
import { bmcsetupSchema } from '../bmcsetup.ts';
import { nameSchema } from '../objects.ts';
import { revisionOf } from './revision.ts';

const fields = bmcsetupSchema.shape;

/** `POST /bmcsetups`. IPMI 2.0 passwords have at most 20 bytes. */
export const newBmcsetupSchema = z.strictObject({
  name: nameSchema,
  user: fields.user.unwrap().optional(),
  password: z.string().min(1).max(20).optional(),
  userid: fields.userid.unwrap().optional(),
  netchannel: fields.netchannel.unwrap().optional(),
  mgmtchannel: fields.mgmtchannel.unwrap().optional(),
  cipher: fields.cipher.unwrap().optional(),
  comment: z.string().optional(),
});
export type NewBmcsetup = z.infer<typeof newBmcsetupSchema>;

/** `PATCH /bmcsetups/:name`. */
export const bmcsetupChangesSchema = newBmcsetupSchema.partial().extend({ rev: revisionOf });
export type BmcsetupChanges = z.infer<typeof bmcsetupChangesSchema>;
