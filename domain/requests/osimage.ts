import * as z from 'zod';
import { nameSchema } from '../objects.ts';
import { osimageSchema } from '../osimage.ts';
import { treePathSchema } from '../tree-path.ts';
import { revisionOf } from './revision.ts';

/** `POST /osimages`. */
export const newOsimageSchema = z.strictObject({
  name: nameSchema,
  path: treePathSchema,
  kernver: z.string().min(1).nullable().optional(),
  kernopts: osimageSchema.shape.kernopts.unwrap().optional(),
  dracutmodules: z.string().optional(),
  kernmodules: z.string().optional(),
  grab_exclude_list: osimageSchema.shape.grab_exclude_list.unwrap().optional(),
  grab_filesystems: z.string().optional(),
  comment: z.string().optional(),
});
export type NewOsimage = z.infer<typeof newOsimageSchema>;

/** `PATCH /osimages/:name`. */
export const osimageChangesSchema = newOsimageSchema.partial().extend({ rev: revisionOf });
export type OsimageChanges = z.infer<typeof osimageChangesSchema>;

/** `POST /osimages/:name/clone`: the settings and the tree, copied to a path where nothing is. */
export const cloneOsimageSchema = z.strictObject({ to: nameSchema, path: treePathSchema });
