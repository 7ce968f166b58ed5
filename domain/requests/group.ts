import * as z from 'zod';
import { destinationSchema, ipSchema } from '../address-schema.ts';
import { bootSettingChanges } from '../boot-settings.ts';
import { groupSchema, interfaceSettings, routeSchema } from '../group.ts';
import { nameSchema } from '../objects.ts';
import { revisionOf } from './revision.ts';

const fields = groupSchema.shape;

/**
 * `POST /groups`; references are names. `network` is BOOTIF's (of either family), `network6` its IPv6 network beside it, `bmcnetwork` makes a BMC interface. `interfaces` are
 * further ones by their NIC's name, without a network.
 */
export const newGroupSchema = z.strictObject({
  name: nameSchema,
  osimage: z.string(),
  network: z.string().nullable().optional(),
  network6: z.string().nullable().optional(),
  bmcsetup: z.string().nullable().optional(),
  bmcnetwork: z.string().nullable().optional(),
  interfaces: z.array(nameSchema).optional(),
  comment: z.string().optional(),
});
export type NewGroup = z.infer<typeof newGroupSchema>;

const settings = z.strictObject({
  ...interfaceSettings,
  routes: z.array(routeSchema.extend({ to: destinationSchema, via: ipSchema }).strict()).max(256),
}).partial().shape;

/** One operation on one interface of a group (luna-1 §1.5). With `keep` it may be named by its old name too. A network's family is its own: an interface has one of each at most. */
export const interfaceOperationSchema = z.discriminatedUnion('op', [
  z.strictObject({ name: nameSchema, op: z.literal('add'), network: z.string().optional(), network6: z.string().optional(), params: z.string().optional(), ...settings }),
  z.strictObject({ name: nameSchema, op: z.literal('delete') }),
  z.strictObject({ name: nameSchema, op: z.literal('setnet'), network: z.string() }),
  z.strictObject({ name: nameSchema, op: z.literal('delnet'), network: z.string().optional() }),
  z.strictObject({ name: nameSchema, op: z.literal('rename'), newname: nameSchema, keep: z.boolean().optional() }),
  z.strictObject({ name: nameSchema, op: z.literal('params'), params: z.string() }),
  z.strictObject({ name: nameSchema, op: z.literal('set'), params: z.string().optional(), ...settings }),
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
  ...bootSettingChanges,
  comment: z.string().optional(),
  interface: interfaceOperationSchema.optional(),
  /** Several operations, carried out in this order, after `interface`: all of them or none. */
  interfaces: z.array(interfaceOperationSchema).max(64).optional(),
});
export type GroupChanges = z.infer<typeof groupChangesSchema>;

/** `POST /groups/:name/clone`. */
export const cloneGroupSchema = z.strictObject({ to: nameSchema });
