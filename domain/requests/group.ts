import * as z from 'zod';
import { groupSchema } from '../group.ts';
import { nameSchema } from '../objects.ts';
import { revisionOf } from './revision.ts';

const fields = groupSchema.shape;

/**
 * `POST /groups`; references are names. `network` is BOOTIF's, `bmcnetwork` makes a BMC interface. `interfaces` are
 * further ones by their NIC's name, without a network.
 */
export const newGroupSchema = z.strictObject({
  name: nameSchema,
  osimage: z.string(),
  network: z.string().nullable().optional(),
  bmcsetup: z.string().nullable().optional(),
  bmcnetwork: z.string().nullable().optional(),
  interfaces: z.array(nameSchema).optional(),
  comment: z.string().optional(),
});
export type NewGroup = z.infer<typeof newGroupSchema>;

/** One operation on one interface of a group (luna-1 §1.5). */
export const interfaceOperationSchema = z.discriminatedUnion('op', [
  z.strictObject({ name: nameSchema, op: z.literal('add'), network: z.string().optional(), params: z.string().optional() }),
  z.strictObject({ name: nameSchema, op: z.literal('delete') }),
  z.strictObject({ name: nameSchema, op: z.literal('setnet'), network: z.string() }),
  z.strictObject({ name: nameSchema, op: z.literal('delnet'), network: z.string().optional() }),
  z.strictObject({ name: nameSchema, op: z.literal('rename'), newname: nameSchema }),
  z.strictObject({ name: nameSchema, op: z.literal('params'), params: z.string() }),
]);
export type InterfaceOperation = z.infer<typeof interfaceOperationSchema>;

/** `PATCH /groups/:name`; references are names. */
export const groupChangesSchema = z.strictObject({
  rev: revisionOf,
  name: nameSchema.optional(),
  osimage: z.string().optional(),
  bmcsetup: z.string().nullable().optional(),
  domain: z.string().nullable().optional(),
  prescript: fields.prescript.unwrap().optional(),
  partscript: fields.partscript.unwrap().optional(),
  postscript: fields.postscript.unwrap().optional(),
  torrent_if: z.string().nullable().optional(),
  boot_policy: fields.boot_policy.unwrap().optional(),
  bootloader: fields.bootloader.unwrap().optional(),
  attempts: fields.attempts.unwrap().optional(),
  comment: z.string().optional(),
  interface: interfaceOperationSchema.optional(),
});
export type GroupChanges = z.infer<typeof groupChangesSchema>;
