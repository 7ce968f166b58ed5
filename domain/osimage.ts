import * as z from 'zod';
import { storedSchema } from './objects.ts';

/** A directory tree on the controller that is packed and spread among nodes (luna-1 §2.3). */
export const osimageSchema = storedSchema.extend({
  path: z.string().regex(/^\//, 'a path starts with /'),
  /** Kernel release the nodes install with and run. null: the newest in the tree. */
  kernver: z.string().nullable().default(null),
  kernopts: z.string().default(''),
  /** Comma lists; a leading `-` omits. */
  dracutmodules: z.string().default('luna'),
  kernmodules: z.string().default('ipmi_devintf,ipmi_si,ipmi_msghandler'),
  /** The packed version in use: one pointer, moved when a pack is complete. */
  current: z.string().nullable().default(null),
});
export type Osimage = z.infer<typeof osimageSchema>;

/** One file by content: `sha256` in hex, bytes. */
export const contentSchema = z.object({ file: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/), size: z.number().int().positive() });

/** A packed version of an image: immutable; running installs keep the one they started with. */
export const artefactSchema = z.object({
  _id: z.string(),
  osimage: z.string(),
  osimageName: z.string(),
  kernver: z.string(),
  family: z.string(),
  /** In torrentsDir. */
  tree: contentSchema.extend({ infoHash: z.string(), unpackedSize: z.number().int() }),
  torrent: z.string(),
  /** In bootDir. */
  kernel: contentSchema,
  initramfs: contentSchema,
  packedAt: z.string(),
});
export type Artefact = z.infer<typeof artefactSchema>;
