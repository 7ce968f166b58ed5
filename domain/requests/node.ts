import * as z from 'zod';
import { ipSchema } from '../address-schema.ts';
import { bootSettingChanges } from '../boot-settings.ts';
import { isMac, parseMac } from '../mac.ts';
import { nameSchema } from '../objects.ts';
import { revisionOf } from './revision.ts';

/** `POST /nodes`. `names` null: one is generated. */
export const newNodesSchema = z.strictObject({
  names: z.array(nameSchema).min(1).max(20_000).nullable().optional(),
  group: z.string(),
  comment: z.string().optional(),
});
export type NewNodes = z.infer<typeof newNodesSchema>;

const mac = z.string().refine(isMac, 'must be a MAC address such as 52:54:00:ab:cd:01').transform(parseMac);

/** An address of an interface; its family says which of the interface's networks it is in. */
const nodeInterface = z.strictObject({ name: nameSchema, ip: ipSchema });

/** `PATCH /nodes/:name`; references are names. `steal` takes `mac` from the node that has it. */
export const nodeChangesSchema = z.strictObject({
  rev: revisionOf,
  name: nameSchema.optional(),
  group: z.string().optional(),
  switch: z.string().nullable().optional(),
  port: z.union([z.string().min(1).max(255), z.number().int().min(1).transform(String)]).nullable().optional(),
  localboot: z.boolean().optional(),
  setupbmc: z.boolean().optional(),
  service: z.boolean().optional(),
  ...bootSettingChanges,
  comment: z.string().optional(),
  mac: mac.nullable().optional(),
  /** MACs beside those it has; `mac` replaces them all. */
  macs: z.strictObject({ add: z.array(mac).max(64).optional(), remove: z.array(mac).max(64).optional() }).optional(),
  steal: z.boolean().optional(),
  interface: nodeInterface.optional(),
  /** Several, after `interface`: all of them or none. */
  interfaces: z.array(nodeInterface).max(64).optional(),
});
export type NodeChanges = z.infer<typeof nodeChangesSchema>;
